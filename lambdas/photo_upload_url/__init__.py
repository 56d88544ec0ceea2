"""Hands out a short-lived URL for exactly one upload: HTTP API in, presigned PUT out."""

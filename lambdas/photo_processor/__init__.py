"""Checks and re-encodes uploaded photos: S3 events in, clean JPEGs and a state out."""

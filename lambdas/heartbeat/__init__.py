"""Asks the public entry every few minutes whether the service answers: schedule in, error out."""

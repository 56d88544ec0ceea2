"""Ports made real: one file per vendor and need."""

"""Ports made real: one file per vendor and need, and in_memory for tests and local runs."""

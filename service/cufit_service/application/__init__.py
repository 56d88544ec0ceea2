"""Use cases, one per file, and the ports they need (ports.py)."""

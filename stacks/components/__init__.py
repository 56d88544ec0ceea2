"""Constructs shared by the stacks: one concern a file."""

"""Taking an environment away from its account, and saying what is still there."""

"""The photo bucket."""

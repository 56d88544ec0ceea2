"""What is asked of a language model and what its answer may do. No vendor."""

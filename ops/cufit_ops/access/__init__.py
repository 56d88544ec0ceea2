"""What each role may do, what is done with it, and what is left over."""

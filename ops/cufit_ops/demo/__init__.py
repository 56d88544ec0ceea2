"""One real journey through the running system, with synthetic people."""

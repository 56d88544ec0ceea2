"""AWS by HTTP: the port, and what carries and signs requests."""

"""What sets use cases in motion: HTTP requests and time."""

"""AWS by HTTP: the port, what carries requests and what signs them."""

"""Bodies of requests and answers. Field names on the wire are camelCase."""

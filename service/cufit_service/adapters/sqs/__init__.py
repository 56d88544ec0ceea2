"""Events as messages on queues."""

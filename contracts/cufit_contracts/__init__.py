"""What two deployables must agree on: vocabulary, messages, stored items, results, environment.

Depends on pydantic only and is bundled into the service and every function. A breaking change is
a new version next to the old one, and the consumer is deployed first.
"""

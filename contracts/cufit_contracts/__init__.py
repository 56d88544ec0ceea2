"""What two deployables must agree on: vocabulary, the fields of a profile, messages, stored items,
results, photos, environment.

Depends on pydantic only; vocabulary, profile, items, results and photos on nothing, so that rules
may use them. It is bundled into the service and every function. A breaking change is
a new version next to the old one, and the consumer is deployed first.
"""

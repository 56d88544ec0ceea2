"""Use cases, one module per aggregate and one method per use case, and the ports they need.

`deliver_event`, `forget_member`, `once` and `retries` are steps that several of them take.
"""

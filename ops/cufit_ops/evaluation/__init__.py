"""How well recommendations agree with labelled people, what they cost, and what breaks them.

The worker's own code ranks a golden set of synthetic people; docs/evaluation.md tells how.
"""

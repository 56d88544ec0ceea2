"""The service's container image: built and checked with whatever builder a machine has."""

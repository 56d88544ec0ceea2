"""Deployments in two steps: change sets that somebody reads, and the execution of exactly those."""

"""The Fargate service: members, invitations, candidates, recommendations and matches over HTTP.

Layers, inner to outer: domain, application, adapters and entrypoints, bootstrap. An inner layer
never imports an outer one.
"""

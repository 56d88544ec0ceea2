"""The CDK app's stacks: what is deployed, and the typed configuration that shapes it."""

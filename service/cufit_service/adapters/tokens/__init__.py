"""Bearer tokens of the OIDC issuer."""

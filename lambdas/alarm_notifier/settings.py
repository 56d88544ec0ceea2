"""What the function needs from its environment."""

from cufit_contracts.environment import FromEnvironment


class Settings(FromEnvironment):
    webhook_parameter: str
    """Name of the SSM parameter (SecureString) with the webhook's URL."""
    github_repository: str | None = None
    """owner/name: where the runbook's pages are read. Without one they are named by their path."""

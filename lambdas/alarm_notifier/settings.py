"""What the function needs from its environment."""

from cufit_contracts.environment import FromEnvironment


class Settings(FromEnvironment):
    webhook_parameter: str
    """Name of the SSM parameter (SecureString) with the webhook's URL."""

"""What the function needs from its environment."""

from cufit_contracts.environment import FromEnvironment


class Settings(FromEnvironment):
    brake_parameter: str
    """Name of the SSM parameter match_worker obeys."""

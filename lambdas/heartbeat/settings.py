"""What the function needs from its environment."""

from typing import Annotated

from pydantic import Field

from cufit_contracts.environment import FromEnvironment


class Settings(FromEnvironment):
    health_url: Annotated[str, Field(pattern=r"^https?://[^\s]+$")]

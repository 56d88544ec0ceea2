"""What the function needs from its environment, checked once at cold start."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """Field `x` is the variable `CUFIT_X` (cufit_contracts.environment)."""

    model_config = ConfigDict(frozen=True)

    env: str
    health_url: Annotated[str, Field(pattern=r"^https?://[^\s]+$")]

"""What the function needs from its environment, checked once at cold start."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """Field `x` is the variable `CUFIT_X` (cufit_contracts.environment)."""

    model_config = ConfigDict(frozen=True)

    env: str
    photos_table: str
    photo_bucket: str
    max_pixels: Annotated[int, Field(ge=1)]
    """Width × height; decoding takes about 4 bytes of memory for each."""

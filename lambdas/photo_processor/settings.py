"""What the function needs from its environment."""

from typing import Annotated

from pydantic import Field

from cufit_contracts.environment import FromEnvironment


class Settings(FromEnvironment):
    photos_table: str
    photo_bucket: str
    max_pixels: Annotated[int, Field(ge=1)]
    """Width × height; decoding takes about 4 bytes of memory for each."""

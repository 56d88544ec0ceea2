"""What the function needs from its environment."""

from typing import Annotated

from pydantic import Field, field_validator

from cufit_contracts.environment import FromEnvironment
from cufit_contracts.office_hours import OfficeHours


class Settings(FromEnvironment):
    health_url: Annotated[str, Field(pattern=r"^https?://[^\s]+$")]
    on: OfficeHours | None = None
    """When the API is to answer; None for always."""

    @field_validator("on", mode="before")
    @classmethod
    def _read(cls, text: str | None) -> OfficeHours | None:
        return None if text is None else OfficeHours.read(text)

"""What the function needs from its environment, checked once at cold start."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Settings(BaseModel):
    """Field `x` is the variable `CUFIT_X` (cufit_contracts.environment)."""

    model_config = ConfigDict(frozen=True)

    env: str
    members_table: str
    photos_table: str
    photo_bucket: str
    oidc_issuer: str
    upload_ttl_seconds: Annotated[int, Field(ge=30, le=900)]
    max_upload_bytes: Annotated[int, Field(ge=1)]
    photos_per_candidate: Annotated[int, Field(ge=1)]
    uploads_per_day: Annotated[int, Field(ge=1)]

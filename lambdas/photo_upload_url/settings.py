"""What the function needs from its environment."""

from typing import Annotated

from pydantic import Field

from cufit_contracts.environment import FromEnvironment


class Settings(FromEnvironment):
    members_table: str
    photos_table: str
    photo_bucket: str
    oidc_issuer: str
    upload_ttl_seconds: Annotated[int, Field(ge=30, le=900)]
    max_upload_bytes: Annotated[int, Field(ge=1)]
    photos_per_candidate: Annotated[int, Field(ge=1)]
    uploads_per_day: Annotated[int, Field(ge=1)]

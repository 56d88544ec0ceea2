"""What the service needs from its environment."""

from typing import Annotated, Literal

from pydantic import Field

from cufit_contracts.environment import FromEnvironment
from cufit_service import lifetimes
from cufit_service.domain.quota import RECOMMENDATIONS_A_DAY

LOCAL = "local"

Name = Annotated[str, Field(min_length=1)]


class Settings(FromEnvironment):
    env: Name
    members_table: Name
    invitations_table: Name
    candidates_table: Name
    recommendations_table: Name
    matches_table: Name
    photos_table: Name
    outbox_table: Name
    idempotency_table: Name
    photo_bucket: Name
    match_requests_queue_url: Name
    profile_changes_queue_url: Name
    oidc_issuer: Name
    oidc_audiences: Annotated[tuple[Name, ...], Field(min_length=1)]
    """A token for any of them is taken: the app's keys at the issuer."""
    oidc_jwks_uri: Name | None = None
    """Where the issuer's keys are; the local environment alone may say so itself."""
    admin_subjects: list[Name]
    daily_recommendations: Annotated[int, Field(ge=1)] = RECOMMENDATIONS_A_DAY
    """What one maker may ask for in a day of Korea's."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    host: Name = "0.0.0.0"  # noqa: S104 - the task's own network interface, behind its security group
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    lame_duck_seconds: Annotated[float, Field(ge=0, le=100)] | None = None

    @property
    def lame_duck(self) -> float:
        """Seconds."""
        if self.lame_duck_seconds is not None:
            return self.lame_duck_seconds
        if self.env == LOCAL:
            return lifetimes.LOCAL_LAME_DUCK_SECONDS
        return lifetimes.LAME_DUCK_SECONDS

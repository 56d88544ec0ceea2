"""Messages on the queues. They carry ids, a version, a correlation id and a time; never a profile.

Unknown fields are ignored, so a producer may add optional ones before consumers know them.
tests/unit/contracts/golden holds one JSON file per version, parsed by both ends' tests.
"""

from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    field_validator,
)

from cufit_contracts.results import TokenUsage
from cufit_contracts.vocabulary import ProfileChange

Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_\-]+$")]

_MOST_TOKENS = 10**9
"""Far above what the questions of a recommendation can take."""

CORRELATION_ATTRIBUTE = "correlation_id"
"""Name of the SQS message attribute, the log key and the header's value (X-Correlation-Id)."""


class UnreadableMessage(ValueError):
    """The body is not a message of the expected kind and version; retrying cannot help."""


class _Message(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    schema_version: Literal[1] = 1
    correlation_id: Id
    occurred_at: AwareDatetime

    @classmethod
    def from_body(cls, body: str) -> Self:
        """Parse an SQS body.

        Raises:
            UnreadableMessage: not JSON, another kind or version, or a field out of shape.
        """
        try:
            return cls.model_validate_json(body)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "body"
            raise UnreadableMessage(f"{cls.__name__}: {where}: {first['msg']}") from error

    def to_body(self) -> str:
        return self.model_dump_json()


class MatchRequested(_Message):
    """Rank partners for the seeker of a PENDING recommendation. Delivered at least once."""

    kind: Literal["match_requested"] = "match_requested"
    recommendation_id: Id
    attempt: int = Field(default=1, ge=1, exclude_if=lambda attempt: attempt == 1)
    """Counts how often the request was put off because the model was out of reach."""
    usage: TokenUsage | None = Field(default=None, exclude_if=lambda usage: usage is None)
    """Tokens that questions before took; None: none, or a number that cannot be one."""

    @field_validator("usage", mode="wrap")
    @classmethod
    def _believable(cls, value: Any, read: ValidatorFunctionWrapHandler) -> TokenUsage | None:
        # A bill is no reason to refuse somebody their recommendation.
        try:
            usage: TokenUsage | None = read(value)
        except ValidationError:
            return None
        if usage is None:
            return None
        numbers = (usage.input_tokens, usage.output_tokens)
        return usage if all(0 <= one <= _MOST_TOKENS for one in numbers) else None

    @classmethod
    def of(
        cls,
        recommendation_id: str,
        now: datetime,
        attempt: int = 1,
        usage: TokenUsage | None = None,
    ) -> Self:
        return cls(
            correlation_id=recommendation_id,
            recommendation_id=recommendation_id,
            occurred_at=now,
            attempt=attempt,
            usage=usage,
        )


class ProfileChanged(_Message):
    """A candidate's profile was saved, paused or removed; the index must follow. At least once."""

    kind: Literal["profile_changed"] = "profile_changed"
    candidate_id: Id
    change: ProfileChange
    version: int
    """The candidate item's version after the change; an older one than the table's is stale."""

"""Who attacks and is attacked: people made by the API's own requests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from cufit_contracts.identity import member_id_of
from tests.unit.service.signing import ISSUER, token

ADMIN_SUBJECTS: Final = tuple(f"attacked-admin-{number}" for number in range(40))
HOURS: Final = 2
"""How long a token lives: longer than any attack."""


@dataclass(frozen=True)
class Actor:
    name: str
    role: str
    """ADMIN, MAKER, CANDIDATE, BASIC, or NOBODY, who has no token."""
    token: str = ""
    member_id: str = ""
    own: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Ids of one's own things, by the name the API's addresses have for them."""

    @classmethod
    def signed_in(cls, subject: str, role: str, name: str | None = None) -> "Actor":
        expires = datetime.now(UTC) + timedelta(hours=HOURS)
        return cls(
            name or subject, role, token(subject, exp=expires), member_id_of(ISSUER, subject)
        )


NOBODY: Final = Actor("nobody", "NOBODY")

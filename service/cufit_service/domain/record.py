"""What became of a request that may be sent again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Recorded:
    """An answer as it was given."""

    status: int
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Record:
    record_id: str
    member_id: str
    """Whose request it is."""
    created_at: datetime
    fingerprint: str
    """Of the request; another request is not an attempt at the same thing."""
    reserved_id: str
    """What the thing made is called, in whichever attempt it is made."""
    lease_until: datetime
    """When the work on it has ended: at the latest, or once it has."""
    expires_at: datetime
    answer: Recorded | None = None
    version: int = 1

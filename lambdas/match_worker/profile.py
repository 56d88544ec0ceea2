"""The part of a candidate's item that matching may see. The phone number is never read."""

from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal

from cufit_contracts.items import NO_HISTORY, History
from cufit_contracts.profile import ProfileWithoutPhone


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile(ProfileWithoutPhone):
    """Attributes of the candidates table named as there; others are not even fetched."""

    candidate_id: str
    joined_at: datetime | None = None
    maker_id: str | None = None
    """None while nobody introduces them."""
    paused: bool = False
    version: int = 1
    """Of the profile; counters do not change it."""
    history: History = NO_HISTORY
    attention: Decimal = Decimal(0)
    """cufit_contracts.attention"""
    nickname: str = ""
    """Not read either."""
    name: str = ""
    """Only to redact it from free text; it goes into no prompt and no result."""


ATTRIBUTES = tuple(one.name for one in fields(Profile) if one.name != "nickname")
"""For ProjectionExpression."""

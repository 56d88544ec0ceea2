"""How often somebody was shown or proposed lately, kept as one number that is only ever added to.

Forward decay (Cormode and others, 2009): an event adds more the later it happens, twice as much
after each half-life, and whoever reads divides by what an event of now would add. So nothing has to
be counted down, and neither the order of writes nor a race between them matters.

DynamoDB's numbers have 38 digits and end at 10^125 (developer guide, "Supported data types"), and a
sum that needs more digits is refused, not rounded (Scylla's tests of DynamoDB, test_number.py). So
an event has four digits: the sum of one membership holds for three and a half years, after which
whoever is refused sets the number instead of adding to it. 10^125 is reached in 2041.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)

HALF_LIFE: Final = timedelta(days=14)
"""A part of what is stored: another one would misread what was added before."""

SHOWN: Final = 1
"""What an entry of a recommendation's result weighs."""

PROPOSED: Final = 2
"""What a suggested match weighs, for either of the two."""


@lru_cache(maxsize=16)
def growth(at: datetime) -> float:
    """What an event of weight 1 adds at `at`."""
    return float(2 ** ((at - EPOCH) / HALF_LIFE))


def amount(weight: int, at: datetime) -> Decimal:
    """What an event adds at `at`, to four digits."""
    return Decimal(f"{weight * growth(at):.3e}")


def lately(attention: Decimal, now: datetime) -> float:
    """Events by their weights; one of a half-life ago counts half."""
    return float(attention) / growth(now)

"""Who was shown or proposed more often lately than is usual among those in question steps back, so
that the few most wanted do not fill every list. It decides who is taken; a score stays what it is.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from statistics import median

from cufit_contracts.attention import lately
from match_worker.profile import Profile
from match_worker.scoring.rubric import CongestionRule


def usual_attention(people: Sequence[Profile]) -> Decimal:
    """The median; 0 of nobody."""
    return median(one.attention for one in people) if people else Decimal(0)


def stepped_back(
    rule: CongestionRule | None, attention: Decimal, usual: Decimal, now: datetime
) -> int:
    """Points, 0 to the most of the rule; 0 without a rule. `attention` and `usual` as stored."""
    if rule is None or not attention:
        return 0
    at_ease = max(rule.free, lately(usual, now))
    beyond = lately(attention, now) / at_ease - 1
    return max(0, min(rule.most, round(rule.per_usual * beyond)))

"""Who was shown or proposed often lately steps back, so that the few most wanted do not fill every
list. It decides who is taken; a score stays what it is."""

from datetime import datetime
from decimal import Decimal

from cufit_contracts.attention import lately
from match_worker.scoring.rubric import CongestionRule


def stepped_back(rule: CongestionRule | None, attention: Decimal, now: datetime) -> int:
    """Points, 0 to the most of the rule; 0 without a rule."""
    if rule is None or not attention:
        return 0
    beyond = max(0.0, lately(attention, now) - rule.free)
    return min(rule.most, round(rule.per_showing * beyond))

"""Korea's days, by which quotas are counted."""

from datetime import datetime, time, timedelta

from cufit_contracts.vocabulary import KST


def seconds_until_tomorrow(now: datetime) -> int:
    """Whole seconds after which it is tomorrow in Korea; at least 1."""
    local = now.astimezone(KST)
    midnight = datetime.combine(local.date() + timedelta(days=1), time(), KST)
    return int((midnight - local).total_seconds()) + 1

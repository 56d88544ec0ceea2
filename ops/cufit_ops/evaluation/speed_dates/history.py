"""What a service would have known about somebody before a date, and what it could not have."""

from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum

from cufit_contracts.items import History
from cufit_ops.evaluation.speed_dates.rows import Evenings, Meeting, SpeedDate


class Known(StrEnum):
    NOTHING = "nothing"
    EARLIER = "earlier"
    """The dates the candidate had that evening before this one, by the candidate's own count: in
    one evening the two count differently."""
    OTHERS = "others"
    """Every other date of the candidate that evening, later ones too: what a longer history would
    tell, not what was known at the time."""


def histories(evenings: Evenings, known: Known) -> list[History]:
    """Of the candidate, for each scored date in order. The date itself is never in it."""
    of_person: dict[int, list[SpeedDate]] = defaultdict(list)
    for date in evenings.dates:
        of_person[date.iid].append(date)
    return [_history(of_person[one.candidate.iid], one, known) for one in evenings.scored]


def _history(of_candidate: Sequence[SpeedDate], meeting: Meeting, known: Known) -> History:
    if known is Known.NOTHING:
        return History()
    (this,) = (one for one in of_candidate if one.pid == meeting.seeker.iid)
    if known is Known.EARLIER:
        return _counted([one for one in of_candidate if one.order < this.order])
    return _counted([one for one in of_candidate if one is not this])


def _counted(dates: Sequence[SpeedDate]) -> History:
    return History(
        asked=len(dates),
        wanted=sum(one.was_wanted for one in dates),
        answered=len(dates),
        said_yes=sum(one.said_yes for one in dates),
    )

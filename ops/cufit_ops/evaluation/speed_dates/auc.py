"""How often a date that became a match has more points than one that did not."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from cufit_ops.evaluation.speed_dates.rows import Meeting


@dataclass(frozen=True, slots=True)
class PersonAuc:
    iid: int
    auc: float
    """0 to 1, chance is a half."""
    pairs: int
    """Of a match and a date without one."""


def within_person(meetings: Sequence[Meeting], scores: Sequence[float]) -> list[PersonAuc]:
    """The area under the ROC curve among each person's own dates: the share of pairs, of a match
    and a date without one, in which the match has the higher score; equals count half (Hanley and
    McNeil 1982). People who matched with nobody or with everybody have no such pair and are left
    out. In the order people appear."""
    matched: dict[int, list[float]] = defaultdict(list)
    unmatched: dict[int, list[float]] = defaultdict(list)
    for one, score in zip(meetings, scores, strict=True):
        (matched if one.match else unmatched)[one.seeker.iid].append(score)
    people = dict.fromkeys(one.seeker.iid for one in meetings)
    return [
        PersonAuc(iid, _auc(matched[iid], unmatched[iid]), len(matched[iid]) * len(unmatched[iid]))
        for iid in people
        if matched[iid] and unmatched[iid]
    ]


def _auc(matched: Sequence[float], unmatched: Sequence[float]) -> float:
    below = sorted(unmatched)
    won = sum(bisect_left(below, score) + bisect_right(below, score) for score in matched)
    return won / (2 * len(matched) * len(below))

"""Whether answers improve what is recommended next.

In each round every seeker is asked for, the maker suggests the best of those shown, and the two
answer as the labels have it: yes to whom they like. Each answer is counted as the service counts it
(cufit_service.domain.answers). From the second round on the same seekers are ranked twice, with and
without what was learned, everything else being equal.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from cufit_contracts.items import History
from cufit_contracts.vocabulary import PairStatus
from cufit_ops.evaluation.agreement import Agreement, agreed, paired
from cufit_ops.evaluation.bench import Bench
from cufit_ops.evaluation.golden_set import NOW, GoldenSet, Seeker
from cufit_ops.evaluation.intervals import Interval
from cufit_service.domain.answers import tallies
from cufit_service.domain.match import Match, Reply, Side

ROUNDS = 3
SUGGESTED = 3
"""Of five shown: what a maker may suggest for one candidate on one day."""


@dataclass(frozen=True, slots=True)
class Learned:
    """After a round, on those who were not met yet."""

    answers: float
    """Given about a person so far, mean."""
    ndcg_on: Interval
    ndcg_off: Interval
    ndcg_change: Interval
    success_change: Interval
    mutual_change: Interval


class Answers:
    """What the labels say people answer, and what has been counted."""

    def __init__(self, golden: GoldenSet) -> None:
        self._likes = {one.profile.candidate_id: one.likes for one in golden.seekers}
        self._counts: dict[str, Counter[str]] = defaultdict(Counter)
        self._random = Random(0)  # noqa: S311 - repeatable, not secret

    def suggest(self, left: str, right: str) -> None:
        """Either may answer first; a no ends it, and the other is not asked."""
        match = _match(left, right)
        for one in self._random.sample((left, right), 2):
            other = match.other_than(one).candidate_id
            reply = Reply.ACCEPT if other in self._likes[one] else Reply.REJECT
            for tally in tallies(match, one, reply):
                self._counts[tally.side.candidate_id].update(tally.counts)
            if reply is Reply.REJECT:
                return

    @property
    def histories(self) -> Mapping[str, History]:
        return {one: History(**counts) for one, counts in self._counts.items()}

    def per_person(self) -> float:
        return sum(one["asked"] for one in self._counts.values()) / len(self._likes)


def _match(left: str, right: str) -> Match:
    return Match(
        left=Side(left, NOW, "m_maker"),
        right=Side(right, NOW, "m_maker"),
        status=PairStatus.SUGGESTED,
        created_at=NOW,
        updated_at=NOW,
        suggestion_id="golden",
    )


def learned(golden: GoldenSet, on: Bench, off: Bench) -> list[Learned]:
    """One for each round but the first. `on` learns from answers, `off` does not. Each round both
    begin with whom `on` showed before, and remember whom they show themselves."""
    on.remember()
    off.remember()
    seekers = {one.profile.candidate_id: one for one in golden.seekers}
    answers = Answers(golden)
    found: list[Learned] = []
    for number in range(ROUNDS):
        asked = [one for one in seekers.values() if one.appeal]
        name = f"rec_answers{number}"
        if number:
            off.candidates.know_as(on.candidates)
            without = agreed(off.all_seekers(name, asked))
        with_it = agreed(on.all_seekers(name, asked))
        if number:
            found.append(_compared(answers, with_it, without))
        _met(seekers, with_it, answers)
        for one, history in answers.histories.items():
            on.candidates.change(one, history=history)
    return found


def _met(seekers: dict[str, Seeker], shown: Agreement, answers: Answers) -> None:
    """The best shown are suggested; who is suggested to each other has met."""
    for one, case in shown.cases.items():
        for other in case.shown[:SUGGESTED]:
            # Suggested from the other side in this very round, or nobody knows what they answer.
            if other in seekers[one].met or other not in seekers:
                continue
            answers.suggest(one, other)
            seekers[one] = seekers[one].after([other])
            seekers[other] = seekers[other].after([one])


def _compared(answers: Answers, on: Agreement, off: Agreement) -> Learned:
    changes = [
        paired(on, off, figure)
        for figure in (lambda one: one.ndcg, lambda one: one.success, lambda one: one.mutual)
    ]
    ndcg, success, mutual = (_known(change) for change in changes)
    return Learned(answers.per_person(), on.ndcg_at_5, off.ndcg_at_5, ndcg, success, mutual)


def _known(change: Interval | None) -> Interval:
    if change is None:
        raise ValueError("no seeker has anybody to be shown")
    return change

"""Agreement of what was shown with the labels, seeker by seeker, and over all with intervals."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cufit_contracts.results import MAX_RANKED
from cufit_ops.evaluation.golden_set import Seeker
from cufit_ops.evaluation.intervals import Interval, mean_interval, paired_difference
from cufit_ops.evaluation.measures import kendall_tau, ndcg
from cufit_ops.evaluation.run import Run


@dataclass(frozen=True, slots=True)
class Case:
    """What one seeker was shown. Figures are None where they are not defined."""

    shown: tuple[str, ...]
    """Ids, best first."""
    ndcg: float | None
    found: float | None = None
    """nDCG@5 of the best order of the people the model was shown."""
    tau: float | None = None

    success: float = 0.0
    """1 when one of those shown and the seeker would say yes to each other."""
    mutual: float = 0.0
    """Share of those shown with whom that is so."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Intervals are of 95 %, over seekers (cufit_ops.evaluation.intervals)."""

    seekers: int
    ndcg_at_5: Interval
    ndcg_of_found: Interval | None
    """What the best order of the people the model was shown would reach: the rest was lost by the
    shortlist. None when no model was asked."""
    kendall_tau: Interval | None
    """Of the scores shown with the labelled appeal."""
    success_at_5: Interval
    """Share of seekers who are shown somebody whom they like and who likes them."""
    mutual_at_5: Interval
    """Share of those shown of whom that is so."""
    cases: Mapping[str, Case]
    """By seeker."""


def agreed(runs: Iterable[Run]) -> Agreement:
    return agreement({run.seeker.profile.candidate_id: case_of(run) for run in runs})


def case_of(run: Run) -> Case:
    return case(run.seeker, run.ranked, found=_best_of_found(run), tau=_tau(run))


def case(
    seeker: Seeker, shown: Sequence[str], *, found: float | None = None, tau: float | None = None
) -> Case:
    both = sum(one in seeker.mutual for one in shown)
    return Case(
        shown=tuple(shown),
        ndcg=ndcg(shown, seeker.grade, MAX_RANKED),
        found=found,
        tau=tau,
        success=float(both > 0),
        mutual=both / len(shown) if shown else 0.0,
    )


def agreement(cases: Mapping[str, Case]) -> Agreement:
    """Raises: ValueError when there is no case with a figure."""
    ndcg_at_5 = _over(cases.values(), lambda one: one.ndcg)
    if ndcg_at_5 is None:
        raise ValueError("no seeker has anybody to be shown")
    return Agreement(
        seekers=len(cases),
        ndcg_at_5=ndcg_at_5,
        ndcg_of_found=_over(cases.values(), lambda one: one.found),
        kendall_tau=_over(cases.values(), lambda one: one.tau),
        success_at_5=mean_interval([one.success for one in cases.values()]),
        mutual_at_5=mean_interval([one.mutual for one in cases.values()]),
        cases=cases,
    )


def _over(cases: Iterable[Case], figure: Callable[[Case], float | None]) -> Interval | None:
    known = [value for value in map(figure, cases) if value is not None]
    return mean_interval(known) if known else None


def paired(
    new: Agreement, old: Agreement, figure: Callable[[Case], Any] = lambda one: one.ndcg
) -> Interval | None:
    """How much better `new` does by `figure`, over the seekers of both; None without any."""
    values = [
        (figure(new.cases[one]), figure(old.cases[one])) for one in new.cases if one in old.cases
    ]
    known = [(one, other) for one, other in values if one is not None and other is not None]
    return paired_difference(*zip(*known, strict=True)) if known else None


def _best_of_found(run: Run) -> float | None:
    if not run.shortlist:
        return None
    best = sorted(run.shortlist, key=lambda one: -run.seeker.grade.get(one, 0))
    return ndcg(best, run.seeker.grade, MAX_RANKED)


def _tau(run: Run) -> float | None:
    shown = run.result.candidates if run.result else []
    known = [one for one in shown if one.candidate_id in run.seeker.appeal]
    appeals = [run.seeker.appeal[one.candidate_id] for one in known]
    return kendall_tau([one.score for one in known], appeals)

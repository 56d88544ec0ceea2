"""A maker who suggests everybody shown and asks again, until nobody is left.

A question is in vain when no answer could have helped: nobody was eligible, or the round ended
without the model, or the model was asked twice though its first answer was good (the honest
stand-in's always is).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from cufit_contracts.results import MAX_RANKED
from cufit_contracts.vocabulary import RecommendationStatus
from cufit_ops.evaluation import contract
from cufit_ops.evaluation.bench import Bench
from cufit_ops.evaluation.golden_set import Seeker
from cufit_ops.evaluation.intervals import Interval, mean_interval
from cufit_ops.evaluation.measures import ndcg
from cufit_ops.evaluation.run import Run


@dataclass(frozen=True, slots=True)
class Round:
    number: int
    """From 1."""
    seekers: int
    """Who still had somebody to be shown."""
    people: float
    """New ones a seeker was shown, mean."""
    ndcg_at_5: float
    """Against the labels of those who were left; the best are met first."""
    questions: int


@dataclass(frozen=True, slots=True)
class UntilDry:
    seekers: int
    rounds: Interval
    """A seeker got somebody new in."""
    people: Interval
    """A seeker was shown in all of them."""
    starved: int
    """Rounds with fewer than five new people though more were eligible."""
    in_vain: int
    """Questions paid for that could not have helped."""
    by_round: Sequence[Round]


def until_dry(bench: Bench, seekers: Sequence[Seeker]) -> UntilDry:
    """Counts in `bench.broken` too: contract.STARVED and contract.IN_VAIN."""
    rounds = [_rounds(bench, seeker) for seeker in seekers]
    starved = sum(_is_starved(run) for runs in rounds for run in runs)
    in_vain = sum(_in_vain(run) for runs in rounds for run in runs)
    bench.broken[contract.STARVED] += starved
    bench.broken[contract.IN_VAIN] += in_vain
    fed = [[run for run in runs if run.ranked] for runs in rounds]
    return UntilDry(
        seekers=len(seekers),
        rounds=mean_interval([float(len(runs)) for runs in fed]),
        people=mean_interval([float(sum(len(run.ranked) for run in runs)) for runs in fed]),
        starved=starved,
        in_vain=in_vain,
        by_round=[
            _round(number, [runs[number] for runs in fed if len(runs) > number])
            for number in range(max(map(len, fed)))
        ],
    )


def _rounds(bench: Bench, seeker: Seeker) -> list[Run]:
    """All rounds, the last of which shows nobody."""
    found: list[Run] = []
    # As many as if everybody came alone, and the one that comes back empty.
    for number in range(len(seeker.appeal) + 1):
        run = bench.run(seeker, f"rec_round{number}")
        if run is None:
            break
        found.append(run)
        if not run.ranked:
            break
        seeker = seeker.after(run.ranked)
    return found


def _is_starved(run: Run) -> bool:
    return len(run.ranked) < min(MAX_RANKED, len(run.seeker.appeal))


def _in_vain(run: Run) -> int:
    needed = run.seeker.appeal and run.status is RecommendationStatus.READY
    return max(0, len(run.replies) - 1) if needed else len(run.replies)


def _round(number: int, runs: Sequence[Run]) -> Round:
    gains = [ndcg(run.ranked, run.seeker.grade, MAX_RANKED) for run in runs]
    known = [gain for gain in gains if gain is not None]
    return Round(
        number=number + 1,
        seekers=len(runs),
        people=round(fmean(len(run.ranked) for run in runs), 3),
        ndcg_at_5=round(fmean(known), 4) if known else 0.0,
        questions=sum(len(run.replies) for run in runs),
    )

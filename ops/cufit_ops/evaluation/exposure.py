"""Who is shown how often, when every seeker is asked for one after another on one day."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from statistics import NormalDist, fmean

from cufit_ops.evaluation.agreement import Agreement, agreed, paired
from cufit_ops.evaluation.bench import Bench
from cufit_ops.evaluation.golden_set import GoldenSet
from cufit_ops.evaluation.intervals import Interval
from cufit_ops.evaluation.measures import gini, top_share

MAX_TOP_TENTH = 0.20
"""Of all showings for the tenth that is shown most: twice what they are of the people."""

MAX_LOSS = 0.02
"""nDCG@5 that stepping back may cost."""


_NORMAL = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class Spread:
    """How showings are spread over everybody whom the hard rules admit for somebody."""

    top_tenth: Interval
    """Share of all showings that goes to the tenth shown most."""
    gini: Interval

    @classmethod
    def of(cls, agreement: Agreement, people: Sequence[str]) -> "Spread":
        lists = [case.shown for case in agreement.cases.values()]
        shown = Counter(one for some in lists for one in some)

        def over(measure: Callable[[Sequence[int]], float]) -> Interval:
            return _jackknifed(
                lambda counts: measure([counts[one] for one in people]), shown, lists
            )

        return cls(over(top_share), over(gini))


def _jackknifed(
    statistic: Callable[[Counter[str]], float],
    shown: Counter[str],
    lists: Sequence[Sequence[str]],
) -> Interval:
    """With 95 % by the jackknife (Tukey 1958), each seeker left out in turn. The bootstrap would
    draw seekers twice, and make what is shown look less even than it is."""
    value = statistic(shown)
    left_out = []
    for some in lists:
        shown.subtract(some)
        left_out.append(statistic(shown))
        shown.update(some)
    mean = fmean(left_out)
    error = math.sqrt((len(lists) - 1) / len(lists) * sum((one - mean) ** 2 for one in left_out))
    return Interval(value, value - _NORMAL * error, value + _NORMAL * error)


@dataclass(frozen=True, slots=True)
class Exposure:
    on: Spread
    """With congestion."""
    off: Spread
    """Without."""
    ndcg_change: Interval
    """nDCG@5 with congestion minus without, seeker by seeker."""


def exposure(golden: GoldenSet, on: Bench, first: Agreement) -> Exposure:
    """Everybody is asked for on `on`, which remembers from now on whom it showed. `first` is the
    same path when nobody was shown before: without congestion every time is like the first."""
    everybody = may_be_shown(golden)
    with_it = _in_turn(on)
    change = paired(with_it, first)
    if change is None:
        raise ValueError("no seeker has anybody to be shown")
    return Exposure(Spread.of(with_it, everybody), Spread.of(first, everybody), change)


def may_be_shown(golden: GoldenSet) -> list[str]:
    """Whom the hard rules admit for at least one seeker."""
    return sorted({one for seeker in golden.seekers for one in seeker.appeal})


def _in_turn(bench: Bench) -> Agreement:
    """Every seeker once, in an order that has nothing to do with them."""
    bench.remember()
    order = Random(0)  # noqa: S311 - repeatable, not secret
    seekers = order.sample(bench.golden.seekers, len(bench.golden.seekers))
    return agreed(bench.all_seekers(seekers=seekers))

"""Who is shown how often, when every seeker is asked for again and again."""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from statistics import NormalDist, fmean

from cufit_ops.evaluation.agreement import Agreement, agreed, paired
from cufit_ops.evaluation.bench import Bench
from cufit_ops.evaluation.golden_set import NOW, GoldenSet
from cufit_ops.evaluation.intervals import Interval
from cufit_ops.evaluation.measures import gini, top_share

MAX_TOP_TENTH = 0.20
"""Of all showings for the tenth that is shown most: twice what they are of the people."""

MAX_LOSS = 0.02
"""nDCG@5 that stepping back may cost. Both hold in every turn."""

TURNS = 6
"""Weekly ones span two and a half half-lives of attention."""

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
class Turn:
    """Every seeker asked for once."""

    spread: Spread
    ndcg_change: Interval
    """nDCG@5 with congestion minus without, seeker by seeker."""


@dataclass(frozen=True, slots=True)
class Exposure:
    off: Spread
    """Without congestion: every turn is like the first."""
    at_once: Sequence[Turn]
    """One turn after another at one moment: what was shown is not forgotten."""
    weekly: Sequence[Turn]
    """A week between two turns; empty when not tried."""

    @property
    def most_uneven(self) -> Spread:
        """Of the turn in which the tenth shown most gets most."""
        spreads = [one.spread for one in (*self.at_once, *self.weekly)]
        return max(spreads, key=lambda one: one.top_tenth.mean)

    @property
    def worst_change(self) -> Interval:
        """Of the turn that costs most."""
        changes = [one.ndcg_change for one in (*self.at_once, *self.weekly)]
        return min(changes, key=lambda one: one.mean)


def exposure(
    golden: GoldenSet,
    bench: Callable[[], Bench],
    first: Agreement,
    *,
    turns: int = TURNS,
    is_weekly: bool = True,
) -> Exposure:
    """Everybody is asked for `turns` times on a bench that remembers whom it showed, and on another
    week by week. `first` is the same path when nobody was shown before."""
    everybody = may_be_shown(golden)

    def played(pause: timedelta) -> list[Turn]:
        agreements = _in_turns(bench(), turns, pause)
        return [Turn(Spread.of(one, everybody), _change(one, first)) for one in agreements]

    weekly = played(timedelta(weeks=1)) if is_weekly else []
    return Exposure(Spread.of(first, everybody), played(timedelta(0)), weekly)


def may_be_shown(golden: GoldenSet) -> list[str]:
    """Whom the hard rules admit for at least one seeker."""
    return sorted({one for seeker in golden.seekers for one in seeker.appeal})


def _in_turns(bench: Bench, turns: int, pause: timedelta) -> Iterator[Agreement]:
    """Every seeker once a turn, each time in another order that has nothing to do with them; the
    last turn is at NOW."""
    bench.remember()
    for turn in range(turns):
        bench.now = NOW - (turns - 1 - turn) * pause
        order = Random(turn)  # noqa: S311 - repeatable, not secret
        seekers = order.sample(bench.golden.seekers, len(bench.golden.seekers))
        yield agreed(bench.all_seekers(seekers=seekers))


def _change(with_it: Agreement, first: Agreement) -> Interval:
    change = paired(with_it, first)
    if change is None:
        raise ValueError("no seeker has anybody to be shown")
    return change

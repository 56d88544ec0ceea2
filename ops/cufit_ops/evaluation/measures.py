"""Agreement of a ranking with labels, and of rankings with each other. scipy and scikit-learn have
these too and weigh 100 MB; here they are twenty lines checked against worked examples."""

import math
from collections.abc import Mapping, Sequence
from itertools import combinations


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], depth: int) -> float | None:
    """Normalized discounted cumulative gain at `depth`, gain 2^grade - 1, discount log2(rank + 1)
    (Burges et al. 2005); None when nobody has a grade above 0. 0 to 1."""
    ideal = _gain(sorted(grades.values(), reverse=True)[:depth])
    if ideal == 0:
        return None
    return _gain([grades.get(one, 0) for one in ranked[:depth]]) / ideal


def _gain(grades: Sequence[int]) -> float:
    gains = (math.exp2(grade) - 1 for grade in grades)
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def kendall_tau(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Kendall's tau-b of two scorings of the same people, ties accounted for (Kendall 1945); None
    when one of them is the same for all. -1 to 1."""
    signs = [
        (_sign(a1 - a2), _sign(b1 - b2))
        for (a1, b1), (a2, b2) in combinations(zip(one, other, strict=True), 2)
    ]
    untied_one = sum(abs(a) for a, _ in signs)
    untied_other = sum(abs(b) for _, b in signs)
    if untied_one == 0 or untied_other == 0:
        return None
    return sum(a * b for a, b in signs) / math.sqrt(untied_one * untied_other)


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def percentile(values: Sequence[float], share: float) -> float:
    """Smallest of `values` that at least `share` of them do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def top_share(counts: Sequence[int], share: float = 0.10) -> float:
    """Share of everything counted that goes to the `share` of people with the most; a share that
    ends inside a person is rounded to whole people, one at least. 0 when nothing is counted."""
    people = max(1, round(share * len(counts)))
    everything = sum(counts)
    return sum(sorted(counts, reverse=True)[:people]) / everything if everything else 0.0


def gini(counts: Sequence[int]) -> float:
    """Gini coefficient (Gini 1912): 0 when all have the same, near 1 when one has everything."""
    everything = sum(counts)
    if not everything:
        return 0.0
    ordered = enumerate(sorted(counts), start=1)
    weighted = sum(position * count for position, count in ordered)
    return 2 * weighted / (len(counts) * everything) - (len(counts) + 1) / len(counts)

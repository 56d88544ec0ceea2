"""How sure to be of a share before the first answer: the prior that `[code.answers]` asks for."""

from collections.abc import Sequence
from math import lgamma

TRIED = tuple(step / 10 for step in range(1, 101))

Counts = tuple[int, int]
"""Yes, and all answers."""


def likeliest_prior(people: Sequence[Counts]) -> float:
    """The strength of the symmetric Beta distribution, from TRIED, of which shares like those of
    `people` are drawn most likely (Skellam 1948). It does not look at who suits whom."""
    return max(TRIED, key=lambda strength: sum(_log_likelihood(strength, one) for one in people))


def _log_likelihood(strength: float, counts: Counts) -> float:
    """Beta-binomial, without what does not depend on the strength."""
    yes, answers = counts
    made_of = lgamma(strength + yes) + lgamma(strength + answers - yes)
    return made_of - lgamma(2 * strength + answers) - 2 * lgamma(strength) + lgamma(2 * strength)

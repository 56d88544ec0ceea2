"""What synthetic people are like inside, and how much two of them would really appeal to each
other. Labels come from here and nowhere else: no rubric, no text, no code of the worker."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from cufit_ops.evaluation.words import INTERESTS, PLACES, SHARES, VALUES

SHARE_OF_THE_SEEKER = 0.7
"""Weight of what the seeker feels; the rest is what the candidate feels in return."""

CHEMISTRY = 0.35
"""Standard deviation of what no profile tells, in units of appeal: no ranking can be perfect."""

_KM_PER_DEGREE = 111.0
_KM_IN_A_DISTRICT, _KM_IN_A_CITY = 4.0, 15.0


@dataclass(frozen=True, slots=True)
class Facts:
    """What both the profile and the appeal depend on."""

    male: bool
    age: int
    height_cm: int
    city: str
    district: str
    smoking: int
    drinking: int


@dataclass(frozen=True, slots=True)
class Latent:
    """Never written into a profile as such."""

    interests: tuple[float, ...]
    """Share of each of INTERESTS; sums to 1."""
    values: tuple[float, ...]
    """-1 to 1 between the poles of each of VALUES."""
    importance: tuple[float, ...]
    """Weight of each value in a partner; sums to 1."""
    patience_km: float
    """Distance at which the wish to meet has fallen to a third."""
    age_gap: float
    """Wished age of a partner minus one's own, years."""
    height_gap: float
    """Wished height of a partner minus one's own, cm."""
    dislikes_smoke: float
    dislikes_drink: float


@dataclass(frozen=True, slots=True)
class Being:
    facts: Facts
    latent: Latent


def drawn(random: Random, *, male: bool) -> Being:
    city = random.choices(list(PLACES), weights=SHARES)[0]
    facts = Facts(
        male=male,
        age=min(44, max(22, round(random.gauss(31, 4.5)))),
        height_cm=round(random.gauss(174, 5.5) if male else random.gauss(162, 5)),
        city=city,
        district=random.choice(PLACES[city][1]),
        smoking=random.choices((0, 1, 2, 3), weights=(70, 10, 8, 12))[0],
        drinking=random.choices((0, 1, 2, 3), weights=(25, 40, 25, 10))[0],
    )
    latent = Latent(
        interests=_shared(random.gammavariate(0.5, 1) for _ in INTERESTS),
        values=tuple(random.uniform(-1, 1) for _ in VALUES),
        importance=_shared(random.gammavariate(0.7, 1) for _ in VALUES),
        patience_km=math.exp(random.uniform(math.log(15), math.log(300))),
        age_gap=random.gauss(-1.5 if male else 2, 2),
        height_gap=random.gauss(-11 if male else 12, 4),
        dislikes_smoke=random.uniform(0, 1),
        dislikes_drink=random.uniform(0, 0.5),
    )
    return Being(facts, latent)


def appeal(seeker: Being, candidate: Being, random: Random) -> float:
    """How well the two would get on; only comparable for the same seeker."""
    share = SHARE_OF_THE_SEEKER
    mutual = share * _attraction(seeker, candidate) + (1 - share) * _attraction(candidate, seeker)
    return mutual + random.gauss(0, CHEMISTRY)


def _attraction(one: Being, other: Being) -> float:
    """Sum of terms of about 0 to their factor."""
    mine, theirs = one.latent, other.facts
    return (
        1.6 * _cosine(mine.interests, other.latent.interests)
        + 1.6 * _values_fit(mine, other.latent)
        + 1.0 * math.exp(-_kilometres(one.facts, theirs) / mine.patience_km)
        + 0.8 * _bell(theirs.age - one.facts.age - mine.age_gap, 3.0)
        + 0.5 * _bell(theirs.height_cm - one.facts.height_cm - mine.height_gap, 6.0)
        - 0.8 * mine.dislikes_smoke * theirs.smoking / 3
        - 0.5 * mine.dislikes_drink * theirs.drinking / 3
    )


def _values_fit(mine: Latent, theirs: Latent) -> float:
    """1 when the two agree in all that matters to me, 0 when they are poles apart."""
    pairs = zip(mine.importance, mine.values, theirs.values, strict=True)
    return 1 - sum(weight * abs(one - other) / 2 for weight, one, other in pairs)


def _kilometres(one: Facts, other: Facts) -> float:
    if one.city == other.city:
        return _KM_IN_A_DISTRICT if one.district == other.district else _KM_IN_A_CITY
    (north, east), (to_north, to_east) = PLACES[one.city][0], PLACES[other.city][0]
    width = math.cos(math.radians((north + to_north) / 2))
    return _KM_PER_DEGREE * math.hypot(to_north - north, (to_east - east) * width)


def _bell(distance: float, width: float) -> float:
    return math.exp(-((distance / width) ** 2) / 2)


def _cosine(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    product = sum(x * y for x, y in zip(one, other, strict=True))
    return product / (math.hypot(*one) * math.hypot(*other))


def _shared(weights: Iterable[float]) -> tuple[float, ...]:
    drawn_weights = [weight + 0.01 for weight in weights]
    return tuple(weight / sum(drawn_weights) for weight in drawn_weights)

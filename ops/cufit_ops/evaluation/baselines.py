"""What a recommendation is worth beside simpler ones: four ways to choose five without a model,
from the same eligible people. Each is a yardstick, none can be configured."""

from collections.abc import Callable, Iterator, Mapping
from random import Random
from statistics import fmean
from zlib import crc32

from cufit_contracts.results import MAX_RANKED
from cufit_contracts.vocabulary import age_in_korea
from cufit_ops.evaluation.agreement import Agreement, Case, agreement, case
from cufit_ops.evaluation.golden_set import NOW, GoldenSet, Seeker, profile_of
from match_worker.scoring.regions import Distance, distance

Worth = Callable[[Seeker, str], float]
"""How good somebody is for a seeker: more is better."""

_CHANCES = 20
"""Times five are drawn for a seeker; the figures are the means."""

_FARTHEST_LAST = tuple(Distance)


def measured(golden: GoldenSet) -> dict[str, Agreement]:
    """By name."""
    found = {"chance": agreement(dict(_by_chance(golden)))}
    for name, worth in _worths(golden).items():
        cases = {one.profile.candidate_id: case(one, _best(one, worth)) for one in golden.seekers}
        found[name] = agreement(cases)
    return found


def _worths(golden: GoldenSet) -> dict[str, Worth]:
    people = {one: profile_of(item) for one, item in golden.items.items()}
    ages = {one: age_in_korea(profile.birth_year, NOW) for one, profile in people.items()}
    wanted = _appeal_received(golden)

    def age_gap(seeker: Seeker, other: str) -> float:
        return -abs(ages[seeker.profile.candidate_id] - ages[other])

    def near(seeker: Seeker, other: str) -> float:
        here, there = seeker.profile, people[other]
        found = distance((here.city, here.district), (there.city, there.district))
        return -_FARTHEST_LAST.index(found)

    def popular(seeker: Seeker, other: str) -> float:
        others = [
            appeal
            for one, appeal in wanted.get(other, {}).items()
            if one != seeker.profile.candidate_id
        ]
        return fmean(others) if others else 0.0

    return {"age gap": age_gap, "distance": near, "popularity": popular}


def _appeal_received(golden: GoldenSet) -> Mapping[str, Mapping[str, float]]:
    """By person, then by who feels it."""
    received: dict[str, dict[str, float]] = {}
    for seeker in golden.seekers:
        for other, appeal in seeker.appeal.items():
            received.setdefault(other, {})[seeker.profile.candidate_id] = appeal
    return received


def _best(seeker: Seeker, worth: Worth) -> list[str]:
    """Equals in an order of their own for each seeker."""

    def order(other: str) -> tuple[float, int]:
        return -worth(seeker, other), crc32(f"{seeker.profile.candidate_id}|{other}".encode())

    return sorted(seeker.appeal, key=order)[:MAX_RANKED]


def _by_chance(golden: GoldenSet) -> Iterator[tuple[str, Case]]:
    """The first of the draws is what is shown; its figures are the means of all."""
    random = Random(0)  # noqa: S311 - repeatable, not secret
    for seeker in golden.seekers:
        everybody = sorted(seeker.appeal)
        draws = [
            case(seeker, random.sample(everybody, min(MAX_RANKED, len(everybody))))
            for _ in range(_CHANCES)
        ]
        gains = [one.ndcg for one in draws if one.ndcg is not None]
        yield (
            seeker.profile.candidate_id,
            Case(
                shown=draws[0].shown,
                ndcg=fmean(gains) if gains else None,
                success=fmean(one.success for one in draws),
                mutual=fmean(one.mutual for one in draws),
            ),
        )

"""Weights are fitted on other evenings than the one they are tried on."""

from random import Random

import pytest

from cufit_ops.evaluation.speed_dates.rows import INTERESTS, Meeting, Person
from cufit_ops.evaluation.speed_dates.weights import Parts, fitted_on_others


def drawn(waves: int, *, seed: int = 1) -> tuple[list[Meeting], list[Parts]]:
    """Matches follow the first part three times as much as the second; the third never differs."""
    random = Random(seed)  # noqa: S311
    meetings: list[Meeting] = []
    parts: list[Parts] = []
    for wave in range(waves):
        for iid in range(wave * 100, wave * 100 + 60):
            seeker = Person(iid, wave, False, 25, dict.fromkeys(INTERESTS, 5.0))
            for _ in range(12):
                one, other = random.gauss(0.5, 0.1), random.gauss(0.5, 0.1)
                liking = 3 * one + other + random.gauss(0, 0.1)
                meetings.append(Meeting(seeker, seeker, liking > 2))
                parts.append((one, other, 0.5))
    return meetings, parts


def test_they_are_what_the_matches_follow() -> None:
    weights = fitted_on_others(*drawn(3))
    for first, second, third in weights.values():
        assert first == 1.0
        assert second == pytest.approx(1 / 3, abs=0.08)
        assert third == 0.0


def test_an_evening_has_no_say_in_its_own_weights() -> None:
    meetings, parts = drawn(3)
    turned = [
        Meeting(one.seeker, one.candidate, one.match != (one.seeker.wave == 1)) for one in meetings
    ]
    before, after = fitted_on_others(meetings, parts), fitted_on_others(turned, parts)
    assert before[1] == after[1]
    assert before[0] != after[0]


def test_one_evening_alone_is_refused() -> None:
    with pytest.raises(ValueError, match="column wave"):
        fitted_on_others(*drawn(1))

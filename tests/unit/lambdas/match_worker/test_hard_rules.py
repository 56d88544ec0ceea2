"""Nobody is recommended against a hard rule, whatever the model or an index says."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from match_worker.scoring.hard_rules import acceptable_birth_years, eligibility, seeker_obstacle
from match_worker.scoring.ranking import Referee
from tests.unit.lambdas.match_worker.people import (
    NOW,
    FakeCandidates,
    FakePairs,
    person,
    search,
    seeker,
)


@pytest.mark.parametrize(
    "changes",
    [
        {"gender": "MALE"},
        {"paused": True},
        {"maker_id": None},
        {"birth_year": 1990},
        {"birth_year": 2000},
        {"candidate_id": "m_seeker"},
    ],
)
def test_one_broken_rule_is_enough(changes: dict[str, Any]) -> None:
    eligible = eligibility(seeker(), NOW)
    assert eligible(person("m_a"))
    assert not eligible(person(**{"candidate_id": "m_a", **changes}))


def test_a_wish_below_nineteen_does_not_reach_minors() -> None:
    young = seeker(ideal_type={"age_range": {"min": 15, "max": 25}})
    assert acceptable_birth_years(young, NOW) == (2001, 2007)
    assert not eligibility(young, NOW)(person("m_a", birth_year=2008))


NEW_YEAR_IN_SEOUL = datetime(2026, 12, 31, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "now",
    [
        NOW,
        NEW_YEAR_IN_SEOUL - timedelta(seconds=1),
        NEW_YEAR_IN_SEOUL,
        NEW_YEAR_IN_SEOUL.replace(year=2036),
    ],
    ids=str,
)
@pytest.mark.parametrize(
    ("preference", "born"),
    [("SAME", (1994, 1994)), ("OLDER", (1984, 1993)), ("YOUNGER", (1995, 2004))],
)
def test_a_preference_means_the_same_people_as_years_pass(
    preference: str, born: tuple[int, int], now: datetime
) -> None:
    who = seeker(birth_year=1994, ideal_type={"age_preference": preference})
    assert acceptable_birth_years(who, now) == born


def test_a_preference_reaches_as_far_as_people_may_take_part() -> None:
    young = seeker(birth_year=2006, ideal_type={"age_preference": "YOUNGER"})
    assert acceptable_birth_years(young, NOW) == (2007, 2007)
    assert acceptable_birth_years(young, NEW_YEAR_IN_SEOUL) == (2007, 2008)
    old = seeker(birth_year=1927, ideal_type={"age_preference": "OLDER"})
    first, last = acceptable_birth_years(old, NOW)
    assert first > last


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"paused": True}, "SEEKER_PAUSED"), ({"birth_year": 2008}, "SEEKER_UNDER_AGE"), ({}, None)],
)
def test_seekers_have_rules_too(changes: dict[str, Any], code: str | None) -> None:
    assert seeker_obstacle(seeker(**changes), NOW) == code


def test_the_referee_admits_who_exists_is_eligible_and_was_never_paired() -> None:
    candidates = FakeCandidates.of(person("m_a"), person("m_b", paused=True), person("m_c"))
    referee = Referee(candidates, FakePairs({frozenset(("m_seeker", "m_c"))}))
    admitted = referee.admitted(search(), ["m_c", "m_gone", "m_a", "m_b"])
    assert [one.candidate_id for one in admitted] == ["m_a"]

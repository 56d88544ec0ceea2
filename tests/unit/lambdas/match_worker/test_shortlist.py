"""Who is judged: facts choose, the rules admit, meaning adds a few."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from cufit_contracts.alias import alias_of
from match_worker.errors import ModelOverloaded, ModelUnavailable
from match_worker.model.prompt import load_prompt
from match_worker.ports import Search
from match_worker.profile import Profile
from match_worker.scoring import shortlist as module
from match_worker.scoring.ranking import Referee
from match_worker.scoring.shortlist import NEAREST, Shortlist
from tests.unit.lambdas.match_worker.people import (
    FakeCandidates,
    FakePairs,
    person,
    search,
    seeker,
)

RUBRIC = load_prompt("v1").rubric
FAR = {"city": "부산광역시", "district": "중구"}


@dataclass
class FakeNearness:
    found: Sequence[str] | ModelUnavailable
    asked: list[int] = field(default_factory=list)

    def nearest(self, search: Search, limit: int) -> Sequence[str]:
        assert search.seeker
        self.asked.append(limit)
        if isinstance(self.found, ModelUnavailable):
            raise self.found
        return self.found[:limit]


def made(
    people: Sequence[Profile],
    *,
    met: Sequence[str] = (),
    size: int = 20,
    near: int = 0,
    nearness: FakeNearness | None = None,
) -> Shortlist:
    candidates = FakeCandidates.of(*people)
    pairs = FakePairs({frozenset(("m_seeker", one)) for one in met})
    return Shortlist(candidates, Referee(candidates, pairs), RUBRIC, size, near, nearness)


def ids(found: Search | Sequence[Profile]) -> list[str]:
    people = found.shortlist if isinstance(found, Search) else found
    return [one.candidate_id for one in people]


def crowd(number: int, name: str = "m_far") -> list[Profile]:
    return [person(f"{name}{n}", **FAR) for n in range(number)]


def test_the_best_by_facts_come_first_and_nobody_who_may_not() -> None:
    people = [*crowd(30), person("m_near"), person("m_paused", paused=True)]
    people += [person("m_man", gender="MALE"), person("m_alone", maker_id=None), seeker()]
    found = ids(made(people)(search()))
    assert len(found) == 20
    assert found[0] == "m_near"
    assert not {"m_paused", "m_man", "m_alone", "m_seeker"} & set(found)


def test_those_met_before_leave_their_places_to_the_next() -> None:
    best = [person(f"m_best{n}") for n in range(45)]
    rest = crowd(3, "m_rest")
    found = ids(made([*best, *rest], met=ids(best))(search()))
    assert sorted(found) == ["m_rest0", "m_rest1", "m_rest2"]


def test_every_round_has_five_new_people_until_there_are_none() -> None:
    people = crowd(43)
    met: list[str] = []
    while shown := ids(made(people, met=met)(search()))[:5]:
        assert not set(met) & set(shown)
        assert len(shown) == min(5, len(people) - len(met))
        met += shown
    assert len(met) == len(people)


def test_an_empty_range_reads_nobody() -> None:
    young = seeker(ideal_type={"age_range": {"min": 15, "max": 17}})
    assert made(crowd(5))(search(young)).shortlist == ()


def test_some_places_are_for_who_is_near_in_meaning() -> None:
    people = [*(person(f"m_best{n}") for n in range(12)), *crowd(8)]
    nearness = FakeNearness(["m_best0", "m_far3", "m_far3", "m_far5", "m_far6"])
    found = ids(made(people, size=10, near=2, nearness=nearness)(search()))
    assert len(found) == 10
    assert found[8:] in (["m_far3", "m_far5"], ["m_best0", "m_far3"])
    assert nearness.asked == [NEAREST]


def test_those_near_in_meaning_do_not_dry_up_with_who_was_met() -> None:
    people = [*(person(f"m_best{n}") for n in range(60)), *crowd(40)]
    met = [f"m_far{n}" for n in range(35)]
    nearness = FakeNearness(ids(people[60:]))
    found = ids(made(people, met=met, size=10, near=2, nearness=nearness)(search()))
    assert found[8:] == ["m_far35", "m_far36"]


def test_meaning_brings_nobody_back_whom_the_rules_kept_out() -> None:
    out = [
        person("m_met", **FAR),
        person("m_paused", paused=True, **FAR),
        person("m_alone", maker_id=None, **FAR),
        person("m_old", birth_year=1970, **FAR),
        person("m_man", gender="MALE", **FAR),
    ]
    best = [person(f"m_best{n}") for n in range(12)]
    nearness = FakeNearness([*ids(out), "m_gone", "m_seeker"])
    shortlist = made([*best, *out, seeker()], met=["m_met"], size=10, near=5, nearness=nearness)
    assert set(ids(shortlist(search()))) <= set(ids(best))


@pytest.mark.parametrize("found", [[], ModelOverloaded("ThrottlingException")])
def test_without_an_answer_facts_fill_the_places(found: list[str] | ModelUnavailable) -> None:
    people = [person(f"m_best{n}") for n in range(12)]
    nearness = FakeNearness(found)
    with_it = made(people, size=10, near=4, nearness=nearness)(search())
    assert with_it.shortlist == made(people, size=10)(search()).shortlist
    assert nearness.asked


def test_meaning_is_not_asked_for_when_everybody_is_in_or_facts_decide_alone() -> None:
    nearness = FakeNearness([])
    made(crowd(9), size=10, near=4, nearness=nearness)(search())
    made(crowd(30), size=10, near=4, nearness=nearness)(search(), by_facts_alone=True)
    made(crowd(30), size=10, near=0, nearness=nearness)(search())
    assert nearness.asked == []


def test_of_two_with_one_alias_the_second_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "alias_of", lambda candidate_id: candidate_id[-1])
    people = [person("m_a1"), person("m_b1", **FAR), person("m_b2")]
    found = made(people)(search())
    assert sorted(ids(found)) == ["m_a1", "m_b2"]


def test_equals_are_ordered_differently_for_different_seekers() -> None:
    shortlist = made(crowd(12))
    orders = set()
    for n in range(4):
        who = replace(seeker(), candidate_id=f"m_seeker{n}")
        orders.add(tuple(ids(shortlist(search(who)))))
    assert len(orders) > 1


def test_an_alias_is_short_and_the_same_for_ever() -> None:
    assert alias_of("m_mzxw6ytboi2dkmrqgeydambqga") == alias_of("m_mzxw6ytboi2dkmrqgeydambqga")
    aliases = {alias_of(f"m_{n}") for n in range(10_000)}
    assert len(aliases) == 10_000
    assert all(len(one) == 6 and one.isalnum() and one == one.lower() for one in aliases)

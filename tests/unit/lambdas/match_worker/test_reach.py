"""Whom to read of the index by_place: enough for the best, and never everybody."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cufit_contracts.identity import member_id_of
from cufit_contracts.items import History
from cufit_contracts.places import ELSEWHERE, PROVINCES, listed_province
from cufit_contracts.vocabulary import Gender, Mbti
from cufit_ops.costs import use
from cufit_ops.evaluation.place_index import PlaceIndex
from match_worker.model.prompt import load_prompt
from match_worker.ports import Candidates, Residents
from match_worker.profile import Profile
from match_worker.scoring.fact_scores import FactScores
from match_worker.scoring.hard_rules import eligibility
from match_worker.scoring.reach import MOST_QUERIES, MOST_READ, _Unread, best_first
from tests.benchmarks.reading import CountedIndex, reading, seekers
from tests.benchmarks.residents import people
from tests.unit.lambdas.match_worker.people import NOW, FakeCandidates, person, search, seeker

MANY = 20_000
VERSIONS = ("v1", "v2")
RUBRIC = load_prompt("v2").rubric
ANY_AGE = {"age_range": {"min": 19, "max": 99}}


@cache
def town(count: int) -> tuple[list[Profile], PlaceIndex]:
    everybody = list(people(count))
    return everybody, PlaceIndex(everybody)


def found(index: Candidates, who: Profile, count: int | None = None) -> list[Profile]:
    return list(islice(best_first(index, search(who), RUBRIC), count))


def gender(everybody: Sequence[Profile], wanted: Gender) -> list[Profile]:
    return [one for one in everybody if one.gender is wanted]


@pytest.mark.parametrize("version", VERSIONS)
def test_of_many_a_part_is_read_and_little_is_lost(version: str) -> None:
    everybody, index = town(MANY)
    others = {one: gender(everybody, one.other) for one in Gender}
    rubric = load_prompt(version).rubric
    for kind, who in seekers(everybody, 2):
        read = reading(index, others[who.gender], who, rubric)
        assert read.read <= MOST_READ, kind
        assert len(read.points) == len(read.full_scan), kind
        assert read.loss <= 0.05, kind
        assert read.seconds <= 0.3, kind


@pytest.mark.parametrize("count", [40, 300, 1500])
def test_of_few_nobody_is_missed(count: int) -> None:
    everybody, index = town(count)
    for _, who in seekers(everybody, 3):
        facts = FactScores(RUBRIC, who, NOW)
        eligible = list(filter(eligibility(who, NOW), everybody))
        ranked = found(CountedIndex(index), who)
        assert Counter(one.candidate_id for one in ranked) == Counter(
            one.candidate_id for one in eligible
        )
        points = [facts.total(one) for one in ranked]
        assert points == sorted(points, reverse=True)


@pytest.mark.parametrize("count", [40, 300])
def test_of_few_a_province_is_one_query(count: int) -> None:
    everybody, index = town(count)
    for _, who in seekers(everybody, 3):
        counted = CountedIndex(index)
        found(counted, who)
        assert counted.queries <= len(PROVINCES) + 1


def test_what_a_month_costs_counts_as_many() -> None:
    assert use.MOST_RANKED == MOST_READ


def test_who_takes_more_has_more_read() -> None:
    _, index = town(MANY)
    counted = CountedIndex(index)
    # Without answers: what only answers give counts at its most, and lets more be read.
    rubric = load_prompt("v1").rubric
    order = best_first(counted, search(seeker(ideal_type=ANY_AGE)), rubric)
    next(order)
    first = counted.read
    assert len(list(islice(order, 400))) == 400
    assert first < counted.read <= MOST_READ
    assert len(list(order)) > 400
    assert counted.read == MOST_READ


def test_an_index_of_empty_pages_is_not_read_for_ever() -> None:
    class Endless(FakeCandidates):
        queries = 0

        def living_in(self, *asked: object) -> Residents:
            self.queries += 1
            assert self.queries <= MOST_QUERIES, "too many"
            return Residents([], 0, "1997#m_a")

    assert not found(Endless({}), seeker())


def test_where_reading_has_begun_goes_before_another_look() -> None:
    who = seeker()
    unread = _Unread(search(who), FactScores(RUBRIC, who, NOW))
    looks = []
    while unread:
        looks.append(unread.pop())
    last = looks[-1]
    alike = [one for one in looks if one.at_most == last.at_most]
    assert len(alike) > 1
    begun = replace(last, is_look=False)
    for one in (*alike, begun):
        unread._push(one)
    assert unread.pop() == begun


def test_nothing_is_asked_where_no_age_is_wished_for() -> None:
    """A younger partner of somebody of 19 would be no adult."""
    who = seeker(birth_year=NOW.year - 19, ideal_type={"age_preference": "YOUNGER"})
    counted = CountedIndex(town(300)[1])
    assert not found(counted, who)
    assert not counted.queries


def test_what_the_index_still_holds_is_held_against_the_rules() -> None:
    there = [
        person("m_paused", paused=True),
        person("m_unattached", maker_id=None),
        person("m_old", birth_year=1940),
        person("m_fits"),
    ]
    assert [one.candidate_id for one in found(FakeCandidates.of(*there), seeker())] == ["m_fits"]


def test_who_moves_meanwhile_is_met_once() -> None:
    class Moving(FakeCandidates):
        def living_in(self, *asked: object) -> Residents:
            return Residents(list(self.people.values()), len(self.people), None)

    everywhere = Moving({one: person(one) for one in ("m_a", "m_b")})
    assert len(found(everywhere, seeker())) == 2


@cache
def crowd() -> PlaceIndex:
    """Women of five years, all equally suited, more than are read; ids like any others."""
    women = [
        person(member_id_of("crowd", str(n)), birth_year=1992 + n % 5) for n in range(3 * MOST_READ)
    ]
    return PlaceIndex(women)


def read_in_crowd(seeker_id: str = "m_seeker", days: int = 0) -> set[str]:
    who = replace(seeker(), candidate_id=seeker_id)
    question = replace(search(who), now=NOW + timedelta(days=days))
    return {one.candidate_id for one in best_first(CountedIndex(crowd()), question, RUBRIC)}


def test_nobodys_id_comes_first() -> None:
    """Of a place that is not read whole, each has the same chance."""
    read = Counter(one for n in range(40) for one in read_in_crowd(f"m_{n}"))
    ids = sorted(read)
    assert len(ids) > 0.95 * 3 * MOST_READ, "nobody is never read"
    small = sum(read[one] for one in ids[: len(ids) // 2]) / read.total()
    assert small == pytest.approx(0.5, abs=0.05)
    assert max(read.values()) < 0.7 * 40, "nobody is read by all"


def test_another_day_reads_others() -> None:
    today, tomorrow = read_in_crowd(), read_in_crowd(days=1)
    assert today == read_in_crowd()
    assert len(today) == len(tomorrow) > 0.9 * MOST_READ
    assert len(today & tomorrow) < 0.9 * len(today)


@given(
    his=st.tuples(st.sampled_from([*PROVINCES, "도쿄", "서울특별시"]), st.integers(1980, 2007)),
    hers=st.tuples(st.sampled_from([*PROVINCES, "도쿄", "충청북도"]), st.integers(1980, 2007)),
    history=st.builds(History, asked=st.just(9), wanted=st.integers(0, 9)),
    mbti=st.sampled_from(Mbti),
    height=st.integers(140, 200),
    version=st.sampled_from(VERSIONS),
)
def test_nobody_goes_beyond_what_their_place_and_year_allow(
    his: tuple[str, int],
    hers: tuple[str, int],
    history: History,
    mbti: Mbti,
    height: int,
    version: str,
) -> None:
    who = seeker(city=his[0], birth_year=his[1])
    one = person("m_a", city=hers[0], birth_year=hers[1], mbti=mbti, height_cm=height)
    one = replace(one, history=history)
    facts = FactScores(load_prompt(version).rubric, who, NOW)
    assert facts.total(one) <= facts.at_most(listed_province(one.city), one.birth_year)


def test_a_place_in_no_province_is_read_as_well() -> None:
    there = FakeCandidates.of(person("m_a", city="도쿄"))
    assert listed_province("도쿄") == ELSEWHERE
    assert [one.candidate_id for one in found(there, seeker())] == ["m_a"]

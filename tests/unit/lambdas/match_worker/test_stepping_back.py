"""Who was shown often lately is chosen later; a score, its parts and the words stay."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from cufit_contracts.attention import SHOWN, amount
from cufit_contracts.items import History
from cufit_contracts.results import RankedCandidate
from match_worker.model.prompt import load_prompt
from match_worker.ports import Search
from match_worker.profile import Profile
from match_worker.scoring.ranking import Referee, ranked
from match_worker.scoring.reason import BY_RULES
from match_worker.scoring.rubric import Rubric
from match_worker.scoring.shortlist import Shortlist
from tests.unit.lambdas.match_worker.people import NOW, FakeCandidates, FakePairs, person, search

FAR = {"city": "부산광역시", "district": "중구"}
KIND = "만남에 긍정적인 편"


def learning() -> Rubric:
    """v1 with points of age, height and drinking given to answers."""
    plain: dict[str, Any] = load_prompt("v1").rubric.model_dump()
    for name, weight in (("age", 10), ("height", 5), ("drinking", 2)):
        plain["code"][name]["weight"] = weight
    plain["code"]["answers"] = {"weight": 13, "prior": 2}
    plain["congestion"] = {"free": 4, "per_usual": 4, "most": 12}
    return Rubric.model_validate(plain)


RUBRIC = learning()


def often(showings: int) -> Decimal:
    return Decimal("1.001") * showings * amount(SHOWN, NOW)


def chosen(*people: Profile, rubric: Rubric = RUBRIC) -> list[RankedCandidate]:
    return ranked(people, {}, search(), rubric, unjudged=BY_RULES)


def shortlist(people: list[Profile], size: int = 5) -> Search:
    candidates = FakeCandidates.of(*people)
    return Shortlist(candidates, Referee(candidates, FakePairs()), RUBRIC, size)(search())


def ids(found: list[RankedCandidate]) -> list[str]:
    return [one.candidate_id for one in found]


def six(showings: int) -> list[Profile]:
    """Somebody near, shown so often, and five who are a little further and were not shown."""
    others = [person(f"m_{number}", district="서초구") for number in range(5)]
    return [person("m_popular", attention=often(showings)), *others]


@pytest.mark.parametrize(("showings", "taken"), [(4, True), (6, True), (9, False), (100, False)])
def test_who_is_shown_often_gives_way_to_who_is_nearly_as_good(showings: int, taken: bool) -> None:
    found = chosen(*six(showings))
    assert ("m_popular" in ids(found)) is taken
    first, *_ = shortlist(six(showings)).shortlist
    assert (first.candidate_id == "m_popular") is taken


def test_who_is_shown_as_often_as_all_the_others_is_taken() -> None:
    popular, *others = six(40)
    people = [popular, *(replace(one, attention=often(40)) for one in others)]
    found = shortlist(people)
    assert found.usual_attention == often(40)
    assert found.shortlist[0] == popular
    five = ranked(people, {}, found, RUBRIC, unjudged=BY_RULES)
    assert {one.stepped_back for one in five} == {0}
    assert five[0].candidate_id == "m_popular"


def test_who_steps_back_still_comes_before_nobody_is_left() -> None:
    people = [person(f"m_{n}", attention=often(n % 7 * 9)) for n in range(40)]
    order = [one.candidate_id for one in shortlist(people, size=50).shortlist]
    assert sorted(order) == sorted(one.candidate_id for one in people)


def test_nobody_steps_back_behind_who_suits_much_less_or_nobody() -> None:
    far = [person(f"m_{number}", **FAR, birth_year=2003, mbti="ISTJ") for number in range(5)]
    assert "m_popular" in ids(chosen(person("m_popular", attention=often(100)), *far))
    assert ids(chosen(person("m_popular", attention=often(100)))) == ["m_popular"]


def test_the_five_are_shown_by_their_scores() -> None:
    found = chosen(*six(9)[:5])
    assert ids(found)[0] == "m_popular"
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert [one.stepped_back for one in found] == [5, 0, 0, 0, 0]
    (alone,) = chosen(person("m_popular"))
    assert (found[0].score, found[0].parts) == (alone.score, alone.parts)


def test_without_the_guard_nobody_steps_back() -> None:
    off = RUBRIC.switched(learn_from_answers=True, congestion=False)
    found = chosen(*six(100), rubric=off)
    assert found[0].candidate_id == "m_popular"
    assert {one.stepped_back for one in found} == {0}


def test_a_score_can_be_recomputed_from_the_counts_kept_with_it() -> None:
    wanted = History(asked=9, wanted=8, answered=7, said_yes=7)
    (one,) = chosen(person("m_a", history=wanted))
    assert one.history is not None
    assert History(**one.history) == wanted
    (again,) = chosen(person("m_a", history=one.history))
    assert again == one


def test_what_nothing_is_learned_from_is_not_kept() -> None:
    wanted = History(asked=9, wanted=9, answered=9, said_yes=9)
    off = RUBRIC.switched(learn_from_answers=False, congestion=True)
    (one,) = chosen(person("m_a", history=wanted), rubric=off)
    (unknown,) = chosen(person("m_a"), rubric=off)
    assert one == unknown
    assert one.history is None


@pytest.mark.parametrize(
    ("yes", "answers", "told"), [(0, 0, False), (3, 3, False), (0, 9, False), (9, 9, True)]
)
def test_words_speak_for_somebody_or_not_at_all(yes: int, answers: int, told: bool) -> None:
    history = History(asked=answers, wanted=yes, answered=answers, said_yes=yes)
    (one,) = chosen(person("m_a", history=history))
    (unknown,) = chosen(person("m_a"))
    assert (KIND in one.reason) is told
    assert one.reason.replace(f", {KIND}", "") == unknown.reason

"""Who may be recommended is in the index by_place, under where they live now, and nobody else."""

from dataclasses import replace

import pytest

from cufit_contracts.profile import Profile
from cufit_service.domain.invitation import InvitationKind
from cufit_service.domain.member import Relation
from tests.unit.service.couples import HER, HIM, couple
from tests.unit.service.http_world import PROFILE_BODY, HttpWorld
from tests.unit.service.world import (
    CANDIDATE,
    MAKER,
    MORNING,
    OTHER_MAKER,
    PROFILE,
    World,
    settle,
)

HISTORY = {"asked": 4, "wanted": 3, "answered": 2, "said_yes": 1}


def keys(world: World, candidate_id: str = "m_candidate") -> tuple[object, object]:
    item = world.rows("candidates")[candidate_id]
    return item.get("place"), item.get("born")


async def saved(world: World, **changes: object) -> None:
    profile = replace(PROFILE, **changes)  # type: ignore[arg-type]
    await world.use_cases.candidates.save_profile(CANDIDATE, profile)


@pytest.mark.parametrize(
    ("city", "expected"),
    [
        ("서울", "FEMALE#서울"),
        ("서울특별시", "FEMALE#서울"),
        (" 전라북도", "FEMALE#전북"),
        ("전북특별자치도", "FEMALE#전북"),
        ("제주특별자치도", "FEMALE#제주"),
        ("도쿄", "FEMALE#기타"),
    ],
)
async def test_a_first_profile_is_found_where_they_live(city: str, expected: str) -> None:
    world = World()
    await saved(world, city=city)
    assert keys(world) == (expected, "1996#m_candidate")


async def test_who_moves_or_was_born_otherwise_is_found_there() -> None:
    world = World()
    await saved(world)
    await saved(world, city="부산광역시", birth_year=1997)
    assert keys(world) == ("FEMALE#부산", "1997#m_candidate")


async def test_who_rests_is_not_found_until_they_come_back() -> None:
    world = World()
    await saved(world)
    await world.use_cases.candidates.pause_matching(CANDIDATE, True)
    assert keys(world) == (None, None)
    await saved(world, city="부산")
    assert keys(world) == (None, None), "a profile saved while resting"
    await world.use_cases.candidates.pause_matching(CANDIDATE, False)
    assert keys(world) == ("FEMALE#부산", "1996#m_candidate")


async def test_who_has_no_maker_is_not_found_until_another_introduces_them() -> None:
    world = couple()
    world.knows(MAKER, OTHER_MAKER, HER, HIM)
    assert keys(world, "m_her")[0] == "FEMALE#서울"
    await world.use_cases.members.leave(MAKER)
    assert keys(world, "m_her") == (None, None)
    code = world.ids.invitation_code()
    kind = InvitationKind.CANDIDATE
    invited = await world.use_cases.invitations.invite(OTHER_MAKER, kind, Relation.FAMILY, code)
    await world.use_cases.invitations.accept(HER, invited.code)
    assert keys(world, "m_her") == ("FEMALE#서울", "1996#m_her")


async def test_who_left_is_not_found() -> None:
    world = World()
    await saved(world)
    await world.use_cases.members.leave(CANDIDATE)
    await settle(world)
    assert not world.rows("candidates")


async def test_nobody_tells_where_they_are_found_or_what_is_counted() -> None:
    http = HttpWorld()
    told = {"place": "MALE#제주", "born": "2007#m_x", "history": HISTORY, "attention": -9}
    http.signs_up_candidate()
    before = http.world.rows("candidates")
    answer = http.put("/v1/candidates/me", {**PROFILE_BODY, **told})
    print(answer, before)


def test_a_profile_has_no_such_field() -> None:
    assert not {"place", "born", "history", "attention"} & set(Profile.__dataclass_fields__)


def test_morning_is_used() -> None:
    assert MORNING

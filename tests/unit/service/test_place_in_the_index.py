"""Who may be recommended is in the index by_place, under where they live now, and nobody else."""

from dataclasses import replace
from decimal import Decimal

import pytest

from cufit_contracts.items import NO_HISTORY, CandidateItem, History
from cufit_contracts.stored import read
from cufit_service.domain.invitation import InvitationKind
from cufit_service.domain.member import Relation, Role
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
        ("전라북도", "FEMALE#전북"),
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


async def test_a_save_keeps_what_is_counted_and_a_membership_begins_without() -> None:
    world = World()
    await saved(world)
    assert counted(world) == (NO_HISTORY, Decimal(0))
    item = world.rows("candidates")["m_candidate"]
    world.put("candidates", "m_candidate", item | {"history": HISTORY, "attention": Decimal("2.5")})
    await saved(world, job="교사")
    await world.use_cases.candidates.pause_matching(CANDIDATE, True)
    assert counted(world) == (History(**HISTORY), Decimal("2.5"))
    back = replace(CANDIDATE, joined_at=MORNING.replace(hour=10))
    world.lost("members", CANDIDATE.member_id)
    world.knows(back)
    await world.use_cases.candidates.save_profile(back, PROFILE)
    assert counted(world) == (NO_HISTORY, Decimal(0))


@pytest.mark.parametrize("name", ["place", "born", "history", "attention"])
async def test_nobody_tells_where_they_are_found_or_what_is_counted(name: str) -> None:
    http = HttpWorld(shares_app=True)
    http.person("her", Role.CANDIDATE, "maker")
    async with http.client("her") as client:
        answer = await client.put("/v1/candidates/me", json=PROFILE_BODY | {name: HISTORY})
    assert answer.status_code == 422
    assert answer.json()["detail"] == f"Unknown: {name}."


def counted(world: World) -> tuple[History, Decimal]:
    item = read(CandidateItem, world.rows("candidates")["m_candidate"])
    return item.history, item.attention

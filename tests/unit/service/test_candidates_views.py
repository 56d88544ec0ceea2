"""What makers see: their own candidates whole, others' as cards."""

import dataclasses
from datetime import timedelta

import pytest

from cufit_contracts.photos import PhotoState
from cufit_service.application.pages import Window
from cufit_service.domain.candidate import Card
from cufit_service.domain.errors import CandidateUnknown, NotAllowed
from cufit_service.domain.member import Member
from cufit_service.domain.photo import Photo
from tests.unit.service.world import (
    ADMIN,
    BASIC,
    CANDIDATE,
    MAKER,
    MORNING,
    OTHER_MAKER,
    PROFILE,
    World,
    candidate_of,
)

OWN = candidate_of(MAKER.member_id, "m_own")
OTHERS = candidate_of(OTHER_MAKER.member_id, "m_others")


async def test_own_is_whole_and_anothers_is_a_card() -> None:
    world = World()
    world.has(OWN, OTHERS)
    assert await world.use_cases.candidates.view(MAKER, "m_own") == OWN
    card = await world.use_cases.candidates.view(MAKER, "m_others")
    assert isinstance(card, Card)
    assert (card.nickname, card.age) == (PROFILE.nickname, 2026 - PROFILE.birth_year)


def test_a_card_has_nothing_that_identifies_or_reaches_a_person() -> None:
    shown = repr(dataclasses.asdict(OWN.card(MORNING)))
    for secret in (PROFILE.name, PROFILE.phone, str(PROFILE.birth_year), MAKER.member_id):
        assert secret not in shown


async def test_one_who_does_not_exist_is_unknown() -> None:
    with pytest.raises(CandidateUnknown):
        await World().use_cases.candidates.view(MAKER, "m_nobody")


@pytest.mark.parametrize("who", [ADMIN, BASIC, CANDIDATE], ids=lambda who: str(who.role))
async def test_only_makers_look_at_candidates(who: Member) -> None:
    world = World()
    world.has(OWN)
    with pytest.raises(NotAllowed):
        await world.use_cases.candidates.view(who, "m_own")
    with pytest.raises(NotAllowed):
        await world.use_cases.candidates.of_maker(who, Window(10))


async def test_the_list_has_own_candidates_newest_first() -> None:
    world = World()
    older = candidate_of(MAKER.member_id, "m_a")
    newer = candidate_of(MAKER.member_id, "m_b", created_at=MORNING.replace(hour=10))
    world.has(older, OTHERS, newer)
    world.cloud.dynamodb.settle()
    page = await world.use_cases.candidates.of_maker(MAKER, Window(10))
    assert page.items == [newer, older]


async def test_ready_photos_come_with_links_and_others_without() -> None:
    world = World()
    ready = Photo(
        "pho_1", CANDIDATE.member_id, PhotoState.READY, MORNING, key="k", thumbnail_key="t"
    )
    later = MORNING + timedelta(seconds=1)
    pending = Photo("pho_2", CANDIDATE.member_id, PhotoState.PENDING, later)
    anothers = Photo("pho_3", "m_else", PhotoState.READY, MORNING, key="k", thumbnail_key="t")
    world.has_photos(ready, pending, anothers)
    world.cloud.dynamodb.settle()
    shown = await world.use_cases.photos.own(CANDIDATE)
    assert [(item.photo, item.url) for item in shown] == [
        (ready, "https://photos.test/k"),
        (pending, None),
    ]
    with pytest.raises(NotAllowed):
        await world.use_cases.photos.own(MAKER)

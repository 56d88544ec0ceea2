"""Somebody whose leaving concerns much, and what must be left of her: nothing."""

from cufit_contracts.photos import PhotoState
from cufit_contracts.vocabulary import PairStatus, ProfileChange
from cufit_service.domain.events import ProfileChanged
from cufit_service.domain.invitation import InvitationKind
from cufit_service.domain.match import Match, Reply
from cufit_service.domain.member import Relation
from cufit_service.domain.photo import Photo
from tests.unit.service.couples import HER, HIM, MALE
from tests.unit.service.world import (
    MAKER,
    MORNING,
    OTHER_MAKER,
    PROFILE,
    World,
    candidate_of,
)


async def peopled_world() -> World:
    """She has a photo, an open match, a matched one, and her maker waits for a recommendation."""
    world = World()
    world.knows(MAKER, OTHER_MAKER, HER, HIM)
    world.has(
        candidate_of(MAKER.member_id, "m_her"),
        candidate_of(OTHER_MAKER.member_id, "m_him", profile=MALE),
        candidate_of(OTHER_MAKER.member_id, "m_man", profile=MALE),
    )
    world.has_photos(
        Photo("pho_1", "m_her", PhotoState.READY, MORNING, key="k", thumbnail_key="t"),
        Photo("pho_2", "m_him", PhotoState.READY, MORNING, key="k", thumbnail_key="t"),
    )
    use = world.use_cases
    matched = await use.matches.suggest(MAKER, "m_her", "m_him", "sug_1")
    for who in (HER, HIM):
        await use.matches.answer(who, matched.match_id, Reply.ACCEPT)
    await use.matches.suggest(MAKER, "m_her", "m_man", "sug_2")
    await use.recommendations.ask(MAKER, "m_her", "rec_1")
    await use.recommendations.ask(OTHER_MAKER, "m_him", "rec_2")
    await use.invitations.invite(MAKER, InvitationKind.CANDIDATE, Relation.FRIEND, "CODE1")
    world.clock.advance(minutes=1)
    return world


def match_of(world: World, match_id: str) -> Match:
    match = world.stored(world.matches.find(match_id))
    assert isinstance(match, Match)
    return match


def assert_she_is_forgotten(world: World) -> None:
    assert "m_her" not in world.rows("members")
    assert "m_her" not in world.rows("candidates")
    assert list(world.rows("photos")) == ["pho_2"]
    assert not any("pho_1" in key for key in world.cloud.s3.objects)
    assert match_of(world, "m_her+m_man").status is PairStatus.CANCELED
    assert match_of(world, "m_her+m_him").status is PairStatus.MATCHED
    assert {row["candidate_id"] for row in world.rows("recommendations").values()} == {"m_him"}
    assert not world.rows("outbox")
    told = [event for event in world.changes_sent if isinstance(event, ProfileChanged)]
    gone = ProfileChanged("m_her", ProfileChange.LEFT, 0, told[-1].at)
    assert told[-1] == gone, "the index is told once more, at the end"
    for known in (world.rows("matches"), world.rows("recommendations"), world.rows("outbox")):
        for secret in (PROFILE.name, PROFILE.phone, PROFILE.nickname):
            assert secret not in repr(known)

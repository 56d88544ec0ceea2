"""Events that cannot be delivered hold up nobody and nothing else."""

import asyncio
import logging

import pytest

from cufit_contracts.vocabulary import ProfileChange
from cufit_service.application import sweep_outbox
from cufit_service.domain.events import MemberLeft, ProfileChanged, RecommendationRequested
from cufit_service.domain.record import Record
from tests.unit.service.couples import HER
from tests.unit.service.leaving import peopled_world
from tests.unit.service.world import MORNING, World, settle


async def _one_row_is_unreadable() -> World:
    """A photo of hers, as a newer version of photo_processor left it."""
    world = await peopled_world()
    row = world.everything("photos")["pho_1"]
    world.put("photos", "pho_1", row | {"state": "REJECTED", "reason": "OF_A_LATER_VERSION"})
    return world


async def test_leaving_succeeds_though_something_of_theirs_is_unreadable(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world = await _one_row_is_unreadable()
    with caplog.at_level(logging.ERROR):
        await world.use_cases.members.leave(HER)
    assert "m_her" not in world.rows("members")
    left = MemberLeft("m_her", HER.joined_at, world.clock.now())
    assert list(world.rows("outbox")) == [left.correlation_id], "it is tried again"
    (record,) = caplog.records
    assert (record.exc_info is not None, vars(record)["correlation_id"]) == (
        True,
        left.correlation_id,
    )


async def test_what_cannot_be_delivered_does_not_end_the_sweep(
    caplog: pytest.LogCaptureFixture,
) -> None:
    world = await _one_row_is_unreadable()
    for number, member_id in enumerate(("m_her", "m_gone")):
        world.clock.advance(seconds=number)
        await world.outbox.keep(MemberLeft(member_id, HER.joined_at, world.clock.now()))
    changed = ProfileChanged("m_him", ProfileChange.SAVED, 2, world.clock.now())
    await world.outbox.keep(changed)
    with caplog.at_level(logging.ERROR):
        await settle(world)
        await settle(world)
    assert changed in world.changes_sent
    assert [row["outbox_id"].split("-")[0] for row in world.rows("outbox").values()] == ["m_her"]
    assert {vars(record)["correlation_id"].split("-")[0] for record in caplog.records} == {"m_her"}


async def test_what_is_only_to_be_sent_does_not_wait_for_forgetting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However many have left, and however long that takes."""
    world = World()
    monkeypatch.setattr(sweep_outbox, "BATCH", 2)
    for number in range(3):
        await world.outbox.keep(MemberLeft(f"m_{number}", MORNING, MORNING))
    await world.outbox.keep(RecommendationRequested("rec_1", MORNING))
    begun, released = asyncio.Event(), asyncio.Event()

    async def slow(_: str) -> list[Record]:
        begun.set()
        await released.wait()
        return []

    monkeypatch.setattr(world.records, "of_member", slow)
    world.clock.advance(minutes=1)
    forgetting = asyncio.create_task(world.use_cases.sweep_outbox.forget())
    await begun.wait()
    async with asyncio.timeout(5):
        assert await world.use_cases.sweep_outbox() == 1
    assert [event.correlation_id for event in world.requests_sent] == ["rec_1"]
    released.set()
    assert await forgetting == 2

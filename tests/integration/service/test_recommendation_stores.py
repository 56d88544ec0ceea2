"""Stores of recommendations, events and answers: a use case relies on no more than this."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cufit_contracts.items import Step, StepSource, StepState
from cufit_contracts.results import Failure, FailureCode, MadeBy, MatchResult
from cufit_contracts.vocabulary import RecommendationStatus, timestamp
from cufit_service.application.once import KEPT
from cufit_service.application.pages import Position, Window
from cufit_service.application.ports import Theirs
from cufit_service.application.use_cases import Ports
from cufit_service.domain.errors import ConcurrentChange
from cufit_service.domain.events import MemberLeft, RecommendationRequested
from cufit_service.domain.recommendation import Recommendation, request
from cufit_service.domain.record import Record, Recorded
from tests.integration.service.profiles import LATER, SEEKER
from tests.unit.service.world import (
    MAKER,
    MORNING,
    OTHER_MAKER,
)

FAILED = Step(LATER, StepSource.RECONCILER, StepState.FAILED, "FIRST")


async def _pending(ports: Ports, number: int = 1) -> Recommendation:
    pending = request(MAKER, SEEKER, f"rec_{number}", MORNING + timedelta(seconds=number))
    asked = RecommendationRequested(pending.recommendation_id, pending.created_at)
    await ports.recommendations.accept(pending, asked, MAKER)
    return pending


def _degraded(pending: Recommendation) -> Recommendation:
    result = MatchResult(timestamp(MORNING), MadeBy("rules", "v1", "abc"), ())
    degraded = RecommendationStatus.DEGRADED
    return replace(pending, status=degraded, finished_at=MORNING, result=result)


class TestRecommendations:
    async def test_what_is_accepted_is_found(self, ports: Ports) -> None:
        pending = await _pending(ports)
        assert await ports.recommendations.find("rec_1") == pending
        assert await ports.recommendations.find("rec_2") is None

    async def test_accepting_leaves_its_event_in_the_outbox(self, ports: Ports) -> None:
        pending = await _pending(ports)
        event = RecommendationRequested("rec_1", pending.created_at)
        assert await ports.outbox.waiting(LATER, 10) == [event]

    async def test_an_id_is_accepted_once(self, ports: Ports) -> None:
        first = await _pending(ports)
        again = replace(first, maker_id=OTHER_MAKER.member_id)
        asked = RecommendationRequested("rec_1", LATER)
        with pytest.raises(ConcurrentChange):
            await ports.recommendations.accept(again, asked, MAKER)
        assert await ports.recommendations.find("rec_1") == first

    async def test_only_a_degraded_one_is_upgraded(self, ports: Ports) -> None:
        pending = await _pending(ports)
        again = replace(_degraded(pending).upgraded(LATER), timeline=pending.timeline)
        asked = RecommendationRequested("rec_1", LATER)
        for _ in range(2):
            with pytest.raises(ConcurrentChange):
                await ports.recommendations.upgrade(again, asked, MAKER)
            await ports.recommendations.fail(
                "rec_1", Failure(FailureCode.NOT_ANSWERED, "why"), FAILED
            )

    async def test_steps_are_added_in_order(self, ports: Ports) -> None:
        pending = await _pending(ports)
        steps = [
            Step(LATER, StepSource.OUTBOX, StepState.SENT),
            Step(LATER, StepSource.WORKER, StepState.STARTED, "try 1"),
        ]
        for step in steps:
            await ports.recommendations.note("rec_1", step)
        found = await ports.recommendations.find("rec_1")
        assert found == replace(pending, timeline=(*pending.timeline, *steps))

    async def test_a_step_that_was_sent_twice_is_there_once(self, ports: Ports) -> None:
        pending = await _pending(ports)
        steps = [
            Step(LATER, StepSource.SWEEPER, StepState.SENT),
            Step(LATER, StepSource.OUTBOX, StepState.SENT),
        ]
        for step in (*steps, steps[0]):
            await ports.recommendations.note("rec_1", step)
        found = await ports.recommendations.find("rec_1")
        assert found == replace(pending, timeline=(*pending.timeline, *steps))

    async def test_a_step_of_one_that_is_gone_makes_nothing(self, ports: Ports) -> None:
        await ports.recommendations.note("rec_gone", Step(LATER, StepSource.OUTBOX, StepState.SENT))
        assert await ports.recommendations.find("rec_gone") is None

    async def test_pages_are_whole_and_end(self, ports: Ports) -> None:
        for number in range(1, 6):
            await _pending(ports, number)
        seen: list[str] = []
        after: Position | None = None
        for expected in (2, 2, 1):
            page = await ports.recommendations.of_maker(MAKER.member_id, Window(2, after))
            assert len(page.items) == expected
            seen += [item.recommendation_id for item in page.items]
            after = page.end
        assert seen == [f"rec_{number}" for number in (5, 4, 3, 2, 1)]
        assert after is None

    async def test_a_full_last_page_is_the_last(self, ports: Ports) -> None:
        for number in range(1, 3):
            await _pending(ports, number)
        page = await ports.recommendations.of_maker(MAKER.member_id, Window(2))
        assert (len(page.items), page.end) == (2, None)

    async def test_anothers_position_leads_into_ones_own_list(self, ports: Ports) -> None:
        await _pending(ports)
        anywhere = Position("2026-11-23T00:00:00.000Z", "rec_of_somebody_else")
        page = await ports.recommendations.of_maker(MAKER.member_id, Window(2, anywhere))
        assert [item.recommendation_id for item in page.items] == ["rec_1"]

    async def test_only_a_pending_one_fails(self, ports: Ports) -> None:
        pending = await _pending(ports)
        fail = ports.recommendations.fail
        assert await fail("rec_1", Failure(FailureCode.NOT_ANSWERED, "why"), FAILED)
        assert not await fail("rec_1", Failure(FailureCode.SEEKER_GONE, "why"), FAILED)
        assert not await fail("rec_gone", Failure(FailureCode.NOT_ANSWERED, "why"), FAILED)
        expected = replace(
            pending,
            status=RecommendationStatus.FAILED,
            failure=Failure(FailureCode.NOT_ANSWERED, "why"),
            finished_at=LATER,
            timeline=(*pending.timeline, FAILED),
        )
        assert await ports.recommendations.find("rec_1") == expected
        assert await ports.recommendations.pending(before=LATER) == []
        assert await ports.recommendations.find("rec_gone") is None

    async def test_pending_ones_are_found_oldest_first_and_removed(self, ports: Ports) -> None:
        first, second, _ = [await _pending(ports, number) for number in (1, 2, 3)]
        found = await ports.recommendations.pending(before=second.created_at)
        assert found == [first, second]
        await ports.recommendations.remove("rec_1")
        await ports.recommendations.remove("rec_1")
        assert await ports.recommendations.find("rec_1") is None
        assert await ports.recommendations.pending(before=second.created_at) == [second]

    async def test_those_that_name_somebody_are_found(self, ports: Ports) -> None:
        await _pending(ports)
        assert await ports.recommendations.naming("m_nobody") == []
        for who in (MAKER.member_id, "m_seeker"):
            assert await ports.recommendations.naming(who) == [Theirs("rec_1", MORNING)]

    async def test_one_who_left_asks_for_nothing(self, ports: Ports) -> None:
        await ports.members.remove(MemberLeft(MAKER.member_id, MAKER.joined_at, LATER))
        with pytest.raises(ConcurrentChange):
            await _pending(ports)
        assert await ports.recommendations.find("rec_1") is None


class TestOutbox:
    async def test_only_older_events_wait(self, ports: Ports) -> None:
        pending = await _pending(ports)
        assert await ports.outbox.waiting(pending.created_at, 10) == []

    async def test_no_more_than_asked_for(self, ports: Ports) -> None:
        for number in range(1, 4):
            await _pending(ports, number)
        assert len(await ports.outbox.waiting(LATER, 2)) == 2

    async def test_what_is_kept_waits(self, ports: Ports) -> None:
        event = RecommendationRequested("rec_1", MORNING)
        await ports.outbox.keep(event)
        await ports.outbox.keep(event)
        assert await ports.outbox.waiting(LATER, 10) == [event]

    async def test_removing_twice_is_removing_once(self, ports: Ports) -> None:
        pending = await _pending(ports)
        event = RecommendationRequested("rec_1", pending.created_at)
        await ports.outbox.remove(event)
        await ports.outbox.remove(event)
        assert await ports.outbox.waiting(LATER, 10) == []

    async def test_one_to_be_forgotten_again_waits_until_then(self, ports: Ports) -> None:
        left = MemberLeft(MAKER.member_id, MORNING, MORNING)
        again = replace(left, again_at=LATER)
        await ports.outbox.keep(left)
        await ports.outbox.keep(again)
        assert await ports.outbox.waiting(LATER, 10) == []
        assert await ports.outbox.waiting(LATER + timedelta(seconds=1), 10) == [again]

    async def test_who_has_left_and_what_is_to_be_sent_are_found_apart(self, ports: Ports) -> None:
        left = MemberLeft(MAKER.member_id, MORNING, MORNING)
        asked = RecommendationRequested("rec_1", MORNING)
        await ports.outbox.keep(left)
        await ports.outbox.keep(asked)
        assert await ports.outbox.waiting(LATER, 1, leaving=True) == [left]
        assert await ports.outbox.waiting(LATER, 1, leaving=False) == [asked]


class TestRecords:
    record = Record("a", "m_seeker", MORNING, "body-1", "rec_1", LATER, LATER + KEPT)

    async def test_what_is_saved_is_found(self, ports: Ports) -> None:
        assert await ports.records.find("a") is None
        await ports.records.save(self.record)
        assert await ports.records.find("a") == self.record

    async def test_only_the_next_version_issaved(self, ports: Ports) -> None:
        await ports.records.save(self.record)
        with pytest.raises(ConcurrentChange):
            await ports.records.save(replace(self.record, reserved_id="rec_2"))
        answer = Recorded(201, {"Location": "/v1/x"}, '{"이름": 1}')
        completed = replace(self.record, answer=answer, version=2)
        await ports.records.save(completed)
        with pytest.raises(ConcurrentChange):
            await ports.records.save(replace(completed, answer=Recorded(409, {}, "{}")))
        assert await ports.records.find("a") == completed

    async def test_removing_twice_is_removing_once(self, ports: Ports) -> None:
        await ports.records.save(self.record)
        await ports.records.remove("a")
        await ports.records.remove("a")
        assert await ports.records.find("a") is None

    async def test_a_members_own_are_found(self, ports: Ports) -> None:
        await ports.records.save(self.record)
        await ports.records.save(replace(self.record, record_id="b", member_id="m_other"))
        assert await ports.records.of_member("m_seeker") == [self.record]

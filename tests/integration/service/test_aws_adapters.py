"""What the AWS adapters do beyond the stores' contract: what others read."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from cufit_contracts.items import CandidateItem, RecommendationItem
from cufit_contracts.messages import MatchRequested, ProfileChanged
from cufit_contracts.results import (
    DecidedBy,
    MadeBy,
    MatchResult,
    RankedCandidate,
    ScorePart,
)
from cufit_contracts.stored import read, written
from cufit_contracts.vocabulary import KST, ProfileChange, RecommendationStatus
from cufit_service.adapters.dynamodb.database import DynamoDb
from cufit_service.adapters.dynamodb.expressions import Attr
from cufit_service.adapters.dynamodb.writes import delete, put, update
from cufit_service.application.pages import Window
from cufit_service.domain import events
from cufit_service.domain.errors import ConcurrentChange
from cufit_service.domain.quota import recommendations
from tests.integration.service.conftest import Moto
from tests.integration.service.profiles import LATER, SEEKER, person, save_new, saved
from tests.unit.service.world import MAKER, MORNING

SAVED = saved(SEEKER)


async def test_match_worker_can_read_what_is_asked(aws: Moto) -> None:
    await aws.ports.requests.send(events.RecommendationRequested("rec_1", MORNING))
    (message,) = aws.received("match-requests")
    assert MatchRequested.from_body(message["Body"]) == MatchRequested.of("rec_1", MORNING)
    assert message["MessageAttributes"]["correlation_id"]["StringValue"] == "rec_1"


async def test_profile_indexer_can_read_what_is_told(aws: Moto) -> None:
    left = events.ProfileChanged("m_seeker", ProfileChange.LEFT, 7, MORNING)
    await aws.ports.changes.send(left)
    (message,) = aws.received("profile-changes")
    told = ProfileChanged.from_body(message["Body"])
    assert (told.candidate_id, told.change, told.version) == ("m_seeker", ProfileChange.LEFT, 7)
    assert told.correlation_id == "m_seeker-v7"
    assert "김하늘" not in message["Body"]


async def test_the_functions_can_read_a_candidate(aws: Moto) -> None:
    await save_new(aws.ports, SEEKER)
    item = read(CandidateItem, aws.item("candidates", candidate_id="m_seeker"))
    assert (item.phone, item.version, item.index_state) == ("01012345678", 1, "PENDING")
    assert item.ideal_type.height_range is not None


async def test_saving_keeps_what_the_indexer_wrote(aws: Moto) -> None:
    await save_new(aws.ports, SEEKER)
    aws.dynamodb.update_item(
        TableName="candidates",
        Key={"candidate_id": {"S": "m_seeker"}},
        UpdateExpression="SET index_state = :s, index_version = :v, index_reason = :r",
        ExpressionAttributeValues={
            ":s": {"S": "INDEXED"},
            ":v": {"N": "1"},
            ":r": {"S": "slow"},
        },
    )
    found = await aws.ports.candidates.find("m_seeker")
    assert found is not None
    assert found.index_state == "INDEXED"
    paused = found.resting(True, LATER)
    await aws.ports.candidates.save(paused, SAVED, person(paused))
    item = read(CandidateItem, aws.item("candidates", candidate_id="m_seeker"))
    assert (item.index_state, item.index_version, item.index_reason) == ("PENDING", 1, None)


async def test_what_is_told_no_more_is_gone(aws: Moto) -> None:
    await save_new(aws.ports, SEEKER)
    untold: Any = None  # as any optional field may be
    later = SEEKER.saved(replace(SEEKER.profile, self_introduction="짧게"), LATER)
    later = replace(later, profile=replace(later.profile, self_introduction=untold))
    told = events.ProfileChanged("m_seeker", ProfileChange.SAVED, 2, LATER)
    await aws.ports.candidates.save(later, told, person(later))
    item = aws.item("candidates", candidate_id="m_seeker")
    assert item["version"] == 2
    assert "self_introduction" not in item


async def test_an_answer_written_by_match_worker_is_read(aws: Moto) -> None:
    part = ScorePart(criterion="age", points=12, limit=15, decided_by=DecidedBy.CODE)
    ranked = RankedCandidate(
        rank=1, candidate_id="m_partner", score=12, parts=(part,), reason="잘 어울립니다"
    )
    origin = MadeBy(
        matchmaker="retrieve_and_generate",
        prompt_version="v1",
        prompt_hash="abc",
        model_id="cufit.simulated-v1",
    )
    stamp = "2026-11-22T09:00:01.000Z"
    item = RecommendationItem(
        recommendation_id="rec_1",
        maker_id=MAKER.member_id,
        candidate_id="m_seeker",
        status=RecommendationStatus.READY,
        created_at=MORNING,
        finished_at=MORNING,
        result=MatchResult(made_at=stamp, made_by=origin, candidates=(ranked,)),
    )
    aws.put("recommendations", written(item))
    found = await aws.ports.recommendations.find("rec_1")
    assert found is not None
    assert found.result is not None
    assert found.result.made_by.without_model
    assert found.result.candidates[0].parts[0].decided_by == "code"


async def test_what_was_asked_for_in_a_day_is_forgotten_two_days_later(aws: Moto) -> None:
    place = recommendations(1).place(MAKER.member_id, "rec_1", MORNING)
    assert await aws.ports.quotas.take(place, 1)
    stored = aws.item("idempotency", id=f"quota#recommendations#{MAKER.member_id}#2026-11-22")
    assert stored["ids"] == {"rec_1"}
    midnight = datetime(2026, 11, 24, tzinfo=KST)
    assert stored["expiration"] == int(midnight.timestamp())


async def test_an_unreadable_outbox_row_stays_and_holds_up_nobody(
    aws: Moto, caplog: pytest.LogCaptureFixture
) -> None:
    row = {"outbox_id": "a", "queue": "match-requests", "body": "{}", "correlation_id": "a"}
    aws.put("outbox", row | {"created_at": "2026-11-22T00:00:00.000Z"})
    await save_new(aws.ports, SEEKER)
    assert await aws.ports.outbox.waiting(LATER, 10) == [SAVED]
    assert "outbox row unreadable" in caplog.text
    assert aws.item("outbox", outbox_id="a")


async def test_a_write_that_was_sent_twice_is_made(aws: Moto) -> None:
    """Its first answer was lost; the second attempt meets what the first one wrote."""
    store: DynamoDb = aws.ports.records._dynamodb  # type: ignore[attr-defined]
    key = {"id": "a"}
    for _ in range(2):
        await store.write(put("idempotency", key | {"n": 1}, Attr("id").not_exists()))
    after = update("idempotency", key, {"n": 2}, remove=["m"], condition=Attr("n").eq(1))
    for _ in range(2):
        await store.write(after)
    assert await store.get("idempotency", key) == key | {"n": 2}
    for other in (
        put("idempotency", key | {"n": 3}, Attr("id").not_exists()),
        update("idempotency", key, {"n": 3}, condition=Attr("n").eq(1)),
        delete("idempotency", key, Attr("n").eq(1)),
    ):
        with pytest.raises(ConcurrentChange):
            await store.write(other)


async def test_an_unreadable_recommendation_holds_up_no_other(
    aws: Moto, caplog: pytest.LogCaptureFixture
) -> None:
    item = RecommendationItem(
        recommendation_id="rec_1",
        maker_id=MAKER.member_id,
        candidate_id="m_seeker",
        status=RecommendationStatus.PENDING,
        created_at=MORNING,
    )
    waiting = written(item) | {"open": "PENDING"}
    aws.put("recommendations", waiting)
    newer = {"result": {"schema_version": 99}}
    aws.put("recommendations", waiting | {"recommendation_id": "rec_2"} | newer)
    stores = aws.ports.recommendations
    listed = await stores.of_maker(MAKER.member_id, Window(10))
    pending = await stores.pending(LATER)
    assert [one.recommendation_id for one in listed.items] == ["rec_1"]
    assert [one.recommendation_id for one in pending] == ["rec_1"]
    assert "recommendation unreadable" in caplog.text

"""What the AWS adapters do beyond the stores' contract: what others read, and how calls fail."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from boto3.dynamodb.types import TypeSerializer
from botocore import auth

from cufit_contracts.items import CandidateItem, RecommendationItem, Step
from cufit_contracts.messages import MatchRequested, ProfileChanged
from cufit_contracts.photos import PhotoState
from cufit_contracts.results import (
    DecidedBy,
    MadeBy,
    MatchResult,
    RankedCandidate,
    ScorePart,
)
from cufit_contracts.stored import read, written
from cufit_contracts.vocabulary import KST, ProfileChange, RecommendationStatus
from cufit_service.adapters.aws import api as aws_api
from cufit_service.adapters.aws.clients import aws_clients
from cufit_service.adapters.dynamodb.database import Attr, DynamoDb, delete, put, update
from cufit_service.adapters.s3.photo_files import S3PhotoFiles
from cufit_service.domain import events
from cufit_service.domain.errors import ConcurrentChange, TooOften, Unavailable
from cufit_service.domain.member import Role
from cufit_service.domain.recommendation import request
from tests.benchmarks import boto3_clients
from tests.in_memory_aws.settings import BUCKET, REGION
from tests.integration.service.conftest import Ask, Moto
from tests.integration.service.hostile import answering
from tests.unit.service.world import MAKER, MORNING, candidate_of, member

LATER = MORNING + timedelta(hours=1)
SEEKER = candidate_of(MAKER.member_id, "m_seeker")
SAVED = events.ProfileChanged("m_seeker", ProfileChange.SAVED, 1, MORNING)


def _item(moto: Moto, table: str, **key: str) -> dict[str, Any]:
    found = boto3.resource("dynamodb", region_name=REGION).Table(table).get_item(Key=key)
    return dict(found["Item"])


def _put(moto: Moto, table: str, item: dict[str, Any]) -> None:
    packed = {name: TypeSerializer().serialize(value) for name, value in item.items()}
    moto.dynamodb.put_item(TableName=table, Item=packed)


async def _save_seeker(moto: Moto) -> None:
    await moto.ports.members.welcome(member("m_seeker", Role.CANDIDATE, MAKER.member_id))
    await moto.ports.candidates.save(SEEKER, SAVED)


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
    await _save_seeker(aws)
    item = read(CandidateItem, _item(aws, "candidates", candidate_id="m_seeker"))
    assert (item.phone, item.version, item.index_state) == ("01012345678", 1, "PENDING")
    assert item.ideal_type.height_range is not None


async def test_saving_keeps_what_the_indexer_wrote(aws: Moto) -> None:
    await _save_seeker(aws)
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
    await aws.ports.candidates.save(paused, SAVED)
    item = read(CandidateItem, _item(aws, "candidates", candidate_id="m_seeker"))
    assert (item.index_state, item.index_version, item.index_reason) == ("PENDING", 1, None)


async def test_what_is_told_no_more_is_gone(aws: Moto) -> None:
    await _save_seeker(aws)
    untold: Any = None  # as any optional field may be
    later = SEEKER.saved(replace(SEEKER.profile, self_introduction="짧게"), LATER)
    later = replace(later, profile=replace(later.profile, self_introduction=untold))
    told = events.ProfileChanged("m_seeker", ProfileChange.SAVED, 2, LATER)
    await aws.ports.candidates.save(later, told)
    item = _item(aws, "candidates", candidate_id="m_seeker")
    assert item["version"] == 2
    assert "self_introduction" not in item


async def test_a_pending_recommendation_is_in_the_open_index_until_it_is_not(aws: Moto) -> None:
    pending = request(MAKER, SEEKER, "rec_1", MORNING)
    quota = await aws.ports.recommendations.quota(MAKER.member_id, MORNING)
    await aws.ports.recommendations.accept(
        pending,
        events.RecommendationRequested("rec_1", MORNING),
        quota.after_one_more(1, MORNING, TooOften),
    )
    stored = _item(aws, "recommendations", recommendation_id="rec_1")
    assert (stored["open"], stored["status"]) == ("PENDING", "PENDING")


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
    _put(aws, "recommendations", written(item))
    found = await aws.ports.recommendations.find("rec_1")
    assert found is not None
    assert found.result is not None
    assert found.result.made_by.without_model
    assert found.result.candidates[0].parts[0].decided_by == "code"


async def test_a_degraded_answer_is_taken_back_and_asked_for_again(aws: Moto) -> None:
    stamp = "2026-11-22T09:00:01.000Z"
    origin = MadeBy(matchmaker="rules", prompt_version="v1", prompt_hash="abc")
    item = RecommendationItem(
        recommendation_id="rec_1",
        maker_id=MAKER.member_id,
        candidate_id="m_seeker",
        status=RecommendationStatus.DEGRADED,
        created_at=MORNING,
        finished_at=MORNING,
        timeline=(Step(at=MORNING, source="worker", state="DEGRADED", detail="BRAKE_ON"),),
        result=MatchResult(made_at=stamp, made_by=origin, candidates=()),
    )
    _put(aws, "recommendations", written(item))
    stores = aws.ports.recommendations
    found = await stores.find("rec_1")
    assert found is not None
    asked = events.RecommendationRequested("rec_1", LATER)
    quota = await stores.quota(MAKER.member_id, LATER)
    await stores.upgrade(found.upgraded(LATER), asked, quota.after_one_more(1, LATER, TooOften))
    stored = _item(aws, "recommendations", recommendation_id="rec_1")
    assert (stored["status"], stored["open"]) == ("PENDING", "PENDING")
    assert not {"result", "finished_at"} & stored.keys()
    assert [entry["state"] for entry in stored["timeline"]] == ["DEGRADED", "UPGRADE_ASKED"]
    assert await stores.pending(LATER) == [found.upgraded(LATER)]
    assert await aws.ports.outbox.waiting(LATER + timedelta(seconds=1), 10) == [asked]
    with pytest.raises(ConcurrentChange):
        await stores.upgrade(found.upgraded(LATER), asked, quota.after_one_more(9, LATER, TooOften))


async def test_what_was_asked_for_in_a_day_is_forgotten_two_days_later(aws: Moto) -> None:
    stores = aws.ports.recommendations
    quota = (await stores.quota(MAKER.member_id, MORNING)).after_one_more(1, MORNING, TooOften)
    asked = events.RecommendationRequested("rec_1", MORNING)
    await stores.accept(request(MAKER, SEEKER, "rec_1", MORNING), asked, quota)
    assert await stores.quota(MAKER.member_id, LATER) == quota
    stored = _item(aws, "idempotency", id=f"recommendations-of#{MAKER.member_id}")
    midnight = datetime(2026, 11, 24, tzinfo=KST)
    assert stored["expiration"] == int(midnight.timestamp())


async def test_an_unreadable_outbox_row_stays_and_holds_up_nobody(
    aws: Moto, caplog: pytest.LogCaptureFixture
) -> None:
    row = {"outbox_id": "a", "queue": "match-requests", "body": "{}", "correlation_id": "a"}
    _put(aws, "outbox", row | {"created_at": "2026-11-22T00:00:00.000Z"})
    await _save_seeker(aws)
    assert await aws.ports.outbox.waiting(LATER, 10) == [SAVED]
    assert "outbox row unreadable" in caplog.text
    assert _item(aws, "outbox", outbox_id="a")


async def test_photos_are_shown_oldest_first_and_a_quota_is_no_photo(aws: Moto) -> None:
    base = {"candidate_id": "m_seeker", "state": "PENDING"}
    _put(aws, "photos", {"photo_id": "quota#m_seeker", "used": 2})
    for second in (2, 1):
        stamp = f"2026-11-22T09:00:0{second}.000Z"
        _put(aws, "photos", base | {"photo_id": f"pho_{second}", "created_at": stamp})
    shown = await aws.ports.photos.of_candidate("m_seeker")
    assert [photo.photo_id for photo in shown] == ["pho_1", "pho_2"]


async def test_a_withdrawn_photo_is_rejected_and_then_forgotten(aws: Moto) -> None:
    item = {"photo_id": "pho_1", "candidate_id": "m_seeker", "state": "PENDING"}
    _put(aws, "photos", item | {"created_at": "2026-11-22T09:00:00.000Z"})
    _put(aws, "photos", {"photo_id": "quota#m_seeker", "live": 2, "revision": 5})
    (pending,) = await aws.ports.photos.of_candidate("m_seeker")
    await aws.ports.photos.withdraw(pending)
    (photo,) = await aws.ports.photos.of_candidate("m_seeker")
    assert photo.state is PhotoState.REJECTED
    await aws.ports.photos.withdraw(pending)
    quota = _item(aws, "photos", photo_id="quota#m_seeker")
    assert (quota["live"], quota["revision"]) == (1, 6)
    await aws.ports.photos.forget("pho_1")
    assert await aws.ports.photos.of_candidate("m_seeker") == []


async def test_a_photos_files_are_all_deleted_and_no_others(aws: Moto) -> None:
    s3 = boto3.client("s3", region_name=REGION)
    for photo in ("pho_1", "pho_2"):
        for key in (f"incoming/{photo}", f"photos/{photo}.jpg", f"photos/{photo}-thumb.jpg"):
            s3.put_object(Bucket=BUCKET, Key=key, Body=b"x")
    await aws.ports.photo_files.delete("pho_1")
    await aws.ports.photo_files.delete("pho_1")
    left = {item["Key"] for item in s3.list_objects_v2(Bucket=BUCKET)["Contents"]}
    assert left == {"incoming/pho_2", "photos/pho_2.jpg", "photos/pho_2-thumb.jpg"}


async def test_a_photo_link_is_botocores(monkeypatch: pytest.MonkeyPatch, keys: None) -> None:
    """Signed, regional and short-lived; byte for byte what boto3 makes in the same second."""
    monkeypatch.setattr(auth, "get_current_datetime", lambda: MORNING)
    clients = aws_clients({}, REGION, BUCKET, bucket_in_path=False)
    peer = boto3_clients.boto3_clients({}, REGION, BUCKET, bucket_in_path=False)
    made, expected = [
        urlsplit(await S3PhotoFiles(one.photos).link("photos/pho 1.jpg")) for one in (clients, peer)
    ]
    await clients.close()
    await peer.close()
    assert made.geturl() == expected.geturl()
    assert made.hostname == f"photo-bucket.s3.{REGION}.amazonaws.com"
    assert made.path == "/photos/pho%201.jpg"
    query = parse_qs(made.query)
    assert query["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert query["X-Amz-Expires"] == ["300"]
    assert query["response-content-type"] == ["image/jpeg"]


def _reasons(*codes: str) -> dict[str, Any]:
    return {"CancellationReasons": [{"Code": code} for code in codes]}


@pytest.mark.parametrize(
    ("code", "more", "raised"),
    [
        ("TransactionCanceledException", _reasons("None", "ConditionalCheckFailed"), "race"),
        ("TransactionCanceledException", _reasons("TransactionConflict", "None"), "race"),
        ("TransactionCanceledException", _reasons("ThrottlingError", "None"), "down"),
        (
            "TransactionCanceledException",
            _reasons("ThrottlingError", "ConditionalCheckFailed"),
            "down",
        ),
        ("TransactionConflictException", {}, "race"),
        ("ConditionalCheckFailedException", {}, "race"),
        ("ProvisionedThroughputExceededException", {}, "down"),
        ("InternalServerError", {}, "down"),
        ("AccessDeniedException", {}, "down"),
    ],
)
async def test_a_failed_call_is_a_race_or_unavailable(
    code: str, more: dict[str, Any], raised: str, caplog: pytest.LogCaptureFixture, ask: Ask
) -> None:
    said = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", **more}
    async with answering((400, said)) as acting:
        store = DynamoDb(ask(acting.port))
        with pytest.raises(ConcurrentChange if raised == "race" else Unavailable):
            await store.write_together({"Put": {"TableName": "t", "Item": {"id": {"S": "1"}}}})
    logged = [getattr(record, "reason", None) for record in caplog.records]
    assert (code in logged) == (raised == "down")


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


def test_every_call_ends_well_before_the_http_api_gives_up() -> None:
    longest = aws_api.ATTEMPTS * (aws_api.CONNECT_SECONDS + aws_api.READ_SECONDS)
    # Two calls in a row within API Gateway's 30 s, with room for the pauses.
    assert longest * 2 <= 15

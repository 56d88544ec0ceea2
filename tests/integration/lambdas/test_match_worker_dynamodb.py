"""match_worker's tables in DynamoDB (moto)."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from botocore.stub import Stubber

from cufit_contracts.items import RecommendationItem, Step, StepSource, StepState
from cufit_contracts.places import LAST_ID, born
from cufit_contracts.results import Failure, FailureCode, MadeBy, MatchResult, RankedCandidate
from cufit_contracts.stored import read
from cufit_contracts.vocabulary import (
    Gender,
    PairStatus,
    RecommendationStatus,
    pair_id,
    timestamp,
)
from match_worker.adapters import dynamodb_batch
from match_worker.adapters.dynamodb_candidates import DynamodbCandidates
from match_worker.adapters.dynamodb_pairs import DynamodbPairs
from match_worker.adapters.dynamodb_recommendations import DynamodbRecommendations
from match_worker.ports import Outcome
from tests.integration.lambdas.items import candidate_item, recommendation_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource, Table

AT = datetime(2026, 11, 22, 3, 0, 5, tzinfo=UTC)


def entry(state: StepState) -> Step:
    return Step(at=AT, source=StepSource.WORKER, state=state)


def ready() -> Outcome:
    made_by = MadeBy(matchmaker="rules", prompt_version="v1", prompt_hash="abc", model_id=None)
    ranked = RankedCandidate(rank=1, candidate_id="m_a", score=0, parts=(), reason="좋아요")
    result = MatchResult(made_at=timestamp(AT), made_by=made_by, candidates=(ranked,))
    return Outcome(RecommendationStatus.READY, AT, entry(StepState.READY), result=result)


def failed() -> Outcome:
    failure = Failure(code=FailureCode.SEEKER_GONE, message="없어요")
    return Outcome(RecommendationStatus.FAILED, AT, entry(StepState.FAILED), failure=failure)


def stored(table: "Table") -> dict[str, Any]:
    return table.get_item(Key={"recommendation_id": "rec_1"})["Item"]


class TestRecommendations:
    def test_begin_adds_to_the_timeline_and_returns_the_item(
        self, recommendations: "Table"
    ) -> None:
        recommendations.put_item(Item=recommendation_item())
        item = DynamodbRecommendations(recommendations).begin("rec_1", entry(StepState.STARTED))
        assert item is not None
        assert item.candidate_id == "m_seeker"
        assert [one.state for one in item.timeline] == ["ACCEPTED", "STARTED"]

    def test_begin_starts_a_timeline_that_is_not_there(self, recommendations: "Table") -> None:
        item = recommendation_item()
        del item["timeline"]
        recommendations.put_item(Item=item)
        begun = DynamodbRecommendations(recommendations).begin("rec_1", entry(StepState.STARTED))
        assert begun is not None
        assert len(begun.timeline) == 1

    def test_begin_returns_none_for_what_ended_or_never_was(self, recommendations: "Table") -> None:
        adapter = DynamodbRecommendations(recommendations)
        assert adapter.begin("rec_1", entry(StepState.STARTED)) is None
        recommendations.put_item(Item=recommendation_item(status="READY"))
        assert adapter.begin("rec_1", entry(StepState.STARTED)) is None
        assert len(stored(recommendations)["timeline"]) == 1

    def test_finish_writes_result_story_and_state_at_once(self, recommendations: "Table") -> None:
        recommendations.put_item(Item=recommendation_item())
        assert DynamodbRecommendations(recommendations).finish("rec_1", ready())
        item = stored(recommendations)
        assert "open" not in item, "it leaves the sparse index"
        assert item["finished_at"] == "2026-11-22T03:00:05.000Z"
        found = read(RecommendationItem, item)
        assert found.status is RecommendationStatus.READY
        assert found.result == ready().result
        assert found.failure is None

    def test_a_failure_is_written_with_its_reason(self, recommendations: "Table") -> None:
        recommendations.put_item(Item=recommendation_item())
        assert DynamodbRecommendations(recommendations).finish("rec_1", failed())
        found = read(RecommendationItem, stored(recommendations))
        assert found.failure == failed().failure
        assert found.result is None

    def test_only_the_first_end_counts(self, recommendations: "Table") -> None:
        recommendations.put_item(Item=recommendation_item())
        adapter = DynamodbRecommendations(recommendations)
        assert adapter.finish("rec_1", ready())
        before = stored(recommendations)
        assert not adapter.finish("rec_1", failed())
        assert not adapter.finish("rec_unknown", ready())
        assert stored(recommendations) == before

    def test_a_note_changes_nothing_but_the_timeline(self, recommendations: "Table") -> None:
        recommendations.put_item(Item=recommendation_item())
        DynamodbRecommendations(recommendations).note("rec_1", entry(StepState.DELAYED))
        item = stored(recommendations)
        assert [one["state"] for one in item.pop("timeline")] == ["ACCEPTED", "DELAYED"]
        before = recommendation_item()
        before.pop("timeline")
        assert item == before


class TestCandidates:
    def test_the_phone_number_is_not_even_fetched(
        self, dynamodb: "DynamoDBServiceResource", candidates: "Table"
    ) -> None:
        candidates.put_item(Item=candidate_item("m_a"))
        adapter = DynamodbCandidates(dynamodb, "candidates")
        found = adapter.get("m_a")
        assert found is not None
        nearby = adapter.living_in(Gender.FEMALE, "서울", born(1990), born(2000, LAST_ID), 10)
        everything = [found, *adapter.get_many(["m_a"]).values(), *nearby.people]
        assert len(everything) == 3
        for profile in everything:
            assert profile.candidate_id == "m_a"
            assert "9876" not in repr(profile)

    def test_who_is_not_there_is_left_out(
        self, dynamodb: "DynamoDBServiceResource", candidates: "Table"
    ) -> None:
        candidates.put_item(Item=candidate_item("m_a"))
        adapter = DynamodbCandidates(dynamodb, "candidates")
        assert adapter.get("m_b") is None
        assert set(adapter.get_many(["m_b", "m_a"])) == {"m_a"}

    def test_more_than_one_call_takes(
        self, dynamodb: "DynamoDBServiceResource", candidates: "Table"
    ) -> None:
        ids = [f"m_{n}" for n in range(dynamodb_batch.MAX_KEYS + 5)]
        with candidates.batch_writer() as batch:
            for candidate_id in ids:
                batch.put_item(Item=candidate_item(candidate_id))
        assert len(DynamodbCandidates(dynamodb, "candidates").get_many(ids)) == len(ids)

    def test_an_item_out_of_shape_costs_only_itself(
        self,
        dynamodb: "DynamoDBServiceResource",
        candidates: "Table",
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        candidates.put_item(Item=candidate_item("m_a"))
        candidates.put_item(Item=candidate_item("m_b") | {"height_cm": "비밀이에요"})
        adapter = DynamodbCandidates(dynamodb, "candidates")
        assert set(adapter.get_many(["m_a", "m_b"])) == {"m_a"}
        assert "비밀" not in capsys.readouterr().out


class TestBatch:
    def test_keys_left_for_later_are_asked_for_again(
        self, dynamodb: "DynamoDBServiceResource", monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(dynamodb_batch, "_FIRST_PAUSE", 0)
        with Stubber(dynamodb.meta.client) as stub:
            stub.add_response(
                "batch_get_item",
                {"Responses": {"t": [{"id": {"S": "a"}}]}, "UnprocessedKeys": _unread()},
            )
            stub.add_response("batch_get_item", {"Responses": {"t": [{"id": {"S": "b"}}]}})
            items = dynamodb_batch.get_items(dynamodb, "t", [{"id": "a"}, {"id": "b"}], {})
        assert items == [{"id": "a"}, {"id": "b"}]

    def test_keys_that_stay_unread_are_not_taken_for_missing(
        self, dynamodb: "DynamoDBServiceResource", monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(dynamodb_batch, "_FIRST_PAUSE", 0)
        with Stubber(dynamodb.meta.client) as stub:
            for _ in range(4):
                stub.add_response("batch_get_item", {"Responses": {}, "UnprocessedKeys": _unread()})
            with pytest.raises(dynamodb_batch.TableOverloaded):
                dynamodb_batch.get_items(dynamodb, "t", [{"id": "b"}], {})


def _unread() -> Any:
    """A new one for each answer: boto3 turns its values into Python ones in place."""
    return {"t": {"Keys": [{"id": {"S": "b"}}]}}


@pytest.mark.parametrize("status", list(PairStatus))
def test_a_pair_is_recommended_until_it_was_suggested_or_blocked(
    dynamodb: "DynamoDBServiceResource", matches: "Table", status: PairStatus
) -> None:
    matches.put_item(Item={"pair_id": pair_id("m_b", "m_seeker"), "status": status})
    assert DynamodbPairs(dynamodb, "matches").taken("m_seeker", ["m_a", "m_b"]) == {"m_b"}

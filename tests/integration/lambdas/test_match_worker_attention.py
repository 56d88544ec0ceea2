"""Showings, counted on the candidates' items, and the days that are kept for it (moto)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.stub import Stubber

from cufit_contracts.attention import lately
from cufit_contracts.stored import read
from cufit_contracts.vocabulary import KST
from match_worker.adapters.dynamodb_attention import DynamodbAttention
from match_worker.ports import Search
from match_worker.profile import Profile
from tests.integration.lambdas.items import candidate_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

AT = datetime(2026, 11, 22, 3, 0, 5, tzinfo=UTC)


def _profile(candidate_id: str, **changes: Any) -> Profile:
    return read(Profile, candidate_item(candidate_id, **changes))


SEARCH = Search("rec_1", _profile("m_seeker"), AT, lambda: 60.0)


class TestAttention:
    @pytest.fixture
    def attention(self, candidates: "Table", idempotency: "Table") -> DynamodbAttention:
        return DynamodbAttention(candidates, idempotency)

    def lately(self, candidates: "Table", at: datetime = AT) -> float:
        (only,) = candidates.scan()["Items"]
        return lately(read(Profile, only).attention, at)

    def test_who_came_back_was_not_shown(
        self, attention: DynamodbAttention, candidates: "Table"
    ) -> None:
        candidates.put_item(Item=candidate_item("m_a", joined_at="2026-11-22T00:00:00.000Z"))
        attention.shown(SEARCH, [_profile("m_a")], AT)
        assert self.lately(candidates) == 0

    def test_a_showing_is_added_to_those_who_are_there(
        self, attention: DynamodbAttention, candidates: "Table"
    ) -> None:
        candidates.put_item(Item=candidate_item("m_a"))
        for seeker in ("m_seeker", "m_other"):
            search = replace(SEARCH, seeker=_profile(seeker))
            attention.shown(search, [_profile("m_gone"), _profile("m_a")], AT)
        assert self.lately(candidates) == pytest.approx(2, rel=1e-3)
        (only,) = candidates.scan()["Items"]
        assert {**only, "attention": 0} == candidate_item("m_a")

    def test_asking_again_for_somebody_counts_once_a_day_of_korea(
        self, attention: DynamodbAttention, candidates: "Table"
    ) -> None:
        candidates.put_item(Item=candidate_item("m_a"))
        evening = datetime(2026, 11, 23, 23, 59, tzinfo=KST)
        tomorrow = evening + timedelta(minutes=1)
        for at in (evening - timedelta(hours=23), evening, tomorrow, tomorrow):
            attention.shown(SEARCH, [_profile("m_a")], at)
        assert self.lately(candidates, tomorrow) == pytest.approx(2, rel=0.1)

    def test_an_upgrade_shows_anew_what_was_counted(
        self, attention: DynamodbAttention, candidates: "Table"
    ) -> None:
        candidates.put_item(Item=candidate_item("m_a"))
        attention.shown(replace(SEARCH, is_upgrade=True), [_profile("m_a")], AT)
        assert self.lately(candidates) == 0

    def test_what_is_kept_of_the_day_names_nobody_and_goes(
        self, attention: DynamodbAttention, idempotency: "Table"
    ) -> None:
        attention.shown(SEARCH, [_profile("m_a")], AT)
        (kept,) = idempotency.scan()["Items"]
        assert "m_" not in str(kept["id"])
        assert set(kept) == {"id", "expiration"}
        assert timedelta(days=1) < _at(kept["expiration"]) - AT <= timedelta(days=2)

    def test_a_day_that_cannot_be_kept_counts_nothing(
        self, attention: DynamodbAttention, candidates: "Table", idempotency: "Table"
    ) -> None:
        candidates.put_item(Item=candidate_item("m_a"))
        with Stubber(idempotency.meta.client) as stub:
            stub.add_client_error("put_item", "ThrottlingException")
            attention.shown(SEARCH, [_profile("m_a")], AT)
            stub.assert_no_pending_responses()
        assert self.lately(candidates) == 0

    @pytest.mark.parametrize(
        ("message", "begins_anew"),
        [
            ("Number overflow. Attempting to store a number with magnitude larger than", True),
            ("Attempting to store more than 38 significant digits in a Number", True),
            ("Invalid UpdateExpression: Syntax error", False),
        ],
    )
    def test_a_sum_without_a_digit_left_begins_anew_and_nothing_else_does(
        self, idempotency: "Table", message: str, begins_anew: bool
    ) -> None:
        """moto adds whatever it is given."""
        table = boto3.resource("dynamodb").Table("candidates")
        with Stubber(table.meta.client) as stub:
            stub.add_client_error("update_item", "ValidationException", message)
            if begins_anew:
                stub.add_response("update_item", {})
            DynamodbAttention(table, idempotency).shown(SEARCH, [_profile("m_a")], AT)
            stub.assert_no_pending_responses()

    def test_one_who_is_in_a_transaction_just_now_does_not_keep_the_others(
        self, idempotency: "Table"
    ) -> None:
        table = boto3.resource("dynamodb").Table("candidates")
        with Stubber(table.meta.client) as stub:
            stub.add_client_error("update_item", "TransactionConflictException")
            stub.add_response("update_item", {})
            people = [_profile("m_a"), _profile("m_b")]
            DynamodbAttention(table, idempotency).shown(SEARCH, people, AT)
            stub.assert_no_pending_responses()

    def test_a_table_that_does_not_answer_is_waited_for_once(
        self,
        attention: DynamodbAttention,
        candidates: "Table",
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        asked = []

        def silent(**request: Any) -> None:
            asked.append(request)
            raise ReadTimeoutError(endpoint_url="https://dynamodb.test")

        monkeypatch.setattr(candidates, "update_item", silent)
        attention.shown(SEARCH, [_profile("m_a"), _profile("m_b")], AT)
        assert len(asked) == 1


def _at(epoch: Any) -> datetime:
    return datetime.fromtimestamp(int(epoch), UTC)

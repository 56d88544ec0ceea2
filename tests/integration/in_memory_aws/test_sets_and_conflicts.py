"""Sets that count, and transactions that meet on an item."""

from decimal import Decimal
from typing import Any

import pytest

from cufit_service.adapters.dynamodb.expressions import Attr, packed, unpacked
from cufit_service.adapters.dynamodb.writes import OneMore, check, put, update
from tests.in_memory_aws.cloud import Cloud
from tests.in_memory_aws.errors import AwsError
from tests.integration.in_memory_aws.conftest import Asked, Time, in_memory

PLACE = Attr("ids").contains("a") | Attr("ids").not_exists() | Attr("ids").size_below(2)


class TestNumbers:
    def test_numbers_inside_of_a_map_become_one_more(self, both: list[Asked]) -> None:
        key = {"candidate_id": "m"}
        new = {"history": {"asked": 0, "wanted": 0}, "attention": 0}
        more = update("candidates", key, {"history": OneMore(("asked", "wanted"))})
        one = update(
            "candidates", key, {"history": OneMore(("asked",))}, add={"attention": Decimal("1.5e9")}
        )
        for ask in both:
            with pytest.raises(Exception, match="Validation"):
                ask("UpdateItem", **more["Update"])
            ask("PutItem", TableName="candidates", Item=packed(key | new))
            for write in (more, one, one):
                ask("UpdateItem", **write["Update"])
            ask("TransactWriteItems", TransactItems=[more])
            found = unpacked(ask("GetItem", TableName="candidates", Key=packed(key))["Item"])
            assert found["history"] == {"asked": 4, "wanted": 2}
            assert found["attention"] == 3_000_000_000

    def test_a_sum_of_more_than_38_digits_is_refused(self, cloud: Cloud) -> None:
        """moto adds whatever it is given."""
        ask = in_memory(cloud)
        key = {"candidate_id": "m"}
        ask("PutItem", TableName="candidates", Item=packed(key | {"attention": 1}))
        for much, reason in (("1e38", "overflow"), ("9e37", None)):
            add = update("candidates", key, {}, add={"attention": Decimal(much)})
            if reason is None:
                ask("UpdateItem", **add["Update"])
                continue
            with pytest.raises(AwsError, match=reason):
                ask("UpdateItem", **add["Update"])
            with pytest.raises(AwsError) as canceled:
                ask("TransactWriteItems", TransactItems=[add])
            reasons = [one["Code"] for one in canceled.value.modeled["CancellationReasons"]]
            assert reasons == ["ValidationError"]


class TestSets:
    def test_a_set_is_added_to_and_taken_from(self, both: list[Asked]) -> None:
        key = {"id": "today"}
        for ask in both:
            told: list[Any] = []
            for ids in ("a", "b", "a", "c"):
                told.append(_told(ask, update("idempotency", key, {"n": 1}, add={"ids": {ids}})))
            for ids in ("b", "a", "c", "c"):
                told.append(_told(ask, update("idempotency", key, {}, discard={"ids": {ids}})))
            assert told == [
                *(["a"], ["a", "b"], ["a", "b"], ["a", "b", "c"]),
                *(["a", "c"], ["c"], None, None),
            ]

    def test_a_set_is_asked_for_its_size_and_an_element(self, both: list[Asked]) -> None:
        for ask in both:
            told = []
            for one in ("x", "a", "y", "a"):
                taken = update("idempotency", {"id": "d"}, {}, add={"ids": {one}}, condition=PLACE)
                told.append(_told(ask, taken))
            assert told == [["x"], ["a", "x"], ["a", "x", "y"], ["a", "x", "y"]]
            other = Attr("ids").contains("z") | Attr("ids").size_below(3)
            with pytest.raises(Exception, match="ConditionalCheckFailed"):
                _told(
                    ask,
                    update("idempotency", {"id": "d"}, {}, add={"ids": {"z"}}, condition=other),
                )

    def test_a_list_is_asked_for_an_entry(self, both: list[Asked]) -> None:
        for ask in both:
            for step, refused in (({"at": "1", "n": 1}, False), ({"at": "1", "n": 1}, True)):
                noted = update(
                    "members",
                    {"member_id": "m"},
                    {},
                    append={"list": step},
                    condition=Attr("list").lacks(step),
                )
                if refused:
                    with pytest.raises(Exception, match="ConditionalCheckFailed"):
                        ask("UpdateItem", **noted["Update"])
                else:
                    ask("UpdateItem", **noted["Update"])


def _told(ask: Asked, write: dict[str, Any]) -> list[str] | None:
    answer = ask("UpdateItem", **write["Update"], ReturnValues="ALL_NEW")
    found = answer["Attributes"].get("ids")
    return None if found is None else sorted(found["SS"])


class TestTransactionsAtOnce:
    """moto makes one call after the other."""

    def test_who_meets_an_item_of_another_is_refused(self, cloud: Cloud) -> None:
        ask = in_memory(cloud)
        cloud.dynamodb.transaction_seconds = 0.01
        new = put("members", {"member_id": "new"})
        checked = check("members", {"member_id": "m"}, Attr("role").not_exists())
        ask("TransactWriteItems", TransactItems=[new, checked])
        other = put("members", {"member_id": "other"})
        for _ in range(2):
            with pytest.raises(AwsError) as canceled:
                ask("TransactWriteItems", TransactItems=[other, checked])
            reasons = [one["Code"] for one in canceled.value.modeled["CancellationReasons"]]
            assert reasons == ["None", "TransactionConflict"]
            with pytest.raises(AwsError, match="TransactionConflictException"):
                ask("PutItem", **put("members", {"member_id": "m"})["Put"])
        assert ask("GetItem", TableName="members", Key=packed({"member_id": "other"})) == {}
        Time.now += 0.01
        ask("TransactWriteItems", TransactItems=[other, checked])

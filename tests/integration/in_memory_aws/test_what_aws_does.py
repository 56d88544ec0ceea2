"""What AWS does and moto mostly does not: indexes lag, items age, pages end.

Each of these hid a defect once. What moto can show is asked of both.
"""

from typing import Any

import pytest

from cufit_service.adapters.dynamodb.database import DynamoDb
from cufit_service.adapters.dynamodb.expressions import Attr, packed
from cufit_service.adapters.dynamodb.writes import update
from tests.in_memory_aws.clients import clients
from tests.in_memory_aws.cloud import Cloud
from tests.in_memory_aws.errors import AwsError
from tests.integration.in_memory_aws.conftest import NOW, Asked, Time, in_memory


def candidate(number: int, maker: str = "m_1", **more: Any) -> dict[str, Any]:
    return {
        "candidate_id": f"c_{number}",
        "maker_id": maker,
        "created_at": f"2026-11-22T09:00:0{number}.000Z",
        **more,
    }


def put_item(ask: Asked, table: str, item: dict[str, Any]) -> None:
    ask("PutItem", TableName=table, Item=packed(item))


def _of_maker(ask: Asked, maker: str = "m_1", **more: Any) -> dict[str, Any]:
    return ask(
        "Query",
        TableName="candidates",
        IndexName="by_maker",
        **Attr("maker_id").eq(maker).as_parameter("KeyConditionExpression"),
        **more,
    )


def _ids(answer: dict[str, Any]) -> list[str]:
    return [item["candidate_id"]["S"] for item in answer["Items"]]


class TestAnIndexThatLags:
    def test_a_write_is_stored_at_once_and_found_later(self, cloud: Cloud) -> None:
        ask = in_memory(cloud)
        cloud.dynamodb.lag = 2.0
        put_item(ask, "candidates", candidate(1))
        assert "Item" in ask("GetItem", TableName="candidates", Key=packed({"candidate_id": "c_1"}))
        assert _ids(_of_maker(ask)) == []
        Time.now += 1.9
        assert _ids(_of_maker(ask)) == []
        Time.now += 0.1
        assert _ids(_of_maker(ask)) == ["c_1"]

    def test_what_changed_or_went_is_shown_as_it_was(self, cloud: Cloud) -> None:
        ask = in_memory(cloud)
        for number in (1, 2):
            put_item(ask, "candidates", candidate(number))
        cloud.dynamodb.lag = 2.0
        put_item(ask, "candidates", candidate(1, "m_2"))
        put_item(ask, "candidates", candidate(1, "m_3"))
        ask("DeleteItem", TableName="candidates", Key=packed({"candidate_id": "c_2"}))
        assert _ids(_of_maker(ask)) == ["c_1", "c_2"]
        assert _ids(_of_maker(ask, "m_3")) == []
        held = cloud.snapshot()
        cloud.dynamodb.settle()
        assert [_ids(_of_maker(ask, maker)) for maker in ("m_1", "m_2", "m_3")] == [[], [], ["c_1"]]
        cloud.restore(held)
        assert _ids(_of_maker(ask)) == ["c_1", "c_2"]

    def test_once_settled_it_says_what_moto_says(self, cloud: Cloud, both: list[Asked]) -> None:
        cloud.dynamodb.lag = 2.0
        for ask in both:
            for number in (3, 1, 2):
                put_item(ask, "candidates", candidate(number))
            put_item(ask, "candidates", candidate(2, "m_2"))
        cloud.dynamodb.settle()
        for maker in ("m_1", "m_2"):
            in_memory, moto = (_of_maker(ask, maker)["Items"] for ask in both)
            assert in_memory == moto

    def test_no_index_can_be_read_consistently(self, both: list[Asked]) -> None:
        for ask in both:
            with pytest.raises(Exception, match="ValidationException"):
                _of_maker(ask, ConsistentRead=True)


class TestRowsThatAge:
    def test_what_expired_is_there_until_it_is_swept(self, cloud: Cloud, both: list[Asked]) -> None:
        """moto never sweeps; it too shows what has expired."""
        ages: dict[str, Any] = {
            "past": NOW - 1,
            "future": NOW + 1,
            "years ago": NOW - 6 * 365 * 86_400,
        }
        for ask in both:
            for name, at in ages.items():
                put_item(ask, "idempotency", {"id": name, "expiration": int(at)})
            put_item(ask, "idempotency", {"id": "text", "expiration": str(int(NOW - 1))})
            put_item(ask, "idempotency", {"id": "none"})
            found = ask("Scan", TableName="idempotency")["Items"]
            assert len(found) == 5
        cloud.dynamodb.expire()
        left = both[0]("Scan", TableName="idempotency")["Items"]
        assert {item["id"]["S"] for item in left} == {"future", "years ago", "text", "none"}
        Time.now += 2
        cloud.dynamodb.expire()
        assert "future" not in cloud.dynamodb.tables["idempotency"].items

    def test_a_key_whose_item_aged_is_free_again(self, cloud: Cloud) -> None:
        new = Attr("id").not_exists().as_parameter("ConditionExpression")
        item = packed({"id": "a", "expiration": int(NOW - 1)})
        ask = in_memory(cloud)
        ask("PutItem", TableName="idempotency", Item=item, **new)
        with pytest.raises(AwsError, match="ConditionalCheckFailed"):
            ask("PutItem", TableName="idempotency", Item=item, **new)
        cloud.dynamodb.expire()
        ask("PutItem", TableName="idempotency", Item=item, **new)


def _pages(ask: Asked, **asked: Any) -> list[list[str]]:
    pages: list[list[str]] = []
    start: dict[str, Any] = {}
    while True:
        answer = ask("Scan", TableName="candidates", **asked, **start)
        pages.append(_ids(answer))
        if "LastEvaluatedKey" not in answer:
            return pages
        start = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


class TestPagesThatEnd:
    def test_a_filter_may_leave_nothing_of_a_page(self, both: list[Asked]) -> None:
        wanted = Attr("paused").eq(True).as_parameter("FilterExpression")
        found = []
        for ask in both:
            for number in range(5):
                put_item(ask, "candidates", candidate(number, paused=number == 4))
            found.append(_pages(ask, Limit=2, **wanted))
        assert found == [[[], [], ["c_4"]]] * 2

    def test_a_page_ends_by_itself_where_much_is_read(
        self, cloud: Cloud, both: list[Asked]
    ) -> None:
        """By size: moto counts bytes, here it is a number of items."""
        for ask in both:
            for number in range(6):
                put_item(ask, "candidates", candidate(number, job="x" * 390_000))
        cloud.dynamodb.page_items = 2
        for ask in both:
            pages = _pages(ask)
            assert len(pages) > 2
            assert sorted(one for page in pages for one in page) == [f"c_{n}" for n in range(6)]

    async def test_the_adapters_read_on(self, cloud: Cloud) -> None:
        cloud.dynamodb.page_items = 2
        database = DynamoDb(clients(cloud.call).dynamodb)
        for number in range(5):
            put_item(in_memory(cloud), "candidates", candidate(number, paused=number > 2))
        found = await database.scan("candidates", Attr("paused").eq(True), 9)
        assert [item["candidate_id"] for item in found] == ["c_3", "c_4"]
        old = await database.oldest(
            "candidates", index="by_maker", owner=("maker_id", "m_1"), until="2026-11-23"
        )
        assert len(old) == 5


async def test_a_token_is_known_for_ten_minutes(cloud: Cloud) -> None:
    ask = in_memory(cloud)
    write = update("members", {"member_id": "m"}, {}, append={"list": {"n": 1}})
    for seconds, entries in ((0, 1), (599, 1), (1, 2)):
        Time.now += seconds
        ask("TransactWriteItems", TransactItems=[write], ClientRequestToken="t")
        stored = cloud.dynamodb.tables["members"].items["m"]
        assert len(stored["list"]["L"]) == entries


class TestExpressions:
    def test_a_path_leads_into_lists_and_maps(self, both: list[Asked]) -> None:
        for ask in both:
            ranked = [{"candidate_id": one} for one in ("c_1", "c_2")]
            put_item(ask, "candidates", candidate(1, result={"candidates": ranked}))
            put_item(ask, "candidates", candidate(2, result={"candidates": []}))
            put_item(ask, "candidates", candidate(3))
        for place, found in ((0, []), (1, ["c_1"]), (2, [])):
            second = Attr("result", "candidates", place, "candidate_id").eq("c_2")
            for ask in both:
                wanted = second.as_parameter("FilterExpression")
                assert _ids(ask("Scan", TableName="candidates", **wanted)) == found

    def test_between_nothing_and_nothing_is_refused(self, cloud: Cloud) -> None:
        """By AWS; moto finds nothing."""
        ask = in_memory(cloud)
        put_item(ask, "candidates", candidate(1))
        with pytest.raises(AwsError, match="BETWEEN"):
            ask(
                "Query",
                TableName="candidates",
                IndexName="by_maker",
                KeyConditionExpression="maker_id = :maker AND created_at BETWEEN :late AND :early",
                ExpressionAttributeValues=packed({":maker": "m_1", ":late": "b", ":early": "a"}),
            )


class TestAnIndexThatHoldsAPart:
    def test_it_shows_that_part_and_refuses_the_rest(self, cloud: Cloud) -> None:
        ask = in_memory(cloud)
        put_item(
            ask,
            "candidates",
            candidate(1, place="MALE#서울", born="1990#c_1", phone="01000000000", mbti="INFJ"),
        )
        men = Attr("place").eq("MALE#서울").as_parameter("KeyConditionExpression")
        question = {"TableName": "candidates", "IndexName": "by_place", **men}
        (item,) = ask("Query", **question)["Items"]
        assert item["mbti"] == {"S": "INFJ"}
        assert not {"phone", "created_at"} & item.keys()
        with pytest.raises(AwsError, match=r"by_place does not project \['phone'\]"):
            ask("Query", **question, ProjectionExpression="mbti, phone")

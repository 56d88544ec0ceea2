"""A call that is throttled in memory is refused as AWS refuses it, and nobody loses by it."""

from typing import Any

import botocore.session
import pytest

from cufit_service.adapters.dynamodb.database import DynamoDb
from cufit_service.adapters.dynamodb.expressions import Attr
from cufit_service.adapters.dynamodb.writes import check, put
from cufit_service.domain.errors import ConcurrentChange, Unavailable
from tests.in_memory_aws.clients import clients
from tests.in_memory_aws.cloud import Cloud
from tests.in_memory_aws.errors import AwsError
from tests.in_memory_aws.settings import queue_url
from tests.integration.in_memory_aws.conftest import in_memory
from tests.integration.in_memory_aws.test_what_aws_does import candidate, put_item


class TestThrottles:
    @pytest.mark.parametrize(
        ("service", "operation", "request_"),
        [
            ("dynamodb", "PutItem", {"TableName": "outbox", "Item": {"outbox_id": {"S": "1"}}}),
            ("dynamodb", "TransactWriteItems", {"TransactItems": [{}, {}]}),
            ("sqs", "SendMessage", {"QueueUrl": queue_url("match-requests"), "MessageBody": ""}),
            ("bedrock-agent-runtime", "RetrieveAndGenerate", {}),
            ("bedrock-agent", "IngestKnowledgeBaseDocuments", {}),
        ],
    )
    def test_a_call_is_refused_in_words_of_its_model(
        self, cloud: Cloud, service: str, operation: str, request_: dict[str, Any]
    ) -> None:
        cloud.throttles[operation] = 1
        with pytest.raises(AwsError) as refused:
            cloud.call(service, operation, request_)
        model = botocore.session.get_session().get_service_model(service)
        errors = {shape.name for shape in model.operation_model(operation).error_shapes}
        assert refused.value.code in errors

    async def test_it_is_a_passing_failure_and_nobodys_race(self, cloud: Cloud) -> None:
        database = DynamoDb(clients(cloud.call).dynamodb)
        row = put("outbox", {"outbox_id": "1"}, Attr("outbox_id").not_exists())
        cloud.throttles.update(TransactWriteItems=1, PutItem=1)
        there = check("members", {"member_id": "m"}, Attr("member_id").not_exists())
        with pytest.raises(Unavailable):
            await database.write_together(row, there)
        with pytest.raises(Unavailable):
            await database.write(row)
        await database.write_together(row, there)
        with pytest.raises(ConcurrentChange):
            await database.write_together(row, there)

    async def test_half_a_batch_is_asked_for_again(self, cloud: Cloud) -> None:
        ask = in_memory(cloud)
        for number in range(5):
            put_item(ask, "candidates", candidate(number))
        database = DynamoDb(clients(cloud.call).dynamodb)
        ids = [f"c_{number}" for number in range(5)]
        cloud.throttles["BatchGetItem"] = 2
        found = await database.get_all(
            "candidates", "candidate_id", ids, attributes=["candidate_id"]
        )
        assert [item["candidate_id"] for item in found] == ids
        cloud.throttles["BatchGetItem"] = 9
        with pytest.raises(Unavailable):
            await database.get_all("candidates", "candidate_id", ids, attributes=["candidate_id"])

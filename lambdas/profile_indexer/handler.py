"""Entry point: SQS records of profile-changes in, ids of the records to deliver again out.

Records are not worked on one by one: several about one candidate are one read and one document,
and up to ten documents go in one call. Powertools' batch utility works record by record, so the
partial response is made here.
"""

import os
import uuid
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools import Logger
from botocore.config import Config

from cufit_contracts.environment import load_settings
from cufit_contracts.messages import CORRELATION_ATTRIBUTE, ProfileChanged, UnreadableMessage
from profile_indexer.bedrock_knowledge_base import BedrockKnowledgeBase
from profile_indexer.dynamodb_indexed_candidates import DynamodbIndexedCandidates
from profile_indexer.follow_profiles import FollowProfiles
from profile_indexer.settings import Settings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()

_TABLE = Config(
    connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 3}
)
_BEDROCK = Config(
    connect_timeout=2, read_timeout=6, retries={"mode": "standard", "total_max_attempts": 2}
)


@cache
def _app() -> FollowProfiles:
    settings = load_settings(Settings, os.environ)
    knowledge_base = BedrockKnowledgeBase(
        boto3.client("bedrock-agent", config=_BEDROCK),
        settings.knowledge_base_id,
        settings.data_source_id,
        new_token=lambda: str(uuid.uuid4()),
    )
    dynamodb = boto3.resource("dynamodb", config=_TABLE)
    return FollowProfiles(
        DynamodbIndexedCandidates(dynamodb, settings.candidates_table), knowledge_base
    )


def handler(event: dict[str, Any], context: "LambdaContext") -> "PartialItemFailureResponse":
    messages, failed = _read(event["Records"])
    if messages:
        failed += _follow(messages, context)
    return {"batchItemFailures": [{"itemIdentifier": one} for one in failed]}


def _read(records: list[dict[str, Any]]) -> tuple[dict[str, ProfileChanged], list[str]]:
    """Messages by the id of their record, and the ids of unreadable ones."""
    messages, unreadable = {}, []
    for record in records:
        try:
            messages[record["messageId"]] = ProfileChanged.from_body(record["body"])
        except UnreadableMessage as error:
            # Kept: after the last delivery it lies in the dead-letter queue.
            logger.error(  # noqa: TRY400 - the message says it all
                "record failed", extra={"error": str(error), "message_id": record["messageId"]}
            )
            unreadable.append(record["messageId"])
    return messages, unreadable


def _follow(messages: dict[str, ProfileChanged], context: "LambdaContext") -> list[str]:
    """Ids of the records to deliver again."""
    candidate_ids = list(dict.fromkeys(message.candidate_id for message in messages.values()))
    try:
        failures = _app()(candidate_ids, lambda: context.get_remaining_time_in_millis() / 1000)
    except Exception as error:
        logger.exception("batch failed")
        failures = dict.fromkeys(candidate_ids, error)
    failed = []
    for record_id, message in messages.items():
        failure = failures.get(message.candidate_id)
        fields = {
            CORRELATION_ATTRIBUTE: message.correlation_id,
            "candidate_id": message.candidate_id,
        }
        if failure:
            logger.warning("profile not indexed", extra={**fields, "error": type(failure).__name__})
            failed.append(record_id)
        else:
            logger.info("profile indexed", extra=fields)
    return failed


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    _app()  # In Lambda a wrong environment ends the start, before any message is taken.

"""Entry point: SQS records of match-requests in, ids of the records to deliver again out."""

import os
from functools import cache
from typing import TYPE_CHECKING, Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    process_partial_response,
)
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

from cufit_contracts.environment import load_settings
from cufit_contracts.messages import CORRELATION_ATTRIBUTE, MatchRequested
from cufit_contracts.vocabulary import RecommendationStatus
from match_worker import metrics
from match_worker.answer_recommendation import AnswerRecommendation, Delivery, Ending
from match_worker.bootstrap import build
from match_worker.errors import ModelMisconfigured
from match_worker.settings import Settings

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
    from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger()
# A batch that fails whole is answered like one that fails in part: the ids of its records.
processor = BatchProcessor(event_type=EventType.SQS, raise_on_entire_batch_failure=False)


@cache
def _app() -> AnswerRecommendation:
    settings = load_settings(Settings, os.environ)
    metrics.begin(settings.env)
    return build(settings)


def handler(event: dict[str, Any], context: "LambdaContext") -> "PartialItemFailureResponse":
    return process_partial_response(event, _record, processor, context)


def _record(record: SQSRecord, lambda_context: "LambdaContext") -> None:
    receive = int(record.attributes.approximate_receive_count)
    try:
        message = MatchRequested.from_body(record.body)
        logger.append_keys(**{CORRELATION_ATTRIBUTE: message.correlation_id})
        ending = _app()(
            message.recommendation_id,
            Delivery(message.attempt, receive, message.usage),
            lambda: lambda_context.get_remaining_time_in_millis() / 1000,
        )
        _report(ending)
    except Exception:
        # The record stays in the queue, and after the last delivery in the dead-letter queue.
        logger.exception("record failed", extra={"receive": receive})
        raise
    finally:
        logger.remove_keys([CORRELATION_ATTRIBUTE])


def _report(ending: Ending | None) -> None:
    if ending is None:
        logger.info("nothing to do")
        return
    fields = {"status": str(ending.status), "code": ending.code}
    if isinstance(ending.error, ModelMisconfigured):
        logger.error("model misconfigured", extra={**fields, "detail": str(ending.error)})
    elif ending.status is RecommendationStatus.PENDING:
        logger.warning("recommendation put off", extra=fields)
    else:
        logger.info("recommendation ended", extra=fields)
    metrics.report(ending)


if "AWS_LAMBDA_FUNCTION_NAME" in os.environ:
    _app()  # In Lambda a wrong environment ends the start, before any message is taken.

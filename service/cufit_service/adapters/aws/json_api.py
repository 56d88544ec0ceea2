"""A service of AWS that speaks JSON."""

import logging
from typing import Any, Final

from pydantic_core import from_json, to_json

from cufit_service.adapters.aws.api import refusal
from cufit_service.adapters.aws.exchange import Connect, Request, Unanswered
from cufit_service.domain.errors import Unavailable

logger = logging.getLogger(__name__)


TARGETS: Final = {"dynamodb": "DynamoDB_20120810", "sqs": "AmazonSQS"}
"""By service, `targetPrefix` of its model in botocore."""
JSON_VERSION: Final = "1.0"
"""`jsonVersion` there, of both."""


class JsonApi:
    def __init__(self, service: str, url: str, connect: Connect) -> None:
        self._service = service
        self._url = url
        self._connect = connect

    async def __call__(self, operation: str, **parameters: Any) -> Any:
        try:
            answer = await (await self._connect()).send(self._request(operation, parameters))
        except Unanswered as error:
            logger.exception("AWS did not answer", extra={"reason": error.reason})
            raise Unavailable from error
        if answer.status == 200:
            return from_json(answer.body)
        said = answer.said
        reasons = [reason.get("Code") for reason in said.get("CancellationReasons") or []]
        if refused := refusal(answer.code, reasons, said.get("Item")):
            raise refused
        logger.error("AWS refused a call", extra={"reason": answer.code})
        raise Unavailable

    def _request(self, operation: str, parameters: dict[str, Any]) -> Request:
        headers = {
            "Content-Type": f"application/x-amz-json-{JSON_VERSION}",
            "X-Amz-Target": f"{TARGETS[self._service]}.{operation}",
        }
        return Request(self._service, "POST", self._url, headers, to_json(parameters))

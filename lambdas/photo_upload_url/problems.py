"""Refusals as application/problem+json (RFC 9457), each with a code a client can act on."""

import json
from http import HTTPStatus
from typing import Any


class Refused(Exception):
    """The request is answered with `status`; `detail` tells the person what to do."""

    def __init__(self, status: HTTPStatus, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.status = status
        self.code = code
        self.detail = detail


def unauthorized(detail: str) -> Refused:
    return Refused(HTTPStatus.UNAUTHORIZED, "unauthorized", detail)


def invalid(code: str, detail: str) -> Refused:
    return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, code, detail)


def over_quota(code: str, detail: str) -> Refused:
    return Refused(HTTPStatus.TOO_MANY_REQUESTS, code, detail)


def problem(refused: Refused, correlation_id: str) -> dict[str, Any]:
    body = {
        "type": f"/problems/{refused.code}",
        "title": refused.status.phrase,
        "status": int(refused.status),
        "code": refused.code,
        "detail": refused.detail,
        "correlationId": correlation_id,
    }
    return {
        "statusCode": int(refused.status),
        "headers": {"content-type": "application/problem+json"},
        "body": json.dumps(body, ensure_ascii=False),
    }

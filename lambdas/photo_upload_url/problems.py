"""Refusals as application/problem+json (RFC 9457), each with a code a client can act on."""

import json
from typing import Any

from cufit_contracts.photos import UploadRefusal


class Refused(Exception):
    """`code` says with which status; `detail` tells the person what to do."""

    def __init__(self, code: UploadRefusal, detail: str | None = None) -> None:
        self.detail = detail or code.meaning
        super().__init__(f"{code}: {self.detail}")
        self.code = code


def problem(refused: Refused, correlation_id: str) -> dict[str, Any]:
    status = refused.code.status
    body = {
        "type": f"/problems/{refused.code}",
        "title": status.phrase,
        "status": status.value,
        "code": refused.code,
        "detail": refused.detail,
        "correlationId": correlation_id,
    }
    return {
        "statusCode": status.value,
        "headers": {"content-type": "application/problem+json"},
        "body": json.dumps(body, ensure_ascii=False),
    }

"""Refusals as application/problem+json (RFC 9457), each with a code a client can act on."""

import json
from collections.abc import Mapping
from typing import Any

from cufit_contracts.photo_problems import Language, Sentences
from cufit_contracts.photo_sentences import OF_ISSUING
from cufit_contracts.photos import UploadRefusal


class Refused(Exception):
    """`code` says with which status; `sentences` tell the person what to do, `errors` the
    programmer what is legal, in English, by field of the body."""

    def __init__(
        self,
        code: UploadRefusal,
        sentences: Sentences | None = None,
        errors: Mapping[str, str] | None = None,
    ) -> None:
        self.sentences = sentences or OF_ISSUING[code]
        super().__init__(f"{code}: {self.sentences.english}")
        self.code = code
        self.errors = errors or {}


def refused_for(
    code: UploadRefusal, limit: object, errors: Mapping[str, str] | None = None
) -> Refused:
    """A refusal whose sentences name `limit`, what would be legal."""
    return Refused(code, OF_ISSUING[code].filled(limit), errors)


def problem(refused: Refused, correlation_id: str, language: Language) -> dict[str, Any]:
    status = refused.code.status
    body: dict[str, Any] = {
        "type": f"/problems/{refused.code}",
        "title": status.phrase,
        "status": status.value,
        "code": refused.code,
        "detail": refused.sentences.text(language),
        "correlationId": correlation_id,
    }
    if refused.errors:
        body["errors"] = [
            {"field": field, "message": message} for field, message in refused.errors.items()
        ]
    return {
        "statusCode": status.value,
        "headers": {"content-type": "application/problem+json"},
        "body": json.dumps(body, ensure_ascii=False),
    }

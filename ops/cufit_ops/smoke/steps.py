"""What is asked after a deployment, by people and by the workflow. Nothing is written, and nobody's
data is sent or shown."""

import json
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from botocore.exceptions import ClientError

from cufit_contracts.photos import UploadRefusal
from cufit_ops.doctor.answers import Answer, fails, holds
from cufit_ops.doctor.subject import Subject
from cufit_ops.smoke.asking import Asking, Step, doctor

SIGNED_IN = "/v1/members/me"
"""Needs a token."""
FOREIGN = "https://foreign.invalid"
"""A page that nobody configures (RFC 2606)."""
NOBODY = "cufit-smoke"
"""Subject in place of a person's; no member has it, so no upload could be issued to it."""
CANARY = "소개"


def _parked(subject: Subject) -> str | None:
    on = subject.settings.on
    return "no task runs at this hour" if on and not on.are_on(datetime.now(UTC)) else None


def _health(asking: Asking) -> Answer:
    return _says(asking, "/health", "ok")


def _ready(asking: Asking) -> Answer:
    return _says(asking, "/ready", "ready")


def _says(asking: Asking, path: str, status: str) -> Answer:
    answer = asking.ask("GET", path)
    said = f"GET {path} is {answer.status_code} {answer.text[:80]!r}"
    if answer.status_code == HTTPStatus.OK and f'"{status}"' in answer.text:
        return holds(f"{asking.url}{path} says {status}")
    unpark = f"cufit unpark --env {asking.subject.name}"
    return fails(said, f"parked? {unpark}; else {doctor(asking)}, and logs of the service")


def _authorizer(asking: Asking) -> Answer:
    for what, headers in (
        ("without a token", {}),
        ("with a rubbish token", {"authorization": "Bearer no.token.at-all"}),
    ):
        status = asking.ask("GET", SIGNED_IN, **headers).status_code
        if status != HTTPStatus.UNAUTHORIZED:
            return fails(
                f"GET {SIGNED_IN} {what} is {status}, not 401",
                f"[auth] in config/{asking.subject.name}.toml, then {asking.subject.deploy}; "
                "until then nobody's data is safe if it is 200",
            )
    return holds("401 without a token and with a rubbish one")


def _no_pages(subject: Subject) -> str | None:
    return None if subject.settings.web.origins else "[web] names no page"


def _preflight(asking: Asking) -> Answer:
    for page in asking.subject.settings.web.origins:
        answer = _preflight_of(asking, page)
        allowed = answer.headers.get("access-control-allow-origin")
        methods = answer.headers.get("access-control-allow-methods", "")
        headers = answer.headers.get("access-control-allow-headers", "").lower()
        fine = answer.is_success and allowed in (page, "*") and "PUT" in methods
        if not fine or "if-match" not in headers or "authorization" not in headers:
            return fails(
                f"the preflight of {page} is {answer.status_code}, allows origin {allowed}, "
                f"methods {methods or 'none'}, headers {headers or 'none'}",
                f"[web] origins in config/{asking.subject.name}.toml, then {asking.subject.deploy}",
            )
    return holds(f"let in: {', '.join(asking.subject.settings.web.origins)}")


def _foreign_page(asking: Asking) -> Answer:
    allowed = _preflight_of(asking, FOREIGN).headers.get("access-control-allow-origin")
    if allowed is not None:
        return fails(f"{FOREIGN} is let in as {allowed}", f"deploy again: {asking.subject.deploy}")
    return holds(f"{FOREIGN} is not let in")


def _preflight_of(asking: Asking, page: str) -> Any:
    return asking.ask(
        "OPTIONS",
        SIGNED_IN,
        origin=page,
        access_control_request_method="PUT",
        access_control_request_headers="authorization,if-match",
    )


def _upload(asking: Asking) -> Answer:
    """The function itself is invoked: over HTTP it takes a person's token. A wrong type is refused
    before any table is read."""
    subject = asking.subject
    name = subject.output("Photos", "UploadUrlFunctionName")
    event = json.dumps(wrong_upload(subject.settings.auth.issuer))
    answer = subject.client("lambda").invoke(FunctionName=name, Payload=event.encode())
    said = json.loads(answer["Payload"].read() or b"null")
    if "FunctionError" in answer:
        return fails(f"{name} failed: {said.get('errorMessage')}", f"logs of {name}")
    code = json.loads(said.get("body") or "{}").get("code")
    if code != UploadRefusal.CONTENT_TYPE_UNSUPPORTED:
        return fails(
            f"an SVG was answered {said.get('statusCode')} {code}, not refused for its type",
            f"logs of {name}; {subject.deploy}",
        )
    return holds(f"an SVG is refused: {said['statusCode']} {code}")


def wrong_upload(issuer: str) -> dict[str, Any]:
    """What the API hands the function (payload format 2.0) when somebody wants to upload an SVG."""
    return {
        "headers": {"x-correlation-id": NOBODY},
        "requestContext": {"authorizer": {"jwt": {"claims": {"iss": issuer, "sub": NOBODY}}}},
        "body": json.dumps({"contentType": "image/svg+xml", "contentLength": 1000}),
    }


def _knowledge_base(asking: Asking) -> Answer:
    """Documents are counted, never shown: whoever is indexed can be found at all."""
    subject = asking.subject
    base = subject.output("Knowledge", "KnowledgeBaseId")
    source = subject.output("Knowledge", "DataSourceId")
    try:
        listed = subject.client("bedrock-agent").list_knowledge_base_documents(
            knowledgeBaseId=base, dataSourceId=source, maxResults=100
        )["documentDetails"]
        found = subject.client("bedrock-agent-runtime").retrieve(
            knowledgeBaseId=base,
            retrievalQuery={"text": CANARY},
            retrievalConfiguration={"vectorSearchConfiguration": {"numberOfResults": 1}},
        )["retrievalResults"]
    except ClientError as error:
        if error.response["Error"]["Code"] not in (
            "ResourceNotFoundException",
            "ValidationException",
        ):
            raise
        return fails(f"{base}: {error.response['Error']['Message']}", subject.deploy)
    if not found and any(one["status"] == "INDEXED" for one in listed):
        return fails(
            f"{base} holds documents and finds none", f"cufit kb check --env {subject.name}"
        )
    return holds(f"{base} finds somebody" if found else f"{base} answers; nobody is indexed yet")


STEPS = (
    Step("health", "the API answers", _health, excuse=_parked),
    Step("ready", "the service takes requests", _ready, excuse=_parked),
    Step("authorizer", "who has no token is refused", _authorizer),
    Step("preflight", "the pages of config/ may call", _preflight, _no_pages),
    Step("foreign-page", "other pages may not", _foreign_page),
    Step("upload", "an upload of a wrong type is refused", _upload, over_http=False),
    Step("knowledge-base", "searching finds who is indexed", _knowledge_base, over_http=False),
)

"""The ASGI application: `/_cufit/…` is answered here, everything else by MiniStack."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from ministack import app as ministack_app

from embedded_aws import account_facts, browser_guard, persistence
from embedded_aws.bedrock import control as bedrock_control
from embedded_aws.lambda_runtime import imports
from embedded_aws.state_file import CannotSave

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Answer = tuple[HTTPStatus, Any]


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    refusal = browser_guard.refusal(_headers(scope)) if "headers" in scope else None
    if refusal is not None:
        await _refuse(scope, receive, send, refusal)
        return
    if scope["type"] == "http" and scope["path"].startswith("/_cufit/"):
        status, body = await _control(scope, await _body(receive))
        await _answer(send, status, body)
        return
    await ministack_app.app(scope, receive, send)


async def _control(scope: Scope, body: bytes) -> Answer:
    method, path = scope["method"], scope["path"]
    if (method, path) == ("GET", "/_cufit/health"):
        return HTTPStatus.OK, {"status": "ready", "not_saved": persistence.trouble()}
    if (method, path) == ("POST", "/_cufit/save"):
        return await _save()
    if (method, path) == ("POST", "/_cufit/functions/import"):
        return HTTPStatus.OK, {"failed": await asyncio.to_thread(imports.failures)}
    if path == "/_cufit/account":
        return account_facts.answer(method, body)
    if path.startswith("/_cufit/bedrock/"):
        return bedrock_control.answer(method, path.removeprefix("/_cufit/bedrock/"), body)
    return HTTPStatus.NOT_FOUND, {"message": f"{method} {path} is not known here"}


async def _save() -> Answer:
    try:
        await persistence.save()
    except CannotSave as error:
        return HTTPStatus.INSUFFICIENT_STORAGE, {"saved": False, "message": str(error)}
    return HTTPStatus.OK, {"saved": True}


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}


async def _refuse(scope: Scope, receive: Receive, send: Send, why: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    await _answer(send, HTTPStatus.FORBIDDEN, {"message": why})


async def _body(receive: Receive) -> bytes:
    chunks = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(chunks)


async def _answer(send: Send, status: HTTPStatus, body: Any) -> None:
    payload = json.dumps(body, ensure_ascii=False).encode()
    headers = [
        (b"content-type", b"application/json; charset=utf-8"),
        (b"content-length", str(len(payload)).encode()),
    ]
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": payload})

"""JSON documents of the issuer, by aiohttp.

Imported with the first one (oidc_tokens.py; docs/adr/0020).
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

import aiohttp
from pydantic_core import from_json

MAX_DOCUMENT_BYTES: Final = 256 * 1024
"""Once unpacked. Real key sets are under 10 KiB."""


async def fetch_json(uri: str) -> Mapping[str, Any]:
    """The JSON object at `uri`, whatever its content type; redirects are not followed.

    How long it may take is the caller's to say. Raises OSError or ValueError.
    """
    if urlsplit(uri).scheme not in ("http", "https"):
        raise ValueError("not an http address")
    try:
        async with (
            aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session,
            session.get(
                uri, headers={"Accept": "application/json"}, allow_redirects=False
            ) as answer,
        ):
            if answer.status != HTTPStatus.OK:
                raise OSError(f"{uri} answers {answer.status}")
            body = await _body(answer)
    except aiohttp.ClientError as error:
        raise OSError(f"{uri} does not answer") from error
    document = from_json(body)
    if not isinstance(document, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - the issuer's fault, not a caller's
    return document


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in answer.content.iter_any():
        body += chunk
        if len(body) > MAX_DOCUMENT_BYTES:
            raise ValueError("the document is too large")
    return bytes(body)

"""The issuer's documents, fetched from an issuer of every kind."""

import asyncio
import gzip
import json
import time
from collections.abc import Callable

import pytest

from cufit_service.adapters.tokens import oidc_tokens
from cufit_service.adapters.tokens.issuer_documents import MAX_DOCUMENT_BYTES, fetch_json
from cufit_service.adapters.tokens.oidc_tokens import IssuerKeys
from cufit_service.domain.errors import Unavailable
from tests.integration.service.hostile import Answer, Aws, answering
from tests.unit.service.signing import KEY_ID, jwks

GOOD = json.dumps(jwks()).encode()


def _answer(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    announced = f"Content-Length: {len(body) if length is None else length}"
    head = "\r\n".join((f"HTTP/1.1 {status}", announced, *headers))
    return f"{head}\r\n\r\n".encode() + body


def _keys(issuer: Aws) -> IssuerKeys:
    uri = f"http://127.0.0.1:{issuer.port}"
    return IssuerKeys(uri, f"{uri}/keys")


BAD_ANSWERS: dict[str, Answer] = {
    "500": _answer(GOOD, status="500 X"),
    "404": _answer(b"", status="404 X"),
    "a redirect": _answer(GOOD, "Location: /keys", status="302 Found"),
    "a redirect to a file": _answer(b"", "Location: file:///etc/passwd", status="301 Moved"),
    "a page": _answer(b"<html>sign in</html>", "Content-Type: text/html"),
    "half a document": _answer(GOOD[: len(GOOD) // 2]),
    "nothing": _answer(b""),
    "a list": _answer(b"[]"),
    "a number out of range": _answer(b'{"keys": 1e999}'),
    "half a surrogate pair": _answer(rb'{"keys": ["\ud800"]}'),
    "JSON in depth": _answer(b'{"keys":' * 10_000),
    "no text": _answer(b"\xff\xfe"),
    "too large": _answer(b" " * MAX_DOCUMENT_BYTES + GOOD),
    "too large once unpacked": _answer(gzip.compress(b" " * 2**24), "Content-Encoding: gzip"),
    "not packed as it says": _answer(GOOD, "Content-Encoding: gzip"),
    "no HTTP": b"SSH-2.0-OpenSSH_9.6\r\n\r\n",
    "endless headers": b"HTTP/1.1 200 OK\r\n" + b"X-Filler: 1\r\n" * 100_000,
    "odd chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
    "nobody": lambda: None,
}


@pytest.mark.parametrize("bad", BAD_ANSWERS.values(), ids=BAD_ANSWERS)
async def test_a_bad_answer_leaves_the_known_keys_as_they_are(
    bad: Answer, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc_tokens, "COOL_DOWN_SECONDS", 0.0)
    async with answering(_answer(GOOD), bad) as issuer:
        keys = _keys(issuer)
        await keys.renew()
        with pytest.raises(Unavailable):
            await keys.find("key-2")
        assert keys.known(KEY_ID) is not None
    assert [record.message for record in caplog.records] == ["issuer keys not read"]


async def test_a_document_cut_short_is_none() -> None:
    async def cut() -> None:
        for writer in issuer.open:
            writer.write(_answer(GOOD, length=len(GOOD) + 1))
            await writer.drain()
            writer.close()

    async with answering(cut) as issuer:
        with pytest.raises(OSError, match="does not answer"):
            await fetch_json(f"http://127.0.0.1:{issuer.port}/keys")


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "image/png", ""])
async def test_the_content_type_does_not_matter(content_type: str) -> None:
    async with answering(_answer(GOOD, f"Content-Type: {content_type}")) as issuer:
        assert await _keys(issuer).find(KEY_ID) is not None


def _silent(issuer: Callable[[], Aws]) -> Answer:
    async def stay_silent() -> None:
        await asyncio.sleep(3600)

    return stay_silent


def _dawdling(issuer: Callable[[], Aws]) -> Answer:
    """A header now and then: each is in time, the whole never ends."""

    async def dawdle() -> None:
        (writer,) = issuer().open
        writer.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            writer.write(b"X-Filler: 1\r\n")
            await asyncio.sleep(0.05)

    return dawdle


@pytest.mark.parametrize("hang", [_silent, _dawdling])
async def test_a_reading_ends_in_time_however_the_issuer_hangs(
    hang: Callable[[Callable[[], Aws]], Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc_tokens, "READ_SECONDS", 0.3)
    async with answering(hang(lambda: issuer)) as issuer:
        began = time.monotonic()
        await _keys(issuer).renew()
        assert 0.2 < time.monotonic() - began < 10


@pytest.mark.parametrize("uri", ["file:///etc/hostname", "ftp://issuer.example/keys"])
async def test_only_http_is_fetched(uri: str) -> None:
    with pytest.raises(ValueError, match="not an http address"):
        await fetch_json(uri)

"""Messages that two readers may read in two ways, and headers no client sends."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

BODY: Final = b'{"kind":"MAKER","relation":"FRIEND"}'
HIDDEN: Final = b"GET /v1/operations HTTP/1.1\r\nHost: cufit\r\nX-Hidden: yes\r\n\r\n"
CHUNK: Final = b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY)


@dataclass(frozen=True)
class Message:
    name: str
    lines: tuple[bytes, ...]
    body: bytes = b""
    answers: int = 1
    """At most."""
    start: bytes = b"POST /v1/invitations HTTP/1.1"
    host: bytes = b"Host: cufit"
    end: bytes = b"\r\n"

    def data(self, token: str) -> bytes:
        bearer = b"Authorization: Bearer " + token.encode()
        head = [self.start, self.host, bearer, b"Content-Type: application/json", *self.lines]
        return self.end.join(line for line in head if line) + self.end * 2 + self.body


def messages() -> Iterator[Message]:
    exact, too_short = b"Content-Length: %d" % len(BODY), b"Content-Length: 5"
    chunked = b"Transfer-Encoding: chunked"
    for name, lines in (
        ("CL.TE", (exact, chunked)),
        ("TE.CL", (chunked, too_short)),
        ("TE.TE", (chunked, b"Transfer-Encoding: identity")),
        ("TE twice", (chunked, chunked)),
    ):
        yield Message(name, lines, CHUNK + HIDDEN)
        yield Message(f"{name}, the body plain", lines, BODY + HIDDEN)
    for value in (
        b"xchunked",
        b"chunked, identity",
        b"identity, chunked",
        b"gzip, chunked",
        b'"chunked"',
        b"\x0bchunked",
        b"chunked\x00",
        b"Chunked",
        b" chunked",
        b"chunked;a=b",
        b"",
    ):
        yield Message(f"TE {value!r}", (b"Transfer-Encoding: " + value, too_short), CHUNK + HIDDEN)
    for line in (
        b"Transfer-Encoding : chunked",
        b" Transfer-Encoding: chunked",
        b"Transfer-Encoding\t: chunked",
        b"Transfer-Encoding:\r\n chunked",
        b"X: y\rTransfer-Encoding: chunked",
        b"X: y\nTransfer-Encoding: chunked",
        b"Transfer_Encoding: chunked",
        b"Transfer-Encoding\x00: chunked",
    ):
        yield Message(f"TE as {line[:22]!r}", (exact, line), BODY + HIDDEN, answers=2)
    for value in (
        b"+36",
        b"-1",
        b"0x24",
        b"36, 36",
        b"36,5",
        b"3 6",
        b"36.0",
        b"1e2",
        b"",
        b"\xb2",
        b"99999999999999999999",
        b"18446744073709551652",
        b"036",
        b"36\x00",
    ):
        yield Message(f"CL {value!r}", (b"Content-Length: " + value,), BODY + HIDDEN, answers=2)
    yield Message("CL twice, alike", (exact, exact), BODY + HIDDEN, answers=2)
    yield Message("CL twice, different", (exact, too_short), BODY + HIDDEN)
    yield Message("CL twice, the other way", (too_short, exact), BODY + HIDDEN)
    for name, chunks in (
        ("a chunk extension", b"24;a=b\r\n" + BODY + b"\r\n0\r\n\r\n"),
        ("a chunk extension of 50 KB", b"24;" + b"a" * 50_000 + b"\r\n" + BODY + b"\r\n0\r\n\r\n"),
        ("a bare LF after a chunk", b"24\n" + BODY + b"\n0\n\n"),
        ("an extension with a bare LF", b"24;a\nb\r\n" + BODY + b"\r\n0\r\n\r\n"),
        ("a chunk of -1", b"-1\r\n\r\n"),
        ("a chunk of 0x24", b"0x24\r\n" + BODY + b"\r\n0\r\n\r\n"),
        ("a chunk of 2^64+36", b"10000000000000024\r\n" + BODY + b"\r\n0\r\n\r\n"),
        ("a chunk without its end", b"24\r\n" + BODY + b"0\r\n\r\n"),
        ("trailers", b"24\r\n" + BODY + b"\r\n0\r\nContent-Length: 5\r\nAuthorization: x\r\n\r\n"),
        ("5,000 chunks", b"1\r\n \r\n" * 5_000 + CHUNK),
        ("70 KB in chunks", b"1000\r\n" + b" " * 4096 + b"\r\n" * 18 + CHUNK),
    ):
        yield Message(name, (chunked,), chunks + HIDDEN, answers=2)
    plain = Message("plain", (exact,), BODY, answers=2)
    changed: list[tuple[str, dict[str, Any]]] = [
        ("an absolute form", {"start": b"POST http://evil.example/v1/invitations HTTP/1.1"}),
        ("another scheme", {"start": b"POST ftp://x/v1/invitations HTTP/1.1"}),
        ("an authority form", {"start": b"CONNECT evil.example:443 HTTP/1.1"}),
        ("an asterisk", {"start": b"OPTIONS * HTTP/1.1"}),
        ("HTTP/1.0", {"start": b"GET /health HTTP/1.0"}),
        ("HTTP/0.9", {"start": b"GET /health"}),
        ("HTTP/2.0", {"start": b"GET /health HTTP/2.0"}),
        ("HTTP/1.10", {"start": b"GET /health HTTP/1.10"}),
        ("no version", {"start": b"GET /health HTTP"}),
        ("PRI", {"start": b"PRI * HTTP/2.0"}),
        ("another method", {"start": b"PROPFIND / HTTP/1.1"}),
        ("a method of 300", {"start": b"A" * 300 + b" / HTTP/1.1"}),
        ("no path", {"start": b"GET  HTTP/1.1"}),
        ("TRACE", {"start": b"TRACE / HTTP/1.1"}),
        ("a raw path", {"start": b"GET /v1/\xff\xc3\x28 HTTP/1.1"}),
        ("a path with NUL", {"start": b"GET /v1/\x00 HTTP/1.1"}),
        ("%00", {"start": b"GET /v1/candidates/%00 HTTP/1.1"}),
        ("half an escape", {"start": b"GET /v1/candidates/%f HTTP/1.1"}),
        ("dots", {"start": b"GET /v1/../../x HTTP/1.1"}),
        ("escaped dots", {"start": b"GET /v1/candidates/%2e%2e%2f HTTP/1.1"}),
        ("slashes", {"start": b"GET //v1//matches HTTP/1.1"}),
        ("a fragment", {"start": b"GET /health#x HTTP/1.1"}),
        ("no host", {"host": b""}),
        ("two hosts", {"host": b"Host: cufit\r\nHost: evil.example"}),
        ("a host with a path", {"host": b"Host: a/b"}),
        ("bare LF as line ends", {"end": b"\n"}),
        ("bare CR as line ends", {"end": b"\r"}),
        ("a folded header", {"lines": (exact, b"X-Folded: a\r\n b")}),
        ("a header without a name", {"lines": (exact, b": x")}),
        ("a header without a colon", {"lines": (exact, b"nothing")}),
        ("NUL in a header", {"lines": (exact, b"X: a\x00b")}),
        ("ESC in a header", {"lines": (exact, b"X: \x1b[31m")}),
        ("bytes in a header", {"lines": (exact, b"X: \xff\xfe")}),
        (
            "h2c",
            {
                "lines": (
                    exact,
                    b"Connection: Upgrade, HTTP2-Settings",
                    b"Upgrade: h2c",
                    b"HTTP2-Settings: AAMAAABk",
                )
            },
        ),
        (
            "a web socket",
            {
                "start": b"GET /health HTTP/1.1",
                "lines": (
                    b"Connection: Upgrade",
                    b"Upgrade: websocket",
                    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
                    b"Sec-WebSocket-Version: 13",
                ),
                "body": b"",
            },
        ),
        ("Expect", {"lines": (exact, b"Expect: 100-continue"), "answers": 3}),
        ("Expect something", {"lines": (exact, b"Expect: x")}),
        ("2,000 headers", {"lines": (exact, *(b"X-%d: y" % n for n in range(2_000)))}),
        ("a header of 60 KB", {"lines": (exact, b"X: " + b"a" * 60_000)}),
        ("a path of 60 KB", {"start": b"GET /" + b"a" * 60_000 + b" HTTP/1.1"}),
        ("a query of 60 KB", {"start": b"GET /health?" + b"a" * 60_000 + b" HTTP/1.1"}),
        ("10,000 parameters", {"start": b"GET /v1/matches?" + b"a=1&" * 10_000 + b" HTTP/1.1"}),
    ]
    for name, changes in changed:
        yield replace(plain, name=name, **changes)

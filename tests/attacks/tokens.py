"""Tokens nobody should be believed, for every operation; and good ones with odd claims."""

import base64
import hmac
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from tests.attacks.cast import gather_cast
from tests.attacks.exchange import Answer, Client, Request
from tests.attacks.judge import Judge, code_of
from tests.attacks.naughty import request
from tests.attacks.people import ADMIN_SUBJECTS, NOBODY, Actor
from tests.attacks.system import System
from tests.attacks.town import visibility
from tests.unit.service.signing import (
    AUDIENCE,
    ISSUER,
    KEY_ID,
    private_key,
    signed_with_public_key,
    token,
    unsigned,
)

TOWN: Final = 7
"""Its number."""

ADMIN: Final = ADMIN_SUBJECTS[0]
"""Whose claims are forged: what is believed would open every door."""

OTHER_ENVIRONMENTS: Final = (
    "https://issuer.cufit.local.invalid", ISSUER + "/", ISSUER.upper(), "http://issuer.example",
    ISSUER + ".evil.example", "https://issuer.example@evil.example", "",
)  # fmt: skip

NO_TIME: Final = (
    "tomorrow", "", [9999999999], {"a": 1}, True, None, -1, 0, -1e300, "1e400",
)  # fmt: skip
ODD_SUBJECTS: Final = (
    "a", "관리자",
    "s" * 5_000, "\u0000", "a\nb", "../admin", " ", "👩\u200d❤️\u200d👨", "a|b", "\u202enimda",
)  # fmt: skip


def bad_tokens() -> Iterator[tuple[str, bytes]]:
    """By name, what stands after `Bearer `."""
    yield from ((f"signed {name}", one.encode()) for name, one in _signatures())
    yield from ((f"alg {name}", one.encode()) for name, one in _algorithms())
    yield from _claimed()
    for text in (b"1e400", b"-1e400", b"NaN", b"Infinity", b"9" * 5_000, b"1e-400"):
        claims = json.dumps(_default(exp=7)).encode()
        yield f"exp {text[:12]!r}", _sealed(claims.replace(b": 7", b": " + text))
    for text in (b"\xff\xfe", b"[]", b"null", b"1", b"", b"{", b"[" * 9_000, b'"text"'):
        yield f"claims {text[:9]!r}", _sealed(text)
    surrogate = json.dumps(_default(sub="MARK")).encode().replace(b"MARK", rb"\ud800")
    yield "sub a lone surrogate", _sealed(surrogate)
    yield from ((f"cut {one[:9]}", one.encode()) for one in _cut(token(ADMIN)))
    yield "of no ASCII", "é관리자".encode()


def _claimed() -> Iterator[tuple[str, bytes]]:
    now = int(datetime.now(UTC).timestamp())
    audiences: list[Any] = ["cufit", "", [], ["another-app"], AUDIENCE + " ", 1, {}]
    subjects: list[Any] = [1, None, [], {}, "", ["a"], True, 1.5]
    claims: dict[str, Sequence[Any]] = {
        "iss": OTHER_ENVIRONMENTS,
        "aud": audiences,
        "sub": subjects,
        "exp": [*NO_TIME, now - 600, now - 3_600, 1],
        "nbf": [now + 3_600, *(wrong for wrong in NO_TIME if isinstance(wrong, str | list | dict))],
    }
    for name, values in claims.items():
        for value in values:
            yield f"{name} {value!r}", _sealed(json.dumps(_default(**{name: value})).encode())
    for name in ("iss", "aud", "sub", "exp"):
        without = {key: value for key, value in _default().items() if key != name}
        yield f"no {name}", _sealed(json.dumps(without).encode())


def _cut(good: str) -> Sequence[str]:
    head, claims, signature = good.split(".")
    return (
        good[:-1], good[:-5], head, f"{head}.{claims}", f"{head}.{claims}.", f"..{signature}",
        "..", ".", "", "a.b.c", f"{good}.{good}", good.replace(".", ":"), good + "=", good[::-1],
        f"{claims}.{head}.{signature}", "null", "undefined", "e" * 8_000, good.swapcase(),
    )  # fmt: skip


def _signatures() -> Iterator[tuple[str, str]]:
    yield "by a stranger", token(ADMIN, key="stranger", kid=KEY_ID)
    for kid in ("stranger", "", "../../dev/null", "' OR 1=1 --", "https://evil.example/keys",
                "k" * 5_000, "\u0000"):  # fmt: skip
        yield f"with kid {kid[:12]!r}", token(ADMIN, key="stranger", kid=kid)
    yield "by a stranger's embedded key", jwt.encode(
        _default(), private_key("stranger"), "RS256",
        headers={"kid": "stranger", "jwk": {"kty": "RSA"}, "jku": "https://evil.example/keys",
                 "x5u": "https://evil.example/cert"},
    )  # fmt: skip
    yield (
        "critical",
        jwt.encode(
            _default(), private_key("stranger"), "RS256", headers={"kid": KEY_ID, "crit": ["b64"]}
        ),
    )


def _algorithms() -> Iterator[tuple[str, str]]:
    yield "none", unsigned(ADMIN)
    for name in ("None", "NONE", "nOnE", "", "RS256 ", "rs256", "XX999"):
        yield name, _parts({"alg": name, "kid": KEY_ID}) + "."
    algorithms: list[Any] = [None, 1, [], {"a": 1}]
    for odd in algorithms:
        yield f"of type {type(odd).__name__}", _parts({"alg": odd, "kid": KEY_ID}) + ".AAAA"
    yield "HS256 with the public key", signed_with_public_key(ADMIN)
    for name in ("HS256", "HS384", "HS512"):
        yield f"{name} with no key", _with_secret(name, b"")
    yield "ES256", jwt.encode(_default(), ec.generate_private_key(ec.SECP256R1()), "ES256",
                              headers={"kid": KEY_ID})  # fmt: skip
    yield "EdDSA", jwt.encode(_default(), ed25519.Ed25519PrivateKey.generate(), "EdDSA",
                              headers={"kid": KEY_ID})  # fmt: skip
    for name in ("RS384", "RS512", "PS256"):
        yield name, jwt.encode(_default(), private_key(KEY_ID), name, headers={"kid": KEY_ID})
    key_ids: list[Any] = [1, None, [], {}, True]
    for odd in key_ids:
        yield f"RS256 with kid {odd!r}", _parts({"alg": "RS256", "kid": odd}) + ".AAAA"


def _default(**changes: Any) -> dict[str, Any]:
    expires = int((datetime.now(UTC) + timedelta(minutes=10)).timestamp())
    return {"iss": ISSUER, "aud": AUDIENCE, "sub": ADMIN, "exp": expires} | changes


def _sealed(claims: bytes) -> bytes:
    """Any bytes as claims, with the issuer's good signature: PyJWT checks some before it signs."""
    return jwt.api_jws.encode(
        claims, private_key(KEY_ID), "RS256", headers={"kid": KEY_ID}
    ).encode()


def _parts(head: dict[str, Any]) -> str:
    parts = (json.dumps(head).encode(), json.dumps(_default()).encode())
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def _with_secret(name: str, secret: bytes) -> str:
    signed = _parts({"alg": name, "kid": KEY_ID})
    seal = hmac.digest(secret, signed.encode(), f"sha{name[2:]}")
    return f"{signed}.{base64.urlsafe_b64encode(seal).decode().rstrip('=')}"


async def attack(system: System, client: Client, judge: Judge) -> None:
    cast = await gather_cast(client, system.tables, TOWN)
    judge.may_see = visibility([cast.town])
    names: dict[bytes, str] = {}

    def look(sent: Request, answer: Answer) -> None:
        judge.look(sent, answer)
        challenge = answer.header(b"www-authenticate") or ""
        got = (answer.status, code_of(answer), challenge.partition(" ")[0])
        if answer.status < 500 and got != (401, "token_invalid", "Bearer"):
            name = names[dict(sent.headers)["Authorization"]]
            judge.find("wrong", f"a token that is {name} is answered {got}", sent.target, sent)

    requests = []
    maker = cast.one("MAKER")
    for operation in judge.document.operations:
        if operation.is_public:
            continue
        schemes = [
            b"",
            b"Basic " + maker.token.encode(),
            maker.token.encode(),
            b"Bearer",
            b"bearer ",
        ]
        sent = [(f"scheme {scheme[:8]!r}", scheme) for scheme in schemes]
        sent += [(name, b"Bearer " + one) for name, one in bad_tokens()]
        for name, value in sent:
            names[value] = name
            bad = Actor("a forger", "NOBODY", own=maker.own)
            requests.append(request(operation, bad, headers=(("Authorization", value),)))
    await client.all(requests, look)
    odd = [Actor.signed_in(subject, "BASIC", "somebody odd") for subject in ODD_SUBJECTS]
    await client.all((Request("GET", "/v1/members/me", one) for one in odd), judge.look)
    await client.all([Request("GET", "/v1/members/me", NOBODY)], judge.look)

"""What PyJWT does here: tokens read and verified, an issuer's keys read.

Imported with the first token or the first keys (oidc_tokens.py; docs/adr/0020).
"""

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import jwt
from jwt import PyJWK

from cufit_service.application.ports import TokenRefused

ALGORITHM: Final = "RS256"
FETCH_SECONDS: Final = 3.0
MAX_DOCUMENT_BYTES: Final = 256 * 1024


def key_id_of(token: str) -> str:
    """The key a token says it is signed with. Raises TokenRefused."""
    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError as error:
        raise TokenRefused("not a JSON Web Token") from error
    if header.get("alg") != ALGORITHM:
        raise TokenRefused(f"not signed with {ALGORITHM}")
    key_id = header.get("kid")
    if not isinstance(key_id, str):
        raise TokenRefused("names no key")
    return key_id


def claims_of(token: str, key: PyJWK, issuer: str, leeway_seconds: float) -> dict[str, Any]:
    """What a token says; whom it is for is not looked at. Raises TokenRefused."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[ALGORITHM],
            issuer=issuer,
            leeway=leeway_seconds,
            options={"require": ["exp", "iss", "sub"], "verify_aud": False},
        )
    except jwt.ExpiredSignatureError as error:
        raise TokenRefused("expired") from error
    except jwt.InvalidIssuerError as error:
        raise TokenRefused("from another issuer") from error
    except jwt.InvalidTokenError as error:
        raise TokenRefused("not valid") from error
    return claims


def keys_of(document: Mapping[str, Any]) -> dict[str, PyJWK]:
    """The signing keys of a JSON Web Key Set by key id. Raises ValueError."""
    try:
        keys = {
            key["kid"]: PyJWK(key, algorithm=ALGORITHM)
            for key in document.get("keys", [])
            if key.get("kty") == "RSA" and key.get("use", "sig") == "sig" and "kid" in key
        }
    except jwt.PyJWTError as error:
        raise ValueError("a key of the issuer cannot be read") from error
    if not keys:
        raise ValueError("the issuer publishes no RSA signing key")
    return keys


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def fetch_json(uri: str) -> Mapping[str, Any]:
    """The JSON object at `uri`. Raises OSError or ValueError."""
    if urlsplit(uri).scheme not in ("http", "https"):
        raise ValueError("not an http address")
    request = Request(uri, headers={"Accept": "application/json"})  # noqa: S310 - checked above
    try:
        with build_opener(_NoRedirects).open(request, timeout=FETCH_SECONDS) as answer:
            body = answer.read(MAX_DOCUMENT_BYTES + 1)
    except URLError as error:
        raise OSError(f"{uri} does not answer") from error
    if len(body) > MAX_DOCUMENT_BYTES:
        raise ValueError("the document is too large")
    document = json.loads(body)
    if not isinstance(document, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - the issuer's fault, not a caller's
    return document

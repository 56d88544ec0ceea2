"""What PyJWT does here: tokens read and verified, an issuer's keys read.

Imported with the first token or the first keys (oidc_tokens.py; docs/adr/0020).
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final

import jwt
from jwt import PyJWK, PyJWKSet
from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from cufit_service.application.ports import TokenRefused

ALGORITHM: Final = "RS256"

SUBJECT_CHARACTERS: Final = 255
"""OpenID Connect Core 1.0, section 2: `sub` must not be longer."""

_Subject = Annotated[str, Field(min_length=1, max_length=SUBJECT_CHARACTERS)]


class _Claims(BaseModel):
    """What is asked of a token, in the types RFC 7519 gives it. Times are in seconds since 1970."""

    model_config = ConfigDict(strict=True)

    iss: str
    sub: _Subject
    exp: FiniteFloat
    nbf: FiniteFloat | None = None
    iat: FiniteFloat | None = None
    aud: str | list[str] | None = None
    client_id: str | None = None


class _Tokens(jwt.PyJWT):
    def _decode_payload(self, decoded: dict[str, Any]) -> dict[str, Any]:
        # PyJWT takes a time that is true, infinite or a string, and half a surrogate pair.
        try:
            claims = _Claims.model_validate_json(decoded["payload"])
        except ValidationError as error:
            raise jwt.DecodeError("a claim is missing or of another type") from error
        return claims.model_dump(exclude_none=True)


_tokens: Final = _Tokens()


def key_id_of(token: str) -> str:
    """The key a token says it is signed with. Raises TokenRefused."""
    try:
        header = jwt.get_unverified_header(token)
    except (jwt.InvalidTokenError, UnicodeError) as error:
        raise TokenRefused("not a JSON Web Token") from error
    if header.get("alg") != ALGORITHM:
        raise TokenRefused(f"not signed with {ALGORITHM}")
    key_id = header.get("kid")
    if not isinstance(key_id, str):
        raise TokenRefused("names no key")
    return key_id


def claims_of(token: str, key: PyJWK, issuer: str, leeway_seconds: float) -> dict[str, Any]:
    """What a token says, as _Claims; whom it is for is not looked at. Raises TokenRefused."""
    try:
        claims: dict[str, Any] = _tokens.decode(
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
    """The keys of a JSON Web Key Set that tokens may be signed with, by key id; others are left
    out: of another use or algorithm, too short (RFC 7518, section 3.3), or unreadable.

    Raises ValueError: none is left.
    """
    published = document.get("keys")
    found: dict[str, PyJWK] = {}
    for one in published if isinstance(published, list) else ():
        key = _usable(one)
        if key is not None and isinstance(key.key_id, str):
            found[key.key_id] = key
    if not found:
        raise ValueError("the issuer publishes no RSA signing key")
    return found


def _usable(published: object) -> PyJWK | None:
    try:
        # Of one key, because an odd one may raise anything and must not cost the others.
        (key,) = PyJWKSet([published])  # type: ignore[list-item]
        if key.algorithm_name != ALGORITHM or key.public_key_use not in ("sig", None):
            return None
        return None if key.Algorithm.check_key_length(key.key) else key
    except Exception:
        return None

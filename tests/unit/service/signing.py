"""Tokens of a make-believe issuer."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ISSUER = "https://issuer.example"
AUDIENCE = "cufit-test"
APP_AUDIENCE = "cufit-test-app"
"""Of the same issuer's tokens, as Kakao's native app key is beside the REST API key."""
AUDIENCES = (AUDIENCE, APP_AUDIENCE)
KEY_ID = "key-1"


@cache
def private_key(name: str = KEY_ID) -> RSAPrivateKey:
    """A key per name, made once per test run."""
    return generate_private_key(public_exponent=65537, key_size=2048)


def jwks(*names: str) -> dict[str, Any]:
    """The issuer's key set."""
    keys = []
    for name in names or (KEY_ID,):
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(private_key(name).public_key()))
        keys.append(public | {"kid": name, "use": "sig", "alg": "RS256"})
    return {"keys": keys}


def token(subject: str, *, key: str = KEY_ID, kid: str | None = None, **changes: Any) -> str:
    """A good token for `subject`; `changes` replace claims, None removes one."""
    now = datetime.now(UTC)
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": subject,
        "iat": now,
        "exp": now + timedelta(minutes=10),
    }
    claims = {name: value for name, value in (claims | changes).items() if value is not None}
    return jwt.encode(claims, private_key(key), "RS256", headers={"kid": kid or key})


def signed(payload: bytes | dict[str, Any], *, key: str = KEY_ID, **header: Any) -> str:
    """Whatever it says, signed with the issuer's key: `payload` as it stands, or good claims with
    these changes."""
    if isinstance(payload, dict):
        payload = json.dumps(_claims("maker") | payload).encode()
    protected = {"alg": "RS256", "typ": "JWT", "kid": key} | header
    parts = f"{_base64(json.dumps(protected).encode())}.{_base64(payload)}"
    signature = private_key(key).sign(parts.encode(), PKCS1v15(), SHA256())
    return f"{parts}.{_base64(signature)}"


async def published(_: str) -> dict[str, Any]:
    """What the issuer answers with one key, wherever it is asked."""
    return jwks()


def unsigned(subject: str) -> str:
    """The oldest forgery: `alg` none and no signature."""
    return _parts(subject, "none") + "."


def signed_with_public_key(subject: str) -> str:
    """HS256 with the public key as its secret: algorithm confusion."""
    public = private_key(KEY_ID).public_key()
    secret = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    signed = _parts(subject, "HS256")
    return f"{signed}.{_base64(hmac.digest(secret, signed.encode(), 'sha256'))}"


def _parts(subject: str, algorithm: str) -> str:
    claims = _claims(subject)
    header = {"alg": algorithm, "kid": KEY_ID}
    return ".".join(_base64(json.dumps(part).encode()) for part in (header, claims))


def _claims(subject: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token(subject), options={"verify_signature": False})
    return claims


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")

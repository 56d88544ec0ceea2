"""Tokens of a make-believe issuer."""

import base64
import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

ISSUER = "https://issuer.example"
AUDIENCE = "cufit-test"
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


def unsigned(subject: str) -> str:
    """The oldest forgery: `alg` none and no signature."""
    claims = jwt.decode(token(subject), options={"verify_signature": False})
    parts = ({"alg": "none", "kid": KEY_ID}, claims)
    encoded = [base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts]
    return ".".join([*encoded, ""])


def signed_with_public_key(subject: str) -> str:
    """HS256 with the public key as its secret: algorithm confusion."""
    claims = jwt.decode(token(subject), options={"verify_signature": False})
    secret = json.dumps(jwks()["keys"][0]).encode()
    return jwt.encode(claims, secret, "HS256", headers={"kid": KEY_ID})

"""The local OIDC issuer: makes tokens for made-up people. Every other environment refuses it."""

import json
import time
from functools import cached_property
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from cufit_ops.workspace import Workspace

ISSUER = "https://issuer.cufit.local.invalid"
"""`.invalid` never resolves (RFC 2606): nothing but this laptop's front door vouches for it."""
AUDIENCE = "cufit-local"
KEY_ID = "local-1"
TOKEN_SECONDS = 12 * 3600


class LocalIssuer:
    """Signs with a key of this checkout's state folder, made at first use and readable by its
    owner alone."""

    def __init__(self, key_file: Path) -> None:
        self._key_file = key_file

    @classmethod
    def of(cls, workspace: Workspace) -> "LocalIssuer":
        return cls(workspace.state / "issuer-key.pem")

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        try:
            key = serialization.load_pem_private_key(self._key_file.read_bytes(), password=None)
        except (FileNotFoundError, ValueError):
            return self._new_key()
        return key if isinstance(key, rsa.RSAPrivateKey) else self._new_key()

    def _new_key(self) -> rsa.RSAPrivateKey:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._key_file.touch(mode=0o600)
        self._key_file.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        return key

    def token(self, name: str, seconds: int = TOKEN_SECONDS) -> str:
        """A bearer token for the made-up person `name`, valid for `seconds`."""
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": name,
            "iat": now,
            "exp": now + seconds,
        }
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": KEY_ID})

    def jwks(self) -> dict[str, Any]:
        public = json.loads(RSAAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [{**public, "kid": KEY_ID, "use": "sig", "alg": "RS256"}]}

    def public_key(self) -> rsa.RSAPublicKey:
        return self._key.public_key()

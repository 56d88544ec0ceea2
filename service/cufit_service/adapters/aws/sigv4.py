"""Signature version 4 of the one kind of request the service makes in numbers.

POST to `/` without a query, as AWS's JSON protocols have it. The Common Runtime signs everything
else, and keeps the credentials; of a read's processor time its general signer took a tenth
(docs/adr/0019-aws-through-asyncio.md).

The steps and their names are those of "Create a signed AWS API request" in the IAM User Guide.
"""

import hashlib
import hmac
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from cufit_service.adapters.aws.asyncio_connections import Request

ALGORITHM: Final = "AWS4-HMAC-SHA256"


class Credentials(Protocol):
    """What awscrt.auth.AwsCredentials has."""

    @property
    def access_key_id(self) -> str: ...

    @property
    def secret_access_key(self) -> str: ...

    @property
    def session_token(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class _SigningKey:
    """Good for a day, a region and a service."""

    secret: str
    day: str
    value: bytes


class PostSigner:
    def __init__(self, service: str, region: str) -> None:
        self._scope = f"{region}/{service}/aws4_request"
        self._key: _SigningKey | None = None

    def signed(self, request: Request, credentials: Credentials) -> Request:
        """`request`, to `/`, with all of its headers signed."""
        now = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        headers = [*request.headers, ("X-Amz-Date", now)]
        if credentials.session_token:
            headers.append(("X-Amz-Security-Token", credentials.session_token))
        names, canonical = _canonical(headers)
        digest = hashlib.sha256(request.body).hexdigest()
        canonical_request = f"{request.method}\n/\n\n{canonical}\n{names}\n{digest}"
        scope = f"{now[:8]}/{self._scope}"
        to_sign = f"{ALGORITHM}\n{now}\n{scope}\n{_sha256(canonical_request)}"
        key = self._signing_key(credentials.secret_access_key, now[:8])
        signature = hmac.digest(key, to_sign.encode(), "sha256").hex()
        credential = f"{credentials.access_key_id}/{scope}"
        authorization = (
            f"{ALGORITHM} Credential={credential}, SignedHeaders={names}, Signature={signature}"
        )
        headers.append(("Authorization", authorization))
        return Request(request.method, request.target, headers, request.body)

    def _signing_key(self, secret: str, day: str) -> bytes:
        if self._key is None or (self._key.secret, self._key.day) != (secret, day):
            value = f"AWS4{secret}".encode()
            for part in (day, *self._scope.split("/")):
                value = hmac.digest(value, part.encode(), "sha256")
            self._key = _SigningKey(secret, day, value)
        return self._key.value


def _canonical(headers: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """SignedHeaders and CanonicalHeaders."""
    lowered = sorted((name.lower(), value.strip()) for name, value in headers)
    names = ";".join(name for name, _ in lowered)
    return names, "".join(f"{name}:{value}\n" for name, value in lowered)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

"""Versions as ETags: `"v3"` is the third version of a thing."""

import re
from typing import Annotated

from fastapi import Depends, Header, Response

from cufit_service.domain.errors import Fault, Invalid

_ETAG = re.compile(r'"v(\d{1,18})"')

_IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description='`ETag` of what you changed, such as `"v3"`; then 412 if that is old.',
    ),
]


async def _version_read(if_match: _IfMatch = None) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    found = _ETAG.fullmatch(if_match.strip())
    if found is None:
        raise Invalid([Fault("If-Match", 'must be an ETag such as "v3"')])
    return int(found.group(1))


VersionRead = Annotated[int | None, Depends(_version_read)]
"""The version a client has read; None when it does not say or does not mind."""


def tag(response: Response, version: int) -> None:
    response.headers.update(etag(version))


def etag(version: int) -> dict[str, str]:
    """As headers."""
    return {"ETag": f'"v{version}"'}

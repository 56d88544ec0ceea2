"""Versions as ETags: `"v3"` is the third version of a thing."""

import re
from typing import Annotated

from fastapi import Header
from starlette.responses import Response

from cufit_service.domain.errors import Fault, Invalid

IfMatch = Annotated[
    str | None,
    Header(description='`ETag` of what you changed, such as `"v3"`; then 412 if that is old.'),
]

_ETAG = re.compile(r'"v(\d{1,18})"')


def tag(response: Response, version: int) -> None:
    response.headers["ETag"] = f'"v{version}"'


def version_read(if_match: str | None) -> int | None:
    """The version a client has read; None when it does not say or does not mind."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = _ETAG.fullmatch(if_match.strip())
    if found is None:
        raise Invalid([Fault("If-Match", 'must be an ETag such as "v3"')])
    return int(found.group(1))

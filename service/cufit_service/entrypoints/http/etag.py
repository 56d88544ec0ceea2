"""Versions as ETags: `"v3"` is the third version of a thing."""

import re

from pydantic import Field

from cufit_service.domain.errors import Fault, Invalid
from cufit_service.entrypoints.http.context import Call
from cufit_service.entrypoints.http.schemas.common import Parameters

_ETAG = re.compile(r'"v(\d{1,18})"')


class VersionHeaders(Parameters):
    if_match: str | None = Field(
        default=None,
        alias="If-Match",
        description='`ETag` of what you changed, such as `"v3"`; then 412 if that is old.',
    )

    @property
    def version_read(self) -> int | None:
        """The version a client has read; None when it does not say or does not mind.

        Raises:
            Invalid: not an ETag of this service.
        """
        if self.if_match is None or self.if_match.strip() == "*":
            return None
        found = _ETAG.fullmatch(self.if_match.strip())
        if found is None:
            raise Invalid([Fault("If-Match", 'must be an ETag such as "v3"')])
        return int(found.group(1))


def tag(call: Call, version: int) -> None:
    call.headers["ETag"] = f'"v{version}"'

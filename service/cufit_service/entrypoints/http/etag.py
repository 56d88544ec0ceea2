"""Versions as ETags: `"v3"` is the third version of a thing."""

from typing import Annotated, Any, Final

from fastapi import Depends, Header, Response

from cufit_service.entrypoints.http.problems import Responses

_ANY = "*"

_IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        pattern=r'^(\*|"v[0-9]{1,18}")$',
        description='`ETag` of what you changed, such as `"v3"`; then 412 if that is old. '
        "`*`: whatever it is.",
        examples=['"v3"'],
    ),
]


async def _version_read(if_match: _IfMatch = None) -> int | None:
    if if_match is None or if_match == _ANY:
        return None
    return int(if_match.strip('v"'))


VersionRead = Annotated[int | None, Depends(_version_read)]
"""The version a client has read; None when it does not say or does not mind."""


TAGGED: Final[dict[str, Any]] = {
    "headers": {"ETag": {"description": "Of this version.", "schema": {"type": "string"}}}
}
"""Describes an answer that has been through `tag`."""


def tagged(status: int = 200) -> Responses:
    return {status: TAGGED}


def tag(response: Response, version: int) -> None:
    response.headers.update(etag(version))


def etag(version: int) -> dict[str, str]:
    """As headers."""
    return {"ETag": f'"v{version}"'}

"""Refuses web pages of other sites: the embedded AWS runs code for whoever knows its known key.

Every page a developer visits can send requests to 127.0.0.1, and MiniStack answers any origin's
preflight; one signed call later a function of that page's would run here. Browsers say where a
request comes from (Origin, Sec-Fetch-Site, Referer), and for which name (Host, against DNS
rebinding). Pages served from this machine may call: they upload and show photos.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from embedded_aws.loopback_only import is_loopback

_OTHER_SITE = frozenset({"cross-site", "same-site"})


def refusal(headers: Mapping[str, str]) -> str | None:
    """Why a request with `headers` (names in lower case) is refused; None when it is not."""
    host = headers.get("host", "")
    if host and not _is_local(f"http://{host}"):
        return f"Host {host!r} is not a name of this machine"
    origin = headers.get("origin")
    if origin is None and headers.get("sec-fetch-site") in _OTHER_SITE:
        origin = headers.get("referer", "")
    if origin is not None and not _is_local(origin):
        return f"Pages of {origin or 'another site'} may not call the embedded AWS"
    return None


def _is_local(address: str) -> bool:
    try:
        host = urlsplit(address).hostname
    except ValueError:
        return False
    return bool(host) and is_loopback(host)

"""Headers of the request or the answer itself, without those of one connection."""

from collections.abc import Iterable

OF_CONNECTION = frozenset({b"connection", b"keep-alive", b"proxy-authenticate",
                           b"proxy-authorization", b"te", b"trailer", b"transfer-encoding",
                           b"upgrade", b"expect"})  # fmt: skip
"""A proxy must not pass them on (RFC 9110, 7.6.1), nor those that `Connection` names."""

Headers = list[tuple[bytes, bytes]]


def end_to_end(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Names in lower case; values as they came."""
    sent = [(name.lower(), value) for name, value in headers]
    options = b",".join(value for name, value in sent if name == b"connection").split(b",")
    left_out = OF_CONNECTION | {option.strip().lower() for option in options}
    return [(name, value) for name, value in sent if name not in left_out]

"""Refuses, in this process, every network connection that leaves the machine.

Used by the server and by each function: whatever endpoint, proxy or host name code arrives at,
nothing the local environment runs can reach AWS or the internet. Standard library only, because
functions load it without any package.
"""

import ipaddress
import sys
from typing import Any

_NAMES = frozenset({"", "localhost", "ip6-localhost"})


class ConnectionLeavesTheMachine(PermissionError):
    """A connection or a name look-up to a host other than this machine was attempted."""


def install() -> None:
    """Refuse from now on; an audit hook cannot be removed again (PEP 578)."""
    sys.addaudithook(_refuse_others)


def is_loopback(host: object) -> bool:
    """Whether `host` (name or address, None for the wildcard) is this machine."""
    if host is None:
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    if text.lower() in _NAMES or text.lower().endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _refuse_others(event: str, args: tuple[Any, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = args[0]
    elif event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = args[1]
        if not isinstance(address, tuple):
            return  # a Unix socket, or a datagram of a connected socket
        host = address[0]
    elif event in ("socket.gethostbyname", "socket.gethostbyaddr"):
        host = args[0]
    else:
        return
    if not is_loopback(host):
        raise ConnectionLeavesTheMachine(
            f"the embedded AWS connects to this machine only, not to {host!r}"
        )

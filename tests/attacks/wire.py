"""Bytes on a connection of its own, and what comes back before it is closed."""

import asyncio
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

QUIET_SECONDS: Final = 0.5
"""An answer that has not begun by then is not awaited: the service waits for the rest."""

_STATUS: Final = re.compile(rb"HTTP/1\.[01] (\d{3}) ")


@dataclass(frozen=True)
class Heard:
    data: bytes
    closed: bool
    seconds: float

    @property
    def statuses(self) -> list[int]:
        return [int(status) for status in _STATUS.findall(self.data)]


async def say(port: int, *pieces: bytes, quiet: float = QUIET_SECONDS) -> Heard:
    """Send the pieces one after the other; hear until it is closed or quiet."""
    began = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    data, closed = b"", False
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)
        while not closed:
            async with asyncio.timeout(quiet):
                heard = await reader.read(65536)
            data, closed = data + heard, not heard
    except TimeoutError:
        pass
    except OSError:
        closed = True
    finally:
        with suppress(OSError):
            writer.close()
    return Heard(data, closed, time.perf_counter() - began)


async def still_well(port: int, head: Sequence[bytes]) -> float:
    """Seconds that an ordinary request takes; infinite when it gets no 200."""
    heard = await say(port, b"\r\n".join([*head, b"Connection: close", b"", b""]), quiet=10)
    return heard.seconds if heard.statuses == [200] else float("inf")

"""Request smuggling: each of messages.py is sent on a connection of its own.

Behind most stands a second request: who gets two answers has been read in two ways. A message that
RFC 9112 calls ambiguous may be refused, or answered once and the connection closed.
"""

from collections.abc import Iterator
from typing import Final

from tests.attacks.exchange import Client
from tests.attacks.judge import Judge
from tests.attacks.messages import messages
from tests.attacks.people import ADMIN_SUBJECTS, Actor
from tests.attacks.system import System
from tests.attacks.wire import say, still_well

WELL_SECONDS: Final = 5.0
MEBIBYTES: Final = 64
"""What the service's memory may grow by in all of this."""


async def attack(system: System, client: Client, judge: Judge) -> None:
    admin = Actor.signed_in(ADMIN_SUBJECTS[-1], "ADMIN")
    before = system.service.rss_mib
    well = [b"GET /v1/members/me HTTP/1.1", b"Host: cufit",
            b"Authorization: Bearer " + admin.token.encode()]  # fmt: skip
    for message in messages():
        for pieces in _in_pieces(message.data(admin.token)):
            client.sent += 1
            heard = await say(system.port, *pieces)
            client.statuses.update(heard.statuses)
            broken = [status for status in heard.statuses if status >= 500]
            if broken:
                judge.find("5xx", f"{broken[0]} to {message.name}", "the wire", pieces[0][:200])
            if len(heard.statuses) > message.answers:
                judge.find("wrong", f"{message.name} is answered {heard.statuses}", "the wire", "")
        client.sent += 1
        if await still_well(system.port, well) > WELL_SECONDS:
            judge.find(
                "5xx", f"after {message.name} the next request is not answered", "the wire", ""
            )
    await _pipelines(system, client, judge, well)
    grown = system.service.rss_mib - before
    if grown > MEBIBYTES:
        judge.find("wrong", f"memory grew by more than {MEBIBYTES} MiB", "the wire", f"{grown:.0f}")


def _in_pieces(data: bytes) -> Iterator[tuple[bytes, ...]]:
    yield (data,)
    cut = data.find(b"\r\n\r\n")
    if cut > 0 and len(data) < 5_000:
        yield data[: cut + 2], data[cut + 2 :]


async def _pipelines(system: System, client: Client, judge: Judge, well: list[bytes]) -> None:
    """A hundred requests at once, and fifty people who go away before their answer."""
    one = b"\r\n".join([*well, b"", b""])
    heard = await say(system.port, one * 100, quiet=5)
    client.sent += 100
    client.statuses.update(heard.statuses)
    if wrong := [status for status in heard.statuses if status not in (200, 429)]:
        judge.find("wrong", f"{wrong[0]} in a pipeline", "the wire", "")
    for _ in range(50):
        client.sent += 1
        await say(system.port, one, quiet=0.001)
    if await still_well(system.port, well) > WELL_SECONDS:
        judge.find("5xx", "not well after 50 who went away", "the wire", "")

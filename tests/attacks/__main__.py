"""Attacks on the service over HTTP, each answer held against its document: `make attack`.

The service runs as a process of its own, over the AWS in memory. What is found is printed once,
with how often and an example; then the exit code is 1. A seed repeats what was drawn.
"""

import argparse
import asyncio
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Final

import httpx

from tests.attacks import access, json_bodies, naughty, races, slow, smuggling, tokens
from tests.attacks.document import Document
from tests.attacks.exchange import Client, Request
from tests.attacks.judge import CANARY, KINDS, Judge, code_of
from tests.attacks.people import NOBODY
from tests.attacks.system import System, running_system
from tests.attacks.town import SetUpFailed
from tests.drills.tallies import miscounted

Attack = Callable[[System, Client, Judge], Awaitable[None]]

ATTACKS: Final[dict[str, Attack]] = {
    "naughty": naughty.attack,
    "json": json_bodies.attack,
    "tokens": tokens.attack,
    "access": access.attack,
    "races": races.attack,
    "smuggling": smuggling.attack,
    "slow": slow.attack,
}


async def run(system: System, names: Sequence[str]) -> int:
    """How many findings there are."""
    described = httpx.get(f"http://127.0.0.1:{system.port}/openapi.json").json()
    document = Document(described)
    await _leave_out_others(document, system.port)
    judge, requests = Judge(document, reason=system.reason), 0
    for name in names:
        judge.attack, began = name, time.perf_counter()
        client = Client(system.port)
        try:
            await ATTACKS[name](system, client, judge)
        except SetUpFailed as error:
            judge.find("wrong", "nobody could be set up to attack", name, error)
        client.close()
        requests += client.sent
        _tell(judge, client, time.perf_counter() - began)
    judge.attack = "log"
    for kind, fault in _in_the_log(system):
        judge.find(kind, fault, "the log", "")
    judge.attack = "counters"
    for wrong in miscounted(system.tables.rows("candidates"), system.tables.rows("matches")):
        judge.find("wrong", "a history is not what was answered", wrong, "")
    counts = Counter(kind for _, kind, _ in judge.findings)
    for found in judge.findings.values():
        _say(str(found))
    told = ", ".join(f"{counts[kind]} {kind}" for kind in KINDS)
    _say(f"{requests:,} requests: {told}")
    return counts.total()


async def _leave_out_others(document: Document, port: int) -> None:
    """Operations that functions answer: this process knows no route for them."""
    client = Client(port)
    for operation in list(document.operations):
        answer = await client.send(Request(operation.method, operation.path, NOBODY))
        if code_of(answer) == "route_unknown":
            document.operations.remove(operation)
            _say(f"not attacked, because a function answers it: {operation}")
    client.close()


def _tell(judge: Judge, client: Client, seconds: float) -> None:
    by_class = Counter(f"{status // 100}xx" for status in client.statuses.elements())
    answers = ", ".join(f"{count:,} {name}" for name, count in sorted(by_class.items()))
    found = sum(1 for _ in judge.of(judge.attack))
    _say(
        f"{judge.attack:10} {client.sent:>7,} requests  {found:>3} findings  {seconds:>6.1f} s"
        f"  {answers}, {client.put_off:,} put off"
    )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _in_the_log(system: System) -> Iterator[tuple[str, str]]:
    """What must not be there: canaries, bearer tokens, errors."""
    for canary in {found.decode() for found in CANARY.findall(system.log.read_bytes())}:
        yield "leak", f"{canary[:4]}… is logged"
    if count := system.tokens_logged():
        yield "leak", f"{count} bearer tokens are logged"
    for line in system.logged():
        if line["level"] == "ERROR":
            yield "wrong", f"ERROR {line['message'].strip()} {line.get('exception', '')}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.attacks", description=__doc__)
    parser.add_argument("--only", action="append", choices=list(ATTACKS), help="again for another")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    given = parser.parse_args(arguments)
    random.seed(given.seed)
    _say(f"seed {given.seed}")
    with running_system() as system:
        return 1 if asyncio.run(run(system, given.only or list(ATTACKS))) else 0


if __name__ == "__main__":
    sys.exit(main())

"""Drills on a running local system: `python -m tests.drills.chaos rolling`, `… processes`."""

import argparse
import asyncio
import signal
import sys

from cufit_ops.laptop.processes import ProcessError
from tests.drills.chaos.laptop import DrillFailed, laptop
from tests.drills.chaos.process_chaos import VICTIMS, blows, chaos
from tests.drills.chaos.rolling import roll


def rolling(restarts: int, requests: int) -> None:
    with laptop() as system:
        rolled = asyncio.run(roll(system, restarts, requests))
        outcome = rolled.outcome
        slowest = max(latency for each in outcome.latencies.values() for latency in each)
        sys.stdout.write(
            f"{rolled.restarts} restarts, {outcome.requests:,} requests in {outcome.seconds:.0f} s "
            f"at {rolled.per_second:.0f}/s: {rolled.failed} failed, slowest {slowest:.2f} s\n"
            f"{dict(outcome.endings)}\n"
        )
        if rolled.failed:
            raise DrillFailed(f"{rolled.failed} requests failed")


def processes(rounds: int, kills: int, victims: list[str]) -> None:
    with laptop() as system:
        plan = list(blows(system, victims, rounds, kills))
        outcome = chaos(system, plan)
    ledger = outcome.ledger
    counts = ", ".join(f"{number} × {blow}" for blow, number in outcome.blows.items())
    sys.stdout.write(
        f"{outcome.blows.total()} blows ({counts})\n"
        f"{len(ledger.invitations)} invitations, {len(ledger.recommendations)} recommendations "
        f"accepted, {ledger.errors} requests broke and were sent again; "
        f"at rest after {outcome.seconds_to_rest:.0f} s, nothing lost, nothing doubled\n"
    )


def _end(*_: object) -> None:
    """SIGTERM: the system goes down with the drill, as after Ctrl-C."""
    raise SystemExit(128 + signal.SIGTERM)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.drills.chaos", description=__doc__)
    drills = parser.add_subparsers(dest="drill", required=True)
    rolls = drills.add_parser("rolling", help="restart the task under load")
    rolls.add_argument("--restarts", type=int, default=100)
    rolls.add_argument("--requests", type=int, default=20_000)
    kills = drills.add_parser("processes", help="kill, end and freeze processes under load")
    kills.add_argument("--rounds", type=int, default=2, help="of every blow to every victim")
    kills.add_argument("--kills", type=int, default=0, help="instead: so many SIGKILLs of each")
    kills.add_argument("--of", nargs="+", choices=VICTIMS, default=VICTIMS, metavar="VICTIM")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, _end)
    try:
        if given.drill == "rolling":
            rolling(given.restarts, given.requests)
        else:
            processes(given.rounds, given.kills, given.of)
    except (DrillFailed, ProcessError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

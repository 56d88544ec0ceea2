"""Drills on a running local system: `python -m tests.drills.chaos rolling`, `… processes`."""

import argparse
import asyncio
import sys

from cufit_ops.laptop.processes import ProcessError
from tests.drills.chaos.laptop import DrillFailed, laptop
from tests.drills.chaos.process_chaos import chaos
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


def processes(rounds: int) -> None:
    with laptop() as system:
        outcome = chaos(system, rounds)
    ledger = outcome.ledger
    sys.stdout.write(
        f"{len(outcome.blows)} blows ({', '.join(outcome.blows)})\n"
        f"{len(ledger.invitations)} invitations, {len(ledger.recommendations)} recommendations "
        f"accepted, {ledger.errors} requests broke and were sent again; "
        f"at rest after {outcome.seconds_to_rest:.0f} s, nothing lost, nothing doubled\n"
    )


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.drills.chaos", description=__doc__)
    drills = parser.add_subparsers(dest="drill", required=True)
    rolls = drills.add_parser("rolling", help="restart the task under load")
    rolls.add_argument("--restarts", type=int, default=100)
    rolls.add_argument("--requests", type=int, default=20_000)
    kills = drills.add_parser("processes", help="kill, end and freeze processes under load")
    kills.add_argument("--rounds", type=int, default=2)
    given = parser.parse_args()
    try:
        if given.drill == "rolling":
            rolling(given.restarts, given.requests)
        else:
            processes(given.rounds)
    except (DrillFailed, ProcessError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

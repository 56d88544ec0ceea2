"""Drills on a running local system: `python -m tests.drills.chaos rolling`, `… processes`."""

import argparse
import asyncio
import signal
import sys

from cufit_ops.laptop.platform.entry import Entry
from cufit_ops.laptop.processes import ProcessError
from tests.drills.chaos.entries import ENTRIES, SPEED, quicker
from tests.drills.chaos.laptop import DrillFailed, laptop
from tests.drills.chaos.process_chaos import VICTIMS, blows, chaos
from tests.drills.chaos.rolling import roll

DELAYS = {
    "cached": "for how long a list of tasks is kept",
    "seen_late": "until a healthy task is listed",
    "lame_duck": "for how long a task serves after SIGTERM",
}


def rolling(given: argparse.Namespace) -> None:
    played, entry = {"CUFIT_LOCAL_TASKS": str(given.tasks)}, _entry(given)
    if entry is not None:
        played["CUFIT_LOCAL_ENTRY"] = entry.model_dump_json()
        sys.stdout.write(f"{given.tasks} task(s) behind {entry!r}\n")
    with laptop(**played) as system:
        rolled = asyncio.run(roll(system, given.restarts, given.requests, given.per_second))
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


def _entry(given: argparse.Namespace) -> Entry | None:
    if given.entry is None:
        return None
    told = {name: getattr(given, name) for name in DELAYS if getattr(given, name) is not None}
    return quicker(ENTRIES[given.entry].model_copy(update=told), given.speed)


def _end(*_: object) -> None:
    """SIGTERM: the system goes down with the drill, as after Ctrl-C."""
    raise SystemExit(128 + signal.SIGTERM)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.drills.chaos", description=__doc__)
    drills = parser.add_subparsers(dest="drill", required=True)
    rolls = drills.add_parser("rolling", help="restart the task under load")
    rolls.add_argument("--restarts", type=int, default=100)
    rolls.add_argument("--requests", type=int, default=20_000)
    rolls.add_argument("--per-second", type=float, help="else a third of what is possible")
    rolls.add_argument("--tasks", type=int, default=1)
    rolls.add_argument("--entry", choices=ENTRIES, help="the front door hears of tasks as late")
    rolls.add_argument("--speed", type=float, default=SPEED, help="of the entry's delays")
    for name, what in DELAYS.items():
        option = f"--{name.replace('_', '-')}"
        rolls.add_argument(option, type=float, metavar="SECONDS", help=f"of AWS's: {what}")
    kills = drills.add_parser("processes", help="kill, end and freeze processes under load")
    kills.add_argument("--rounds", type=int, default=2, help="of every blow to every victim")
    kills.add_argument("--kills", type=int, default=0, help="instead: so many SIGKILLs of each")
    kills.add_argument("--of", nargs="+", choices=VICTIMS, default=VICTIMS, metavar="VICTIM")
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, _end)
    try:
        if given.drill == "rolling":
            rolling(given)
        else:
            processes(given.rounds, given.kills, given.of)
    except (DrillFailed, ProcessError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The drills in full, with their counts and seconds: `python -m tests.drills [DRILL …]`.

`make drills` runs them all but the chaos; `make drills-long` plays 100,000 histories; `make chaos`
and `make rolling` drill a running system. A seed repeats what was drawn.
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

for _name in [name for name in os.environ if name.startswith(("AWS_", "CUFIT_", "POWERTOOLS_"))]:
    del os.environ[_name]
os.environ.update(
    AWS_ACCESS_KEY_ID="drill",
    AWS_SECRET_ACCESS_KEY="drill",
    AWS_DEFAULT_REGION="ap-northeast-2",
    AWS_CONFIG_FILE=os.devnull,
    AWS_SHARED_CREDENTIALS_FILE=os.devnull,
)

# After the environment: boto3 reads it when clients are made.
from tests.drills.boundary import Fault  # noqa: E402
from tests.drills.conditions import without  # noqa: E402
from tests.drills.enumeration import Stages  # noqa: E402
from tests.drills.flows import FLOWS  # noqa: E402
from tests.drills.machine import search  # noqa: E402
from tests.drills.maker_races import MAKER_RACES  # noqa: E402
from tests.drills.mutants import Hunt, caught_by  # noqa: E402
from tests.drills.orders import ORDERS  # noqa: E402
from tests.drills.races import RACES  # noqa: E402
from tests.drills.serial import Races  # noqa: E402
from tests.drills.spare import SPARE  # noqa: E402
from tests.drills.twists import sent_as  # noqa: E402
from tests.drills.world import World  # noqa: E402
from tests.in_memory_aws.dynamodb import DynamoDb  # noqa: E402

BATCH = 1_000
"""Histories of one seed."""


class Drills:
    def __init__(self, world: World, seed: int, histories: int, each: int) -> None:
        """`histories` to play; `each`: draws for each flow and race."""
        self._stages = Stages.build(world)
        self._races = Races(world, self._stages.town_at_rest)
        self._hunt = Hunt(self._stages, self._races, FLOWS, (*RACES, *MAKER_RACES))
        self._seed = seed
        self._histories = histories
        self._each = each
        self._draw = random.Random(seed)  # noqa: S311 - draws runs
        self.failed = 0

    def points(self) -> int:
        """One fault at every call of every flow, with either kind of client."""
        runs = [run for flow in FLOWS for run in self._stages.runs(flow)]
        return self._all(runs, self._stages.go)

    def pairs(self) -> int:
        """Two faults in one run of a flow."""
        runs = [run for flow in FLOWS for run in self._stages.pairs(flow, self._each, self._draw)]
        return self._all(runs, self._stages.go)

    def races(self) -> int:
        """Every race, cut in at every call."""
        tries = [one for race in (*RACES, *MAKER_RACES) for one in self._races.tries(race)]
        return self._all(tries, lambda one: self._races.run(*one))

    def races_with_faults(self) -> int:
        """The same with a fault besides."""
        return self._all(list(self._struck()), lambda one: self._races.run_with_fault(*one))

    def histories(self) -> int:
        """In batches, each with a seed of its own."""
        count = self._histories
        for played in range(0, count, BATCH):
            batch = min(BATCH, count - played)
            self._all([self._seed + played], partial(search, self._stages, batch))
            if count > BATCH:
                sys.stderr.write(f"  {played + batch:,} of {count:,} histories\n")
        return count

    def conditions(self) -> int:
        """Every condition left out in turn; those known to be spare have to be."""
        self._hunt.prepare()
        world = self._stages.world
        conditions = sorted(self._hunt.conditions())
        for condition in conditions:
            wrong = sent_as(without(condition))
            caught = caught_by(self._hunt.without(condition), world, wrong) is not None
            if caught is (str(condition) in SPARE):
                self._report(f"{condition}: {'needed' if caught else 'nothing minds'}")
        return len(conditions)

    def orders(self) -> int:
        """Every order changed in turn."""
        self._hunt.prepare()
        world = self._stages.world
        for order in ORDERS:
            if caught_by(self._hunt.within(order.caught_in), world, order.wrong) is None:
                self._report(f"{order}: nothing minds")
        return len(ORDERS)

    def _struck(self) -> Iterator[tuple[object, ...]]:
        for race in (*RACES, *MAKER_RACES):
            tries = [] if race.fragile else list(self._races.tries(race))
            for _ in range(self._each if tries else 0):
                turned, number = self._draw.choice(tries)
                last = len(self._races.start(turned).calls) + 3
                later = self._draw.randint(number + 1, last + 1)
                yield turned, number, later, self._draw.choice(tuple(Fault))

    def _all(self, runs: list, go: Callable) -> int:  # type: ignore[type-arg]
        for run in runs:
            try:
                go(run)
            except AssertionError as error:
                self._report(str(error))
        return len(runs)

    def _report(self, what: str) -> None:
        self.failed += 1
        sys.stdout.write(f"  FAILED {what}\n")


@contextmanager
def _told(name: str, drills: Drills) -> Iterator[Callable[[int], None]]:
    started, failed = time.perf_counter(), drills.failed
    counts: list[int] = []
    yield counts.append
    seconds = time.perf_counter() - started
    wrong = drills.failed - failed
    sys.stdout.write(f"{name:18} {counts[0]:>7,} runs  {wrong:>3} wrong  {seconds:>7.1f} s\n")
    sys.stdout.flush()


DRILLS: dict[str, Callable[[Drills], int]] = {
    "one-fault": Drills.points,
    "two-faults": Drills.pairs,
    "races": Drills.races,
    "races-with-faults": Drills.races_with_faults,
    "histories": Drills.histories,
    "conditions": Drills.conditions,
    "orders": Drills.orders,
}


def run(names: Sequence[str], seed: int, histories: int, each: int) -> int:
    """How many runs went wrong."""
    sys.stdout.write(f"seed {seed}\n")
    with World().running() as world:
        drills = Drills(world, seed, histories, each)
        for name in names:
            with _told(name, drills) as count:
                count(DRILLS[name](drills))
    return drills.failed


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.drills", description=__doc__)
    parser.add_argument("drills", nargs="*", metavar="DRILL", help=f"of {', '.join(DRILLS)}; all")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--histories", type=int, default=1_000)
    parser.add_argument("--each", type=int, default=50, help="draws for each flow and race")
    parser.add_argument(
        "--lag", type=float, default=0.0, help="seconds until an index shows a write"
    )
    given = parser.parse_args()
    if unknown := set(given.drills) - set(DRILLS):
        parser.error(f"no drill {', '.join(sorted(unknown))}; there are {', '.join(DRILLS)}")
    random.seed(given.seed)
    DynamoDb.lag = given.lag
    names = given.drills or list(DRILLS)
    return 1 if run(names, given.seed, given.histories, given.each) else 0


if __name__ == "__main__":
    sys.exit(main())

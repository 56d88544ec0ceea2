"""How late the two entries hear of tasks, in seconds. AWS documents the order, not the times.

Cloud Map:
- ECS stops a task "as soon as the target is deregistered", and API Gateway, which asks
  DiscoverInstances, goes on sending to it from a cache: aws/containers-roadmap #1639, open since
  2022. How old the cache may be is written nowhere. Assumed: 60, the most that reports of 503 after
  a deployment speak of ("for a minute or so": anomalyco/sst #5915, 2025).
- The old task may be deregistered before Cloud Map says that the new one is healthy, so that for "a
  short period" there is none: aws/containers-roadmap #830, 2020, open; of the same year is the word
  that this order was mended (aws/aws-app-mesh-roadmap #151, 2020-06-15). Assumed: mended; what it
  would cost is `--seen-late`.

Load balancer:
- ECS deregisters a task from its target group, which takes the deregistration delay, and only then
  stops it ("Amazon ECS task lifecycle", DEACTIVATING). It does so once the new one is healthy
  there (tests/infra compares both with the stacks).
- A balancer sends nothing new to a target that is deregistering ("Edit target group attributes").
  Assumed: its nodes hear of it within 5.
"""

from typing import Final

from cufit_ops.laptop.platform.entry import Entry
from cufit_service import lifetimes

ENTRIES: Final = {
    "cloudmap": Entry(cached=60, lame_duck=lifetimes.LAME_DUCK_SECONDS),
    "alb": Entry(
        cached=5,
        seen_late=10,
        old_waits=True,
        told_after=5,
        lame_duck=lifetimes.LAME_DUCK_SECONDS,
    ),
}

SPEED: Final = 20.0
"""The delays pass so many times as fast: a hundred deployments in minutes. Starting a task and
answering take their own time."""


def quicker(entry: Entry, speed: float) -> Entry:
    delays = entry.model_dump(exclude={"old_waits"})
    return entry.model_copy(update={name: seconds / speed for name, seconds in delays.items()})

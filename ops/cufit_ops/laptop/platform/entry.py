"""How late an entry hears of tasks that come and go; the front door plays it, if it is told to.

Behind AWS's entries nobody knows at once which tasks there are. `tests/drills/chaos/entries.py` has
the delays of Cloud Map and of a load balancer, and where they are from.
"""

import math
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat

from cufit_contracts.environment import ConfigurationError, load_settings
from cufit_ops.workspace import WorkspaceError

ROUTERS = 4
"""With a list of tasks each, looked up at times of its own: API Gateway is many machines."""


class Entry(BaseModel):
    """Delays in seconds; without any the front door knows at once."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cached: NonNegativeFloat = 0
    """For how long a list of tasks is kept, whatever becomes of them."""
    seen_late: NonNegativeFloat = 0
    """From a task's first healthy answer until it is listed."""
    old_waits: bool = False
    """An old task is taken off the list only once the new one is on it."""
    told_after: NonNegativeFloat = 0
    """From there to SIGTERM."""
    lame_duck: NonNegativeFloat = 0
    """From SIGTERM until the task accepts nothing more."""


class Played(BaseModel):
    local_entry: Entry | None = None
    """CUFIT_LOCAL_ENTRY, e.g. {"cached": 60, "lame_duck": 75}"""
    local_tasks: int = Field(default=1, ge=1, le=4)
    """CUFIT_LOCAL_TASKS: how many run."""


def played(environ: Mapping[str, str] = os.environ) -> Played:
    """Raises WorkspaceError: names the variable, its value and what would be legal."""
    try:
        return load_settings(Played, environ)
    except ConfigurationError as error:
        raise WorkspaceError(str(error)) from error


T = TypeVar("T")


@dataclass
class _Router(Generic[T]):
    until: float
    tasks: list[T] = field(default_factory=list)


class KnownTasks(Generic[T]):
    """Those that may be chosen for a request."""

    def __init__(
        self,
        entry: Entry,
        clock: Callable[[], float] = time.monotonic,
        random: Random | None = None,
    ) -> None:
        self._entry = entry
        self._clock = clock
        self._random = random or Random()  # noqa: S311 - to spread requests
        self._listed: dict[T, float] = {}
        """Since when."""
        self._routers: list[_Router[T]] = [_Router(-math.inf) for _ in range(ROUTERS)]

    def add(self, task: T) -> None:
        self._listed[task] = self._clock() + self._entry.seen_late

    def remove(self, task: T) -> None:
        self._listed.pop(task, None)

    def choose(self) -> T | None:
        """For one request; None: whoever was asked knows of no task."""
        router = self._random.choice(self._routers)
        now = self._clock()
        if now >= router.until:
            router.tasks = [task for task, since in self._listed.items() if since <= now]
            share = self._random.random() if router.until < 0 else 1
            router.until = now + self._entry.cached * share
        return self._random.choice(router.tasks) if router.tasks else None

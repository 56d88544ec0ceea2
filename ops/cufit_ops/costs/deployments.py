"""What a deployment does to requests behind each entry, by deployments.toml."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, NonNegativeInt, PositiveInt


class Run(BaseModel):
    """Of `make rolling`: so many restarts, one after the other, under load."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    entry: Literal["cloudmap", "alb"]
    tasks: PositiveInt
    restarts: PositiveInt
    requests: PositiveInt
    failed: NonNegativeInt
    speed: PositiveInt
    """The entry's delays passed so many times as fast."""
    assumed: str
    source: str
    measured: date

    @property
    def words(self) -> str:
        tasks = "1 task" if self.tasks == 1 else f"{self.tasks} tasks"
        return (
            f"{self.entry}, {tasks}: {self.failed} of {self.requests:,} requests failed in "
            f"{self.restarts} deployments, played on a laptop {self.measured}; assumed: "
            f"{self.assumed} ({self.source})"
        )


@cache
def deployments() -> tuple[Run, ...]:
    file = Path(__file__).with_name("deployments.toml")
    rows = tomllib.loads(file.read_text(encoding="utf-8"))["run"]
    return tuple(Run.model_validate(row) for row in rows)

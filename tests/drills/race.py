"""Two things that may happen at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tests.drills.preparations import Act, Ids
from tests.drills.town import Town

REASONS = "reasons"
"""In Race.loose: which 4xx somebody is told. Whoever stops being a maker halfway may hear that as
well as that the candidate is not theirs."""


@dataclass(frozen=True)
class Race:
    name: str
    one: Act
    other: Act
    prepare: Callable[[Town], Ids]
    loose: tuple[str, ...] = ()
    """Parts of the picture, or what the two are told, in which a mixture is right."""
    lost: bool = False
    """As of a flow."""
    fragile: bool = False
    """A fault besides may leave something for people to mend (docs/reliability.md)."""

    def __str__(self) -> str:
        return self.name

    def either_first(self) -> Iterator["Race"]:
        yield self
        if self.one is not self.other:
            swapped = f"{self.name}, the other way round"
            yield replace(self, name=swapped, one=self.other, other=self.one)

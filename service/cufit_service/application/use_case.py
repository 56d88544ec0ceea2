"""What a use case is: made once of what it works with, then called."""

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

Made = TypeVar("Made")


@dataclass_transform(frozen_default=True)
def use_case(cls: type[Made]) -> type[Made]:
    """A class with a constructor and slots, unchangeable to the type checker.

    Nobody compares or prints use cases, so no methods for that are made: those of thirty took 4 %
    of the instructions before the first answer.
    """
    return dataclass(slots=True, eq=False, repr=False)(cls)

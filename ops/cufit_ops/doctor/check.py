"""One question: when it is asked, how long it may take, and how its trouble is mended."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from cufit_ops.doctor.answers import Answer
from cufit_ops.doctor.subject import Subject


class Place(StrEnum):
    AWS = "aws"
    LAPTOP = "laptop"


ANYWHERE = frozenset(Place)
ON_AWS = frozenset({Place.AWS})
ON_LAPTOP = frozenset({Place.LAPTOP})


def always(_: Subject) -> str | None:
    return None


@dataclass(frozen=True)
class Check:
    id: str
    """Stable: scripts and pages name it."""
    title: str
    """What holds when it holds."""
    ask: Callable[[Subject], Answer]
    where: frozenset[Place] = ON_AWS
    needs_aws: bool = True
    """Asks the account; is not asked when nobody knows that it is the right one."""
    after_deployment: bool = False
    """Asks something that only a deployment makes."""
    spends: bool = False
    """Costs money, the least bit of it."""
    unless: Callable[[Subject], str | None] = always
    """Why it is not asked of this configuration."""
    seconds: float = 15
    """For an answer; a question without one in time cannot be asked."""
    fix: Callable[[Subject], str] | None = None
    """Mends what does not hold, and says what it did. Only what harms nothing."""

    def reason_to_skip(self, subject: Subject, *, spend: bool) -> str | None:
        """Why it is not asked; None: it is."""
        place = Place.LAPTOP if subject.settings.is_local else Place.AWS
        if place not in self.where:
            return "no question of a laptop" if place is Place.LAPTOP else "a laptop's question"
        if self.needs_aws and subject.deployed is None:
            return "nothing runs here (make up)"
        if self.spends and not spend:
            return "--no-spend"
        return self.unless(subject)

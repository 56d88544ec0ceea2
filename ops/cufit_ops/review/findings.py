"""What a reader of a pull request is told: a sentence each, how much it matters, and the proof."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class Topic(StrEnum):
    """The parts of the report, in the order in which they are read."""

    REFUSED = "refused"
    DATA = "data"
    PERMISSIONS = "permissions"
    MONEY = "money"
    CAPACITY = "capacity"
    CONFIGURATION = "configuration"
    PROMPT = "prompt"
    CODE = "code"
    DEPENDENTS = "dependents"


class Rank(IntEnum):
    """Where a finding stands: the first two are on the first screen, the rest is folded."""

    DANGER = 0
    NOTICE = 1
    DETAIL = 2


class Gate(StrEnum):
    """What fails a pull request until a label of this name lifts it."""

    DATA_LOSS = "allow-data-loss"
    WIDER_PERMISSION = "allow-wider-permission"
    MONTHLY_LIMIT = "allow-above-limit"
    MOVED_LOGICAL_ID = "allow-moved-logical-id"
    UNUSED_PERMISSION = "allow-unused-permission"
    NOT_COMPARED = "allow-not-compared"


@dataclass(frozen=True)
class Sentence:
    """The same in both languages."""

    english: str
    korean: str


@dataclass(frozen=True)
class Finding:
    topic: Topic
    rank: Rank
    subject: str
    """What it is about, as people name it: `Data/Candidates`, `match_worker`, `fargate.cpu`."""
    sentence: Sentence
    evidence: str = ""
    """What shows it: a policy statement as JSON, a property before and after; plain text."""
    gate: Gate | None = None

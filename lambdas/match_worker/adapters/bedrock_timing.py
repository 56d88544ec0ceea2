"""How long each way of asking may take, so that an ask fits into the function's time.

The configuration's timeout is held against the time of one ask (stacks/config_rules.py); asking in
two steps must stay within the same time. Values are seconds.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from botocore.config import Config

SDK_ATTEMPTS = 2
CONNECT = 2.0
BACKOFF = 2.0
"""Between the attempts; botocore's standard mode waits up to 1 s before the second."""

RETRIEVE_READ = 4.0
"""A retrieval without generation answers in well under a second."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Read timeout of a client that tries twice."""

    read: float

    @property
    def at_most(self) -> float:
        return SDK_ATTEMPTS * (CONNECT + self.read) + BACKOFF

    def config(self) -> "Config":
        """botocore's own default is 60 s of reading in up to five attempts."""
        from botocore.config import Config  # noqa: PLC0415 - the stacks read the numbers alone

        return Config(
            connect_timeout=CONNECT,
            read_timeout=self.read,
            retries={"mode": "standard", "total_max_attempts": SDK_ATTEMPTS},
        )


def one_step(seconds: int) -> Patience:
    """For RetrieveAndGenerate, `seconds` as configured."""
    return Patience(float(seconds))


def two_steps(seconds: int) -> tuple[Patience, Patience]:
    """For Retrieve and then Converse, together as long as one step (when `seconds` > 11)."""
    retrieve = Patience(RETRIEVE_READ)
    left = one_step(seconds).at_most - retrieve.at_most
    converse = (left - BACKOFF) / SDK_ATTEMPTS - CONNECT
    return retrieve, Patience(max(1.0, converse))

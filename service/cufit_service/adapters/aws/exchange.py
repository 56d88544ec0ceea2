"""A request to AWS and its answer, for services that speak JSON and for S3 alike."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from pydantic_core import from_json


@dataclass(frozen=True, slots=True)
class Request:
    service: str
    """As signatures name it."""

    method: str
    url: str
    """Its path and query encoded."""

    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes

    @property
    def said(self) -> dict[str, Any]:
        """Empty when AWS, or what is between, answers in other words than JSON."""
        try:
            said = from_json(self.body)
        except ValueError:
            return {}
        return said if isinstance(said, dict) else {}

    @property
    def code(self) -> str:
        """Of an error; the status when no code came."""
        return str(self.said.get("__type", self.status)).rpartition("#")[2]


class Unanswered(Exception):
    """No answer came, or nothing was sent for want of credentials; `reason` is for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Exchange(Protocol):
    """Signs requests and carries them."""

    async def send(self, request: Request) -> Answer:
        """Whatever was answered, after one retry of what may pass. Raises Unanswered."""

    async def presign(self, request: Request, seconds: int) -> str:
        """The URL with its signature. Raises Unanswered."""


Connect = Callable[[], Awaitable[Exchange]]
"""The process's one exchange, made when it is first needed."""

"""How the deployed API is asked: over its public URL, without anybody's token."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from cufit_ops.doctor.answers import Answer, Verdict, asked, fails, unknown
from cufit_ops.doctor.subject import Subject

SECONDS = 10.0
"""For one answer; a function's first start and a task's first answer fit in."""
PAUSE_SECONDS = 2.0
"""Between two attempts, while a deployment spreads (gateway, DNS, IAM: up to a minute)."""


@dataclass(frozen=True)
class Asking:
    subject: Subject
    given_url: str | None
    """In place of the deployed one."""
    http: httpx.Client

    @property
    def url(self) -> str:
        """Raises NotDeployedError."""
        return (self.given_url or self.subject.output("Service", "ApiUrl")).rstrip("/")

    def ask(self, method: str, path: str, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http.request(method, f"{self.url}{path}", headers=named)


@dataclass(frozen=True)
class Step:
    id: str
    """Stable: scripts and pages name it."""
    title: str
    """What holds when it holds."""
    ask: Callable[[Asking], Answer]
    unless: Callable[[Subject], str | None] = lambda _: None
    """Why it is not asked of this configuration."""
    excuse: Callable[[Subject], str | None] = lambda _: None
    """Why it may not hold and nothing is wrong."""
    over_http: bool = True
    """Takes no permission of AWS's but to learn the address: not to get there is a failure."""
    seconds: float = 180
    """For all attempts."""

    def patiently(self, asking: Asking, seconds: float) -> Answer:
        """Ask until it holds, for `seconds`; what may not be asked will not be by waiting."""
        until = time.monotonic() + seconds
        while True:
            answer = asked(lambda: self._once(asking))
            if answer.verdict is Verdict.UNKNOWN and self.over_http:
                return fails(answer.why, "--url ADDRESS, or credentials that may read the stacks")
            if answer.verdict is Verdict.FAILS and (why := self.excuse(asking.subject)):
                return unknown(f"{answer.why}; {why}", answer.mend)
            if answer.verdict is not Verdict.FAILS or time.monotonic() + PAUSE_SECONDS > until:
                return answer
            time.sleep(PAUSE_SECONDS)

    def _once(self, asking: Asking) -> Answer:
        try:
            return self.ask(asking)
        except httpx.HTTPError as error:
            return fails(f"{asking.url} does not answer: {error!r}", doctor(asking))


def doctor(asking: Asking) -> str:
    return f"cufit doctor --env {asking.subject.name}"

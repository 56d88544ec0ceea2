"""People who go on using the system whatever happens to it, and remember what they were told."""

import itertools
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import httpx

from cufit_ops.demo.people import MAKERS, Person, people
from cufit_service.lifetimes import REQUEST_SECONDS
from tests.drills.chaos.laptop import DrillFailed, Laptop

SAVERS = 6
"""Candidates who keep changing their profiles."""

PAUSE_SECONDS = 0.2
RETRY_SECONDS = 1.0
ANSWERED_WITHIN_SECONDS = 120
ASK_EVERY_SECONDS = 2.0
LOST_BY_A_KILL = 2.0
"""Seconds of writes the embedded AWS may lose when it is killed (README); AWS loses none."""
NOTICED_LATE = 1.0
"""Seconds: an answer that was under way when it was killed."""
JOBS = ("약사", "교사", "연구원", "건축설계사")


@dataclass
class Answered:
    """What was answered with success, and when (monotonic seconds); None: not yet."""

    value: str
    at: float | None = None


@dataclass
class Ledger:
    """What was asked for under which key, and what was answered with success."""

    keys: set[str] = field(default_factory=set)
    invitations: dict[str, Answered] = field(default_factory=dict)
    """Code by key."""
    recommendations: dict[str, Answered] = field(default_factory=dict)
    """Id by key."""
    jobs: dict[str, list[Answered]] = field(default_factory=dict)
    """By nickname, in the order they were tried."""
    errors: int = 0
    """Requests that broke or were answered 5xx, and were sent again."""
    disk_losses: list[float] = field(default_factory=list)
    """When the embedded AWS was killed; what it had not written by then is gone."""

    lost_at: list[datetime] = field(default_factory=list)
    """The same by the clock of the tables."""

    def loses_writes_now(self) -> None:
        self.disk_losses.append(time.monotonic())
        self.lost_at.append(datetime.now(UTC))

    def may_be_uncounted(self, at: datetime) -> bool:
        """Whether a request of that time may have been under way when the embedded AWS was killed:
        the service has taken its place of the day, and does not know that the place is lost."""
        under_way = timedelta(seconds=REQUEST_SECONDS + LOST_BY_A_KILL)
        return any(
            at <= loss + timedelta(seconds=NOTICED_LATE) and loss - at <= under_way
            for loss in self.lost_at
        )

    def must_be_there(self, answers: Iterable[Answered]) -> set[str]:
        """Of `answers`, what no kill of the embedded AWS excuses."""
        return {answer.value for answer in answers if self._is_kept(answer)}

    def possible_jobs(self, nickname: str) -> set[str]:
        """The last one that must have been kept, and those tried since."""
        tried = self.jobs[nickname]
        kept = [number for number, job in enumerate(tried) if self._is_kept(job)]
        return {job.value for job in tried[kept[-1] :]}

    def _is_kept(self, answer: Answered) -> bool:
        if answer.at is None:
            return False
        ages = [loss - answer.at for loss in self.disk_losses]
        return not any(-NOTICED_LATE <= age <= LOST_BY_A_KILL for age in ages)


class Crowd:
    def __init__(self, laptop: Laptop) -> None:
        self._laptop = laptop
        self._over = threading.Event()
        self._abandoned = threading.Event()
        self._threads: list[threading.Thread] = []
        self.ledger = Ledger()

    def start(self) -> None:
        everybody = people()
        for person in everybody[:SAVERS]:
            self._go(partial(self._save, person))
        for maker in MAKERS:
            self._go(partial(self._invite, maker))
            own = [person for person in everybody if person.maker == maker]
            self._go(partial(self._ask, maker, own))

    def stop(self) -> None:
        """Once everybody has the answer to their last request.

        Raises:
            DrillFailed: somebody gets none.
        """
        self._over.set()
        deadline = time.monotonic() + ANSWERED_WITHIN_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        if unanswered := sum(thread.is_alive() for thread in self._threads):
            self.abandon()
            raise DrillFailed(f"{unanswered} people got no answer for {ANSWERED_WITHIN_SECONDS} s")

    def abandon(self) -> None:
        """Nobody asks again after this."""
        self._abandoned.set()

    def _go(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _save(self, person: Person) -> None:
        nickname = str(person.profile["nickname"])
        tried = [Answered(str(person.profile["job"]), at=0.0)]
        self.ledger.jobs[nickname] = tried
        for job in itertools.cycle(JOBS):
            if self._over.wait(PAUSE_SECONDS):
                return
            tried.append(Answered(job))
            body = person.profile | {"job": job}
            if self._until_answered(person.name, "PUT", "/v1/candidates/me", body, None).is_success:
                tried[-1].at = time.monotonic()

    def _invite(self, maker: str) -> None:
        for number in itertools.count():
            if self._over.wait(PAUSE_SECONDS):
                return
            key = f"{maker}-invites-{number}"
            body = {"kind": "CANDIDATE", "relation": "FRIEND"}
            answer = self._until_answered(maker, "POST", "/v1/invitations", body, key)
            if answer.is_success:
                code = answer.json()["code"]
                self.ledger.invitations[key] = Answered(code, time.monotonic())

    def _ask(self, maker: str, own: list[Person]) -> None:
        with self._phone(maker) as phone:
            cards = phone.get("/v1/candidates?limit=50").json()["items"]
        ids = {card["nickname"]: card["candidateId"] for card in cards}
        for number, person in enumerate(itertools.cycle(own)):
            if self._over.wait(ASK_EVERY_SECONDS):
                return
            key = f"{maker}-asks-{number}"
            body = {"candidateId": ids[person.profile["nickname"]]}
            answer = self._until_answered(maker, "POST", "/v1/recommendations", body, key)
            if answer.status_code == 202:
                asked = answer.json()["recommendationId"]
                self.ledger.recommendations[key] = Answered(asked, time.monotonic())

    def _until_answered(
        self, person: str, method: str, path: str, body: Any, key: str | None
    ) -> httpx.Response:
        """Again and again with the same key, until something else than a fault is answered."""
        if key is not None:
            self.ledger.keys.add(key)
        with self._phone(person) as phone:
            while True:
                try:
                    answer = phone.request(
                        method, path, json=body, headers={"Idempotency-Key": key or "-"}
                    )
                except httpx.HTTPError:
                    self.ledger.errors += 1
                else:
                    if answer.status_code < 500 and not _is_running(answer):
                        return answer
                    self.ledger.errors += answer.status_code >= 500
                if self._abandoned.wait(RETRY_SECONDS):
                    raise SystemExit  # ends the thread

    def _phone(self, person: str) -> httpx.Client:
        return httpx.Client(
            base_url=self._laptop.workspace.url,
            headers={"authorization": f"Bearer {self._laptop.token(person)}"},
            timeout=20,
            trust_env=False,
        )


def _is_running(answer: httpx.Response) -> bool:
    return answer.status_code == 409 and answer.json().get("code") == "request_running"

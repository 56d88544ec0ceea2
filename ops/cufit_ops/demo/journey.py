"""The journey: invite, accept, tell about oneself, send a photo, ask for recommendations."""

import base64
import hashlib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from tenacity import RetryCallState, retry, retry_if_result, stop_after_attempt

from cufit_ops.demo.people import MAKERS, Person, people
from cufit_ops.step_progress import Progress

SEEKERS = ("candidate-01", "candidate-02", "candidate-03")
ANSWER_WITHIN_SECONDS = 90
INDEX_WITHIN_SECONDS = 60
PHOTO_WITHIN_SECONDS = 30
PICTURE = Path(__file__).with_name("picture.png")
"""Of nobody: a colour gradient."""

_TERMINAL = {"READY", "DEGRADED", "FAILED"}


class JourneyError(Exception):
    """A step of the journey was answered with something unexpected; the message quotes it."""


@dataclass(frozen=True)
class Answer:
    """One recommendation and how long it took from the request to the answer, in seconds."""

    seeker: str
    seconds: float
    recommendation: dict[str, Any]


@dataclass(frozen=True)
class Journey:
    answers: list[Answer] = field(default_factory=list)
    photo: dict[str, Any] = field(default_factory=dict)

    @property
    def succeeded(self) -> bool:
        return all(a.recommendation["status"] in ("READY", "DEGRADED") for a in self.answers)


def _wait_as_told(state: RetryCallState) -> float:
    answer = state.outcome.result() if state.outcome else None
    told = answer.headers.get("retry-after", "") if answer is not None else ""
    return min(float(told), 10.0) if told.isdecimal() else 0.5 * state.attempt_number


class Caller:
    """Calls the API as one made-up person, and as a good client: again when told to try later,
    a creating POST under one Idempotency-Key."""

    def __init__(self, http: httpx.Client, token: str) -> None:
        self._http = http
        self._headers = {"authorization": f"Bearer {token}"}

    def __call__(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """Raises: JourneyError for an answer that is no success."""
        answer = self._send(method, path, body, {**self._headers, "idempotency-key": uuid4().hex})
        if not answer.is_success:
            raise JourneyError(f"{method} {path} was answered {answer.status_code}: {answer.text}")
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found

    @retry(
        retry=retry_if_result(lambda answer: answer.status_code in (429, 503)),
        wait=_wait_as_told,
        stop=stop_after_attempt(6),
        retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
    )
    def _send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> httpx.Response:
        return self._http.request(method, path, json=body, headers=headers)


def travel(url: str, token_of: Callable[[str], str], progress: Progress) -> Journey:
    """Make the journey at `url`; what exists from an earlier one is used again.

    Raises:
        JourneyError: a step was refused, or an answer did not come in time.
    """
    with httpx.Client(base_url=url, timeout=30, trust_env=False) as http:

        def caller(name: str) -> Caller:
            return Caller(http, token_of(name))

        with progress.step("people: 2 makers, 40 candidates"):
            _register(caller)
        with progress.step("profiles reach the index") as say:
            _wait_for_index(caller, say)
        with progress.step("a photo by its presigned URL"):
            photo = _send_photo(caller(SEEKERS[0]))
        with progress.step("3 recommendations"):
            answers = [_recommend(caller, person) for person in people() if person.name in SEEKERS]
    return Journey(answers, photo)


def _register(caller: Callable[[str], Caller]) -> None:
    admin = caller("admin")
    for name in MAKERS:
        maker = caller(name)
        if maker("GET", "/v1/members/me")["role"] == "BASIC":
            _invite(admin, maker, "MAKER")
    # A few at a time: the journey shows one request's way, it is no load test.
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda person: _register_candidate(caller, person), people()))


def _register_candidate(caller: Callable[[str], Caller], person: Person) -> None:
    candidate = caller(person.name)
    if candidate("GET", "/v1/members/me")["role"] == "BASIC":
        _invite(caller(person.maker), candidate, "CANDIDATE")
        candidate("PUT", "/v1/candidates/me", person.profile)


def _invite(inviter: Caller, invited: Caller, kind: str) -> None:
    wanted = {"kind": kind, "relation": "FRIEND"}
    code = inviter("POST", "/v1/invitations", wanted)["code"]
    try:
        invited("POST", f"/v1/invitations/{code}/accept")
    except JourneyError:
        # An answer that was lost, and the code is used: what counts is the role.
        if invited("GET", "/v1/members/me")["role"] != kind:
            raise


def _wait_for_index(caller: Callable[[str], Caller], say: Callable[[str], None]) -> None:
    deadline = time.monotonic() + INDEX_WITHIN_SECONDS
    while True:
        states = [
            candidate["indexState"]
            for maker in MAKERS
            for candidate in caller(maker)("GET", "/v1/candidates?limit=50")["items"]
        ]
        say(f"{states.count('INDEXED')} of {len(states)}")
        if states and all(state == "INDEXED" for state in states):
            return
        if time.monotonic() > deadline:
            waiting = len(states) - states.count("INDEXED")
            raise JourneyError(f"{waiting} profiles are not indexed after {INDEX_WITHIN_SECONDS} s")
        time.sleep(0.2)


def _send_photo(candidate: Caller) -> dict[str, Any]:
    """Upload one, unless an earlier journey did: a candidate has six places and 20 tries a day."""
    earlier: list[dict[str, Any]] = candidate("GET", "/v1/candidates/me")["photos"]
    if ready := [photo for photo in earlier if photo["state"] == "READY"]:
        return ready[0]
    picture = PICTURE.read_bytes()
    issued = candidate(
        "POST",
        "/v1/photos",
        {
            "contentType": "image/png",
            "contentLength": len(picture),
            "sha256": base64.b64encode(hashlib.sha256(picture).digest()).decode(),
        },
    )
    upload = issued["upload"]
    # Without the API's client: the URL alone must do, as on a phone.
    sent = httpx.put(upload["url"], content=picture, headers=upload["headers"], trust_env=False)
    if not sent.is_success:
        raise JourneyError(f"the upload was answered {sent.status_code}: {sent.text}")
    deadline = time.monotonic() + PHOTO_WITHIN_SECONDS
    while True:
        photos = candidate("GET", "/v1/candidates/me")["photos"]
        found: dict[str, Any] = next((p for p in photos if p["photoId"] == issued["photoId"]), {})
        if found.get("state") in ("READY", "REJECTED"):
            return found
        if time.monotonic() > deadline:
            raise JourneyError(f"photo {issued['photoId']} is {found.get('state', 'not there')}")
        time.sleep(0.1)


def _recommend(caller: Callable[[str], Caller], person: Person) -> Answer:
    maker = caller(person.maker)
    own = maker("GET", "/v1/candidates?limit=50")["items"]
    seeker = next(c for c in own if c["nickname"] == person.profile["nickname"])
    started = time.monotonic()
    asked = maker("POST", "/v1/recommendations", {"candidateId": seeker["candidateId"]})
    while True:
        found = maker("GET", f"/v1/recommendations/{asked['recommendationId']}")
        seconds = time.monotonic() - started
        if found["status"] in _TERMINAL:
            return Answer(person.profile["nickname"], seconds, found)
        if seconds > ANSWER_WITHIN_SECONDS:
            raise JourneyError(
                f"{asked['recommendationId']} is {found['status']} after {seconds:.0f} s"
            )
        time.sleep(0.05)

"""What the people of a drill ask for, as an app on a phone would."""

import base64
import hashlib
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from tests.drills import functions
from tests.drills.boundary import Crash
from tests.drills.people import MAKER_OF, MAKERS, member_id, picture, profile
from tests.drills.service import ADMIN, Reply
from tests.drills.world import World

ATTEMPTS = 6
"""An app gives up after so many tries of one request."""

_PAUSES = {"request_running": 21.0, "changed_at_once": 1.0, "temporarily_unavailable": 1.0}
"""Seconds until an app asks again, by the code it was answered: after a crash the service holds a
request's key for 20."""


class Lost(Exception):
    """The connection broke or nothing but errors came: nobody knows what became of the request."""


@dataclass(frozen=True)
class Sent:
    """A request and the answer it got."""

    subject: str
    method: str
    target: str
    body: Any
    key: str | None
    reply: Reply
    at: float

    @property
    def has_key(self) -> bool:
        """The route answers the same key with the same answer."""
        return self.key is not None and not self.target.endswith("/upgrade")

    def is_about(self, people: Collection[str]) -> bool:
        """One of them asked, or is asked for; what is forgotten cannot be told again."""
        about = self.target + json.dumps(self.body)
        return self.subject in people or any(member_id(one) in about for one in people)


@dataclass
class Town:
    """Asks as people do: again with the same Idempotency-Key until there is an answer."""

    world: World
    patient: bool = True
    """False: whoever loses the connection never asks again."""
    keys: int = 0
    name: str = "app"
    """Its keys are its own."""
    fixed_key: str | None = None
    sent: list[Sent] = field(default_factory=list)

    def send(self, subject: str, method: str, target: str, body: Any = None) -> Reply:
        """Raises Lost."""
        key = self._next_key() if method == "POST" else None
        reply = self._send(subject, method, target, body, key)
        self.sent.append(
            Sent(subject, method, target, body, key, reply, self.world.clock.seconds())
        )
        return reply

    def send_again(self, sent: Sent) -> Reply:
        """The very same request. Raises Lost."""
        return self._send(sent.subject, sent.method, sent.target, sent.body, sent.key)

    def _send(self, subject: str, method: str, target: str, body: Any, key: str | None) -> Reply:
        headers = {} if key is None else {"Idempotency-Key": key}
        for _ in range(ATTEMPTS if self.patient else 1):
            try:
                reply = self.world.request(subject, method, target, body, headers)
            except Crash:
                continue
            if reply.code in _PAUSES:
                self.world.clock.advance(_PAUSES[reply.code])
                continue
            return reply
        raise Lost(f"{method} {target} by {subject}")

    def send_with_key(self, key: str, send: Callable[[], Reply]) -> Reply:
        """`send`, whose request gets this key."""
        self.fixed_key = key
        try:
            return send()
        finally:
            self.fixed_key = None

    def _next_key(self) -> str:
        self.keys += 1
        return self.fixed_key or f"{self.name}-{self.keys}"

    def sign_in(self, subject: str) -> Reply:
        return self.send(subject, "GET", "/v1/members/me")

    def invite(self, inviter: str) -> Reply:
        kind = "MAKER" if inviter == ADMIN else "CANDIDATE"
        body = {"kind": kind, "relation": "FRIEND"}
        return self.send(inviter, "POST", "/v1/invitations", body)

    def accept(self, subject: str, code: str) -> Reply:
        return self.send(subject, "POST", f"/v1/invitations/{code}/accept")

    def save_profile(self, subject: str, **changes: Any) -> Reply:
        return self.send(subject, "PUT", "/v1/candidates/me", profile(subject, **changes))

    def pause(self, subject: str, paused: bool) -> Reply:
        return self.send(subject, "PUT", "/v1/candidates/me/pause", {"paused": paused})

    def ask(self, maker: str, seeker: str) -> Reply:
        body = {"candidateId": member_id(seeker)}
        return self.send(maker, "POST", "/v1/recommendations", body)

    def upgrade(self, maker: str, recommendation_id: str) -> Reply:
        return self.send(maker, "POST", f"/v1/recommendations/{recommendation_id}/upgrade")

    def delete_photo(self, subject: str, photo_id: str) -> Reply:
        return self.send(subject, "DELETE", f"/v1/candidates/me/photos/{photo_id}")

    def arrange_photos(self, subject: str, *photo_ids: str) -> Reply:
        body = {"photoIds": list(photo_ids)}
        return self.send(subject, "PUT", "/v1/candidates/me/photos/order", body)

    def suggest(self, maker: str, own: str, other: str) -> Reply:
        body = {"candidateId": member_id(own), "otherCandidateId": member_id(other)}
        return self.send(maker, "POST", "/v1/matches", body)

    def answer(self, subject: str, match_id: str, reply: str) -> Reply:
        return self.send(subject, "POST", f"/v1/matches/{match_id}/answer", {"answer": reply})

    def block(self, maker: str, own: str, other: str) -> Reply:
        return self.send(maker, "PUT", _block(own, other))

    def unblock(self, maker: str, own: str, other: str) -> Reply:
        return self.send(maker, "DELETE", _block(own, other))

    def lift(self, one: str, other: str) -> Reply:
        """An admin does."""
        target = f"/v1/operations/blocks/{member_id(one)}/{member_id(other)}"
        return self.send(ADMIN, "DELETE", target)

    def leave(self, subject: str) -> Reply:
        return self.send(subject, "DELETE", "/v1/members/me")

    def ask_for_upload(self, subject: str) -> Reply:
        """The photo function has no keys: asked again it makes another photo."""
        data = picture()
        body = {
            "contentType": "image/jpeg",
            "contentLength": len(data),
            "sha256": base64.b64encode(hashlib.sha256(data).digest()).decode(),
        }
        event = functions.http_event(subject, body)
        for _ in range(ATTEMPTS if self.patient else 1):
            try:
                answer = self.world.invoke(functions.UPLOAD_URL, event)
            except Crash:
                continue
            reply = functions.http_reply(answer)
            if reply.status < 500:
                return reply
        raise Lost(f"POST /v1/photos by {subject}")

    def upload(self, photo_id: str, data: bytes | None = None) -> None:
        """What the presigned URL allows, done."""
        self.world.cloud.s3.put(f"incoming/{photo_id}", picture() if data is None else data)

    def leave_unanswered(self, ask: Callable[[], object]) -> None:
        """`ask`, and the service dies as soon as it has written."""
        self.patient, before = False, self.patient
        try:
            with self.world.boundary.watch() as calls:
                self.world.boundary.crash_after("TransactWriteItems")
                ask()
        except Lost:
            return
        finally:
            self.patient = before
        raise AssertionError(f"nothing was written in {calls}")

    def member(self, subject: str, inviter: str) -> None:
        """Bring somebody in; every step has to succeed."""
        code = _good(self.invite(inviter)).body["code"]
        _good(self.sign_in(subject))
        _good(self.accept(subject, code))

    def build(self) -> None:
        """Two makers, each with a man and a woman whose profiles are indexed."""
        for maker in MAKERS:
            self.member(maker, ADMIN)
        for subject, maker in MAKER_OF.items():
            self.member(subject, maker)
            _good(self.save_profile(subject))
        self.world.settle()


def pair(one: str, other: str) -> str:
    left, right = sorted((member_id(one), member_id(other)))
    return f"{left}+{right}"


def _block(own: str, other: str) -> str:
    return f"/v1/candidates/{member_id(own)}/blocks/{member_id(other)}"


def _good(reply: Reply) -> Reply:
    assert reply.is_success, reply
    return reply

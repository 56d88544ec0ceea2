"""A history: what people, time, queues and faults do one after another, held to the invariants.

Every step is a name and small numbers, so that a history can be written down as JSON, kept and
played again (histories/*.json).
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from tests.drills.boundary import Fault
from tests.drills.enumeration import find_what_is_lost
from tests.drills.functions import CONSUMERS
from tests.drills.invariants import Watch
from tests.drills.people import MAKERS, MEN, WOMEN, member_id, picture
from tests.drills.picture import rows
from tests.drills.service import Reply
from tests.drills.town import Lost, Town
from tests.drills.world import World
from tests.in_memory_aws.cloud import BRAKE_OFF, BRAKE_ON, Snapshot

PEOPLE = (*MEN, *WOMEN, "man-8", "woman-8")
"""The last two are new in town."""

JOBS = ("약사", "교사", "연구원")
JUMPS = (1, 31, 181, 1801, 86_400)
"""Seconds: a moment, a sweep, a redelivery, a reconciliation, a day."""

FAULTS = tuple(Fault)
QUEUES = tuple(CONSUMERS)

Step = tuple[str, int, list[int]]
"""Its name, what goes wrong in it, and who and what it is about."""

CALLS = 12
"""Of one step: among the first so many a fault is chosen."""

LUCK = 2 * CALLS * len(FAULTS)
"""Numbers from 0: the first half means nothing, each of the others a call and a fault."""


class History:
    def __init__(self, world: World, start: Snapshot) -> None:
        self.steps: list[Step] = []
        self._world = world
        world.restore(start)
        self._town = Town(world)
        self._watch = Watch(world)
        self._codes: list[str] = []
        self._photos: list[tuple[str, str]] = []
        self._away: set[str] = set()
        """Who has, or may have, left at some time."""

    @classmethod
    def replay(cls, text: str, world: World, start: Snapshot) -> None:
        """Play a history that was written down. Raises AssertionError."""
        history = cls(world, start)
        for name, luck, numbers in json.loads(text):
            history.play(name, luck, *numbers)
        history.end()

    def as_json(self) -> str:
        return json.dumps(self.steps)

    def play(self, name: str, luck: int, *numbers: int) -> None:
        """Raises AssertionError when an invariant does not hold afterwards."""
        self.steps.append((name, luck, list(numbers)))
        call, fault = divmod(luck - LUCK // 2, len(FAULTS))
        with self._world.boundary.watch({call: FAULTS[fault]} if call >= 0 else {}):
            getattr(self, f"_{name}")(*numbers)
        self._watch.always()

    def end(self) -> None:
        """Everything works again and comes to rest; what was accepted is there."""
        world = self._world
        world.cloud.bedrock.throttled, world.cloud.brake = False, BRAKE_OFF
        world.settle()
        while world.redrive():
            world.settle()
        find_what_is_lost(world)
        self._watch.at_rest()
        self._accepted_is_there()

    def _accepted_is_there(self) -> None:
        kept = {row["recommendation_id"] for row in rows(self._world, "recommendations")}
        saved = {row["candidate_id"] for row in rows(self._world, "candidates")}
        for sent in self._town.sent:
            if sent.reply.status == 202 and not self._away:
                assert sent.reply.body["recommendationId"] in kept, sent
            if sent.target == "/v1/candidates/me" and sent.reply.is_success:
                assert sent.subject in self._away or member_id(sent.subject) in saved, sent

    # --- people ------------------------------------------------------------------------------

    def _ask(self, seeker: int) -> None:
        person = _of(PEOPLE, seeker)
        self._try(lambda: self._town.ask(self._maker_of(person), person))

    def _upgrade(self, number: int) -> None:
        asked = [s for s in self._town.sent if s.reply.status == 202]
        if asked:
            sent = asked[number % len(asked)]
            one = sent.reply.body["recommendationId"]
            self._try(lambda: self._town.upgrade(sent.subject, one))

    def _repeat(self, number: int) -> None:
        """A request is sent once more: by an impatient person, or by the network."""
        made = [s for s in self._town.sent if s.has_key and s.reply.is_success]
        if not made:
            return
        sent = made[number % len(made)]
        if self._world.clock.seconds() - sent.at > KEPT_SECONDS:
            return
        again = self._try(lambda: self._town.send_again(sent))
        if again is not None and not sent.is_about(self._away):
            assert (again.status, again.body) == (sent.reply.status, sent.reply.body), sent

    def _save(self, person: int, job: int) -> None:
        self._try(lambda: self._town.save_profile(_of(PEOPLE, person), job=_of(JOBS, job)))

    def _pause(self, person: int, paused: int) -> None:
        self._try(lambda: self._town.pause(_of(PEOPLE, person), bool(paused % 2)))

    def _invite(self, maker: int) -> None:
        reply = self._try(lambda: self._town.invite(_of(MAKERS, maker)))
        if reply is not None and reply.is_success:
            self._codes.append(reply.body["code"])

    def _accept(self, person: int, code: int) -> None:
        if self._codes:
            self._try(lambda: self._town.accept(_of(PEOPLE, person), _of(self._codes, code)))

    def _join(self, person: int, maker: int) -> None:
        """All of it: invited, accepted, and a profile."""
        self._invite(maker)
        self._accept(person, -1)
        self._save(person, maker)

    def _leave(self, person: int) -> None:
        self._away.add(_of(PEOPLE, person))
        self._try(lambda: self._town.leave(_of(PEOPLE, person)))

    def _come_back(self, person: int, maker: int) -> None:
        """They leave and at once are back, maybe with another maker, with a profile and a photo."""
        self._leave(person)
        self._join(person, maker)
        self._photo(person, 1)

    def _suggest(self, own: int, other: int) -> None:
        one, two = self._couple(own, other)
        self._try(lambda: self._town.suggest(self._maker_of(one), one, two))

    def _answer(self, match: int, side: int, accepts: int) -> None:
        """One of its two answers a match."""
        matches = [row for row in rows(self._world, "matches") if "left_id" in row]
        if matches:
            row = _of(matches, match)
            subject = self._subject(row[_of(("left_id", "right_id"), side)])
            reply = "ACCEPT" if accepts % 3 else "REJECT"
            self._try(lambda: self._town.answer(subject, row["pair_id"], reply))

    def _block(self, own: int, other: int) -> None:
        one, two = self._couple(own, other)
        self._try(lambda: self._town.block(self._maker_of(one), one, two))

    def _unblock(self, own: int, other: int) -> None:
        one, two = self._couple(own, other)
        self._try(lambda: self._town.unblock(self._maker_of(one), one, two))

    def _photo(self, person: int, sound: int) -> None:
        """Asked for and uploaded; every third is no picture."""
        subject = _of(PEOPLE, person)
        reply = self._try(lambda: self._town.ask_for_upload(subject))
        if reply is not None and reply.is_success:
            photo_id = reply.body["photoId"]
            self._photos.append((subject, photo_id))
            self._town.upload(photo_id, None if sound % 3 else b"?" * len(picture()))

    def _delete_photo(self, photo: int) -> None:
        if self._photos:
            self._try(lambda: self._town.delete_photo(*_of(self._photos, photo)))

    # --- time, queues, faults ----------------------------------------------------------------

    def _deliver(self, queue: int, first: int) -> None:
        self._world.deliver(_of(QUEUES, queue), first)

    def _duplicate(self, queue: int) -> None:
        self._world.deliver_a_copy(_of(QUEUES, queue))

    def _process(self, event: int) -> None:
        events = self._world.cloud.s3.events
        if events:
            self._world.process_upload(_of(events, event))

    def _jump(self, length: int) -> None:
        self._world.clock.advance(_of(JUMPS, length))

    def _upkeep(self, kind: int) -> None:
        """What happens by the clock, and what an operator does."""
        world = self._world
        _of((world.sweep, world.reconcile, world.redrive), kind)()

    def _throttle(self, on: int) -> None:
        self._world.cloud.bedrock.throttled = bool(on % 2)

    def _brake(self, on: int) -> None:
        self._world.cloud.brake = BRAKE_ON if on % 2 else BRAKE_OFF

    def _couple(self, own: int, other: int) -> tuple[str, str]:
        one = _of(PEOPLE, own)
        others = [person for person in PEOPLE if person[:3] != one[:3]]
        return one, _of(others, other)

    def _maker_of(self, person: str) -> str:
        for row in rows(self._world, "members"):
            if row["member_id"] == member_id(person):
                makers = {member_id(maker): maker for maker in MAKERS}
                return makers.get(row.get("inviter_id", ""), MAKERS[0])
        return MAKERS[0]

    def _subject(self, candidate_id: str) -> str:
        return next(person for person in PEOPLE if member_id(person) == candidate_id)

    def _try(self, ask: Callable[[], Reply]) -> Reply | None:
        """The answer; None when there never was one."""
        try:
            return ask()
        except Lost:
            return None


KEPT_SECONDS = 14 * 86_400
"""Less than the service keeps an answer."""

_HELPERS = ("_accepted_is_there", "_couple", "_maker_of", "_subject", "_try")

ARGUMENTS: Mapping[str, int] = {
    name[1:]: method.__code__.co_argcount - 1
    for name, method in vars(History).items()
    if name.startswith("_") and not name.startswith("__") and name not in _HELPERS
}
"""Of every step: how many numbers it takes."""


def _of(choices: Any, number: int) -> Any:
    return choices[number % len(choices)]

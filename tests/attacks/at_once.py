"""Requests sent at the same moment, by people made for it, and what must hold afterwards."""

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from itertools import count
from typing import Any, Final

from tests.attacks.exchange import Answer, Client, Request
from tests.attacks.judge import Judge, code_of
from tests.attacks.people import ADMIN_SUBJECTS, Actor
from tests.attacks.system import System
from tests.attacks.town import Town, visibility

TOWN: Final = 6


class Races:
    def __init__(self, system: System, client: Client, judge: Judge) -> None:
        self._client = client
        self._judge = judge
        self.system = system
        self._town = Town(client, system.tables, TOWN)
        self._numbers = count()
        self._race = ""
        judge.may_see = visibility([self._town])

    async def run(self, race: "Race") -> None:
        self._race = race.__name__.replace("_", " ").strip()
        await race(self)

    async def maker(self) -> Actor:
        number = next(self._numbers)
        subject = ADMIN_SUBJECTS[number % len(ADMIN_SUBJECTS)]
        admin = Actor.signed_in(subject, "ADMIN", "admin")
        return await self._town.joins(f"maker {number}", admin)

    async def candidate(self, maker: Actor, gender: str = "FEMALE") -> Actor:
        return await self._town.candidate(f"candidate {next(self._numbers)}", maker, gender)

    def newcomer(self) -> Actor:
        return self._town.actor(f"newcomer {next(self._numbers)}", "BASIC")

    async def invitation(self, maker: Actor) -> str:
        body = {"kind": "CANDIDATE", "relation": "FRIEND"}
        made: str = (await self._town.ask(maker, "POST", "/v1/invitations", body))["code"]
        return made

    async def suggested(self, maker: Actor, left: Actor, right: Actor) -> str:
        return await self._town.match(maker, left.name, right.name)

    async def read(self, actor: Actor, path: str) -> Any:
        return await self._town.ask(actor, "GET", path)

    def rows(self, table: str) -> Sequence[Any]:
        return self.system.tables.rows(table)

    async def ask(self, request: Request) -> Answer:
        return (await self.at_once(request))[0]

    async def at_once(self, *requests: Request) -> list[Answer]:
        answers = await self._client.together(*requests)
        for request, answer in zip(requests, answers, strict=True):
            self._judge.look(request, answer)
        return answers

    def expect(self, answers: Sequence[Answer], **wanted: int) -> None:
        """How many answers there are of each: `_200`, or of a code."""
        told = Counter(code_of(one) if one.status >= 400 else f"_{one.status}" for one in answers)
        if told != wanted:
            self.hold(False, f"{dict(told)}, not {wanted}")

    def hold(self, holds: bool, what: str) -> None:
        if not holds:
            self._judge.find("race", self._race, "afterwards", what)


Race = Callable[[Races], Awaitable[None]]


def request(actor: Actor, method: str, path: str, body: Any = None, key: str = "") -> Request:
    data = None if body is None else json.dumps(body).encode()
    headers = (("Idempotency-Key", key.encode()),) if key else ()
    return Request(method, path, actor, data, headers)

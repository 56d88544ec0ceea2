"""What may happen once is asked for many times at the same moment; then it has happened once."""

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from itertools import count
from typing import Any, Final

from cufit_contracts.vocabulary import pair_id
from tests.attacks.exchange import Answer, Client, Request
from tests.attacks.judge import Judge, code_of
from tests.attacks.people import ADMIN_SUBJECTS, Actor
from tests.attacks.system import RECOMMENDATIONS_A_DAY, System
from tests.attacks.town import Town, visibility
from tests.unit.service.http_world import PROFILE_BODY

ROUNDS: Final = 8
TOWN: Final = 6
AT_ONCE: Final = 50
SUGGESTIONS_A_DAY: Final = 3
"""Of one candidate."""


class Races:
    def __init__(self, system: System, client: Client, judge: Judge) -> None:
        self._client = client
        self._judge = judge
        self._system = system
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
        return self._system.tables.rows(table)

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


def _request(actor: Actor, method: str, path: str, body: Any = None, key: str = "") -> Request:
    data = None if body is None else json.dumps(body).encode()
    headers = (("Idempotency-Key", key.encode()),) if key else ()
    return Request(method, path, actor, data, headers)


async def one_code_for_many(races: Races) -> None:
    code = await races.invitation(await races.maker())
    many = [races.newcomer() for _ in range(10)]
    answers = await races.at_once(
        *(_request(one, "POST", f"/v1/invitations/{code}/accept") for one in many)
    )
    races.expect(answers, _200=1, invitation_used=9)
    roles = [(await races.read(one, "/v1/members/me"))["role"] for one in many]
    races.hold(roles.count("CANDIDATE") == 1, f"{roles.count('CANDIDATE')} have the role")


async def many_codes_for_one(races: Races) -> None:
    codes = [await races.invitation(await races.maker()) for _ in range(4)]
    one = races.newcomer()
    answers = await races.at_once(
        *(_request(one, "POST", f"/v1/invitations/{code}/accept") for code in codes)
    )
    races.expect(answers, _200=1, role_taken=3)
    used = [row for row in races.rows("invitations") if row.get("accepted_by") == one.member_id]
    races.hold(len(used) == 1, f"{len(used)} codes are used")


async def yes_and_no(races: Races) -> None:
    maker = await races.maker()
    her, him = await races.candidate(maker), await races.candidate(maker, "MALE")
    match_id = await races.suggested(maker, her, him)
    bodies = [{"answer": "ACCEPT"}, {"answer": "REJECT"}] * 4
    answers = await races.at_once(
        *(_request(her, "POST", f"/v1/matches/{match_id}/answer", body) for body in bodies)
    )
    done = [one for one in answers if one.status == 200]
    # The same answer in the same millisecond is one that was sent again; it happens once.
    taken = {body["answer"] for body, one in zip(bodies, answers, strict=True) if one.status == 200}
    races.hold(len(taken) == 1, f"{sorted(taken)} were taken")
    seen = (await races.read(her, f"/v1/matches/{match_id}"))["status"]
    told = {json.loads(one.body)["status"] for one in done}
    races.hold(told == {seen}, f"told {sorted(told)}, but it is {seen}")


async def both_agree(races: Races) -> None:
    maker = await races.maker()
    her, him = await races.candidate(maker), await races.candidate(maker, "MALE")
    match_id = await races.suggested(maker, her, him)
    answers = await races.at_once(
        *(_request(one, "POST", f"/v1/matches/{match_id}/answer", {"answer": "ACCEPT"})
          for one in (her, him))
    )  # fmt: skip
    races.expect(answers, _200=2)
    seen = (await races.read(her, f"/v1/matches/{match_id}"))["status"]
    races.hold(seen == "MATCHED", f"it is {seen}")


async def one_pair_in_both_orders(races: Races) -> None:
    one, two = await races.maker(), await races.maker()
    her, him = await races.candidate(one), await races.candidate(two, "MALE")
    ids = (her.member_id, him.member_id)
    suggestions = [(one, ids[0], ids[1]), (two, ids[1], ids[0])] * 3
    answers = await races.at_once(
        *(_request(maker, "POST", "/v1/matches", {"candidateId": a, "otherCandidateId": b})
          for maker, a, b in suggestions)
    )  # fmt: skip
    races.expect(answers, _201=1, pair_taken=5)
    rows = [row for row in races.rows("matches") if pair_id(*ids) in map(str, row.values())]
    races.hold(len(rows) == 1, f"{len(rows)} rows of the pair")


async def all_of_todays_recommendations(races: Races) -> None:
    maker = await races.maker()
    body = {"candidateId": (await races.candidate(maker)).member_id}
    answers = await races.at_once(
        *(_request(maker, "POST", "/v1/recommendations", body) for _ in range(AT_ONCE))
    )
    left = AT_ONCE - RECOMMENDATIONS_A_DAY
    races.expect(answers, _202=RECOMMENDATIONS_A_DAY, recommendations_used_up=left)
    rows = [row for row in races.rows("recommendations") if row.get("maker_id") == maker.member_id]
    races.hold(len(rows) == RECOMMENDATIONS_A_DAY, f"{len(rows)} of them are kept")


async def all_of_todays_suggestions(races: Races) -> None:
    maker, other = await races.maker(), await races.maker()
    her = await races.candidate(maker)
    men = [await races.candidate(other, "MALE") for _ in range(6)]
    answers = await races.at_once(
        *(_request(maker, "POST", "/v1/matches",
                   {"candidateId": her.member_id, "otherCandidateId": man.member_id})
          for man in men)
    )  # fmt: skip
    left = len(men) - SUGGESTIONS_A_DAY
    races.expect(answers, _201=SUGGESTIONS_A_DAY, suggestions_used_up=left)
    shown = len((await races.read(her, "/v1/matches"))["items"])
    races.hold(shown == SUGGESTIONS_A_DAY, f"{shown} matches today")


async def one_key_ten_times(races: Races) -> None:
    maker = await races.maker()
    body = {"kind": "CANDIDATE", "relation": "FAMILY"}
    answers = await races.at_once(
        *(_request(maker, "POST", "/v1/invitations", body, "the-same-key") for _ in range(10))
    )
    made = {one.body for one in answers if one.status == 201}
    races.hold(len(made) == 1, f"{len(made)} different answers")
    others = {code_of(one) for one in answers if one.status != 201}
    races.hold(others <= {"request_running"}, f"also {sorted(others)}")
    kept = len((await races.read(maker, "/v1/invitations"))["items"])
    races.hold(kept == 1, f"{kept} invitations are kept")


async def one_version_saved_twice(races: Races) -> None:
    her = await races.candidate(await races.maker())
    first = await races.ask(_request(her, "GET", "/v1/candidates/me"))
    etag = (first.header(b"etag") or "").encode()
    sent = [
        Request("PUT", "/v1/candidates/me", her,
                json.dumps(PROFILE_BODY | {"job": f"job {number}"}).encode(), (("If-Match", etag),))
        for number in range(6)
    ]  # fmt: skip
    answers = await races.at_once(*sent)
    races.expect(answers, _200=1, version_stale=5)


async def leaving_while_writing(races: Races) -> None:
    maker = await races.maker()
    her, him = await races.candidate(maker), await races.candidate(maker, "MALE")
    await races.suggested(maker, her, him)
    pause, seek = {"paused": True}, {"candidateId": her.member_id}
    await races.at_once(
        _request(her, "PUT", "/v1/candidates/me", PROFILE_BODY),
        _request(her, "DELETE", "/v1/members/me"),
        _request(her, "PUT", "/v1/candidates/me/pause", pause),
        _request(her, "DELETE", f"/v1/candidates/me/photos/{her.own['photo_id']}"),
        _request(maker, "POST", "/v1/recommendations", seek),
        _request(her, "PUT", "/v1/candidates/me", PROFILE_BODY),
    )
    for table in ("members", "candidates", "photos"):
        mine = [row for row in races.rows(table) if row.get("candidate_id") == her.member_id
                or (table == "members" and row["member_id"] == her.member_id
                    and row["role"] != "BASIC")]  # fmt: skip
        races.hold(not mine, f"{len(mine)} rows of {table} stay")


async def inviting_while_leaving(races: Races) -> None:
    maker = await races.maker()
    body = {"kind": "CANDIDATE", "relation": "FRIEND"}
    answers = await races.at_once(
        *(_request(maker, "POST", "/v1/invitations", body) for _ in range(3)),
        _request(maker, "DELETE", "/v1/members/me"),
        *(_request(maker, "POST", "/v1/invitations", body) for _ in range(3)),
    )
    codes = [json.loads(one.body)["code"] for one in answers if one.status == 201]
    accepted = await races.at_once(
        *(_request(races.newcomer(), "POST", f"/v1/invitations/{code}/accept") for code in codes)
    )
    done = sum(one.status == 200 for one in accepted)
    races.hold(done == 0, "an invitation of who has left makes a candidate of nobody")


RACES: Final[Sequence[Race]] = (
    one_code_for_many, many_codes_for_one, yes_and_no, both_agree, one_pair_in_both_orders,
    all_of_todays_recommendations, all_of_todays_suggestions, one_key_ten_times,
    one_version_saved_twice, leaving_while_writing, inviting_while_leaving,
)  # fmt: skip


async def attack(system: System, client: Client, judge: Judge) -> None:
    races = Races(system, client, judge)
    for _ in range(ROUNDS):
        for race in RACES:
            await races.run(race)

"""Twelve people whose lives touch, made by the API's own requests, with a canary in every text.

Maker one introduces `her` and `mate`, maker two `him` and `rival`. She and he are matched; mate and
rival are suggested to each other. `left` was matched with him and has left; `returned` was as well,
left, and came back by maker two. The maker of `unattached` has left. Whoever sees a canary that is
not for them has seen what they must not.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

from cufit_contracts.items import RecommendationItem
from cufit_contracts.photos import PhotoItem, PhotoState, image_key, thumbnail_key
from cufit_contracts.results import DecidedBy, MadeBy, MatchResult, RankedCandidate, ScorePart
from cufit_contracts.stored import read, written
from cufit_contracts.vocabulary import RecommendationStatus, timestamp
from tests.attacks.exchange import Client, Request
from tests.attacks.judge import FIELDS
from tests.attacks.people import ADMIN_SUBJECTS, NOBODY, Actor
from tests.attacks.system import Tables
from tests.unit.service.http_world import PROFILE_BODY

REASON: Final = "RS"


def photo_id(whose: str, town: int) -> str:
    return f"pho_{whose}_{town}".replace(", ", "_").replace(" ", "_")


class SetUpFailed(Exception):
    """A request that builds the town was refused; the message is that request and its answer."""


@dataclass
class Town:
    client: Client
    tables: Tables
    number: int
    """One digit."""
    people: dict[str, Actor] = field(default_factory=dict)
    recommendations: dict[str, str] = field(default_factory=dict)
    """By the name of the one partners are sought for."""
    matches: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    """Open invitations by who made them."""
    maker_of: dict[str, str] = field(default_factory=dict)
    met: set[frozenset[str]] = field(default_factory=set)
    """Pairs of whom both are still who they were when they were suggested to each other."""
    matched: set[frozenset[str]] = field(default_factory=set)
    canaries: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Whose it is and of what: a code of FIELDS, or `phone`."""

    async def ask(self, actor: Actor, method: str, path: str, body: Any = None) -> Any:
        """Raises SetUpFailed."""
        data = None if body is None else json.dumps(body).encode()
        answer = await self.client.send(Request(method, path, actor, data))
        if not 200 <= answer.status < 300:
            raise SetUpFailed(f"{method} {path} by {actor.name}: {answer.status} {answer.body!r}")
        return json.loads(answer.body) if answer.body else None

    def actor(self, name: str, role: str) -> Actor:
        self.people[name] = Actor.signed_in(f"{name}-{self.number}", role, name)
        return self.people[name]

    async def joins(self, name: str, inviter: Actor) -> Actor:
        """Somebody takes the role that `inviter` gives; a candidate with a profile and a photo."""
        kind = "MAKER" if inviter.role == "ADMIN" else "CANDIDATE"
        invitation = {"kind": kind, "relation": "FRIEND"}
        made = await self.ask(inviter, "POST", "/v1/invitations", invitation)
        joined = self.actor(name, kind)
        await self.ask(joined, "POST", f"/v1/invitations/{made['code']}/accept")
        return joined

    async def candidate(self, name: str, maker: Actor, gender: str, life: str = "") -> Actor:
        joined = await self.joins(name, maker)
        await self.ask(joined, "PUT", "/v1/candidates/me", self.profile(name + life, gender))
        photo = PhotoItem(
            photo_id=photo_id(name + life, self.number),
            candidate_id=joined.member_id,
            state=PhotoState.READY,
            created_at=timestamp(datetime.now(UTC)),
            content_type="image/jpeg",
            content_length=1000,
            sha256="A" * 43 + "=",
        )
        photo = replace(
            photo, key=image_key(photo.photo_id), thumbnail_key=thumbnail_key(photo.photo_id)
        )
        self.tables.put("photos", written(photo))
        own = {"candidate_id": joined.member_id, "photo_id": photo.photo_id}
        self.people[name] = replace(joined, own=own)
        self.maker_of[name] = maker.name
        return self.people[name]

    def profile(self, whose: str, gender: str) -> dict[str, Any]:
        own = [code for code in FIELDS if code != REASON]
        texts = {FIELDS[code]: self._planted(code, whose) for code in own}
        ideal = {**PROFILE_BODY["idealType"], "freeText": texts.pop("freeText")}
        return {
            **PROFILE_BODY,
            **texts,
            "hobbies": [texts["hobbies"]],
            "idealType": ideal,
            "gender": gender,
            "phone": self._planted("phone", whose),
        }

    def _planted(self, code: str, whose: str) -> str:
        number = f"{self.number}{len(self.canaries):05}"
        planted = f"01070{number}" if code == "phone" else f"Zq{code}{number}qZ"
        self.canaries[planted] = (whose, code)
        return planted

    async def match(self, maker: Actor, one: str, other: str, *agreeing: str) -> str:
        left, right = (self.people[name].member_id for name in (one, other))
        body = {"candidateId": left, "otherCandidateId": right}
        made: str = (await self.ask(maker, "POST", "/v1/matches", body))["matchId"]
        for name in agreeing:
            await self.ask(
                self.people[name], "POST", f"/v1/matches/{made}/answer", {"answer": "ACCEPT"}
            )
        self.matches[f"{one}+{other}"] = made
        self.met.add(frozenset((one, other)))
        if len(agreeing) == 2:
            self.matched.add(frozenset((one, other)))
        return made

    async def recommended(self, maker: Actor, seeker: str, *named: str) -> None:
        """As match_worker would have answered, with a canary in each reason."""
        body = {"candidateId": self.people[seeker].member_id}
        made = (await self.ask(maker, "POST", "/v1/recommendations", body))["recommendationId"]
        self.recommendations[seeker] = made
        rows = self.tables.rows("recommendations")
        row = next(row for row in rows if row["recommendation_id"] == made)
        ranked = tuple(self._ranked(rank, name, maker) for rank, name in enumerate(named, 1))
        by = MadeBy(matchmaker="rules", prompt_version="v1", prompt_hash="0" * 12)
        now = datetime.now(UTC)
        answered = replace(
            read(RecommendationItem, row),
            status=RecommendationStatus.DEGRADED,
            finished_at=now,
            result=MatchResult(timestamp(now), by, ranked),
        )
        kept = {name: value for name, value in row.items() if name != "open"}
        self.tables.put("recommendations", kept | written(answered))

    def _ranked(self, rank: int, name: str, maker: Actor) -> RankedCandidate:
        part = ScorePart("age", 10, 15, DecidedBy.CODE)
        reason = self._planted(REASON, maker.name)
        return RankedCandidate(rank, self.people[name].member_id, 10, (part,), reason)

    def may_see(self, actor: Actor, canary: str) -> bool:
        whose, code = self.canaries[canary]
        owner = self.people.get(whose)
        if owner is None:  # an earlier life: forgotten
            return False
        if code == REASON:
            return actor == owner
        if self.people.get(actor.name) != actor:  # of another town
            return actor.role == "MAKER" and code not in ("phone", "NM", "FT")
        pair = frozenset((actor.name, whose))
        if actor == owner or (code in ("phone", "NM") and pair in self.matched):
            return True
        if code in ("NM", "FT"):
            return actor.name == self.maker_of.get(whose)
        return code != "phone" and (actor.role == "MAKER" or pair in self.met)


async def build(client: Client, tables: Tables, number: int) -> Town:
    """Raises SetUpFailed."""
    town = Town(client, tables, number)
    admin = town.people["admin"] = Actor.signed_in(ADMIN_SUBJECTS[number], "ADMIN", "admin")
    town.people["nobody"] = NOBODY
    one, two, gone = [
        await town.joins(name, admin) for name in ("maker one", "maker two", "maker gone")
    ]
    for name, maker, gender in (
        ("her", one, "FEMALE"), ("mate", one, "MALE"), ("him", two, "MALE"),
        ("rival", two, "FEMALE"), ("unattached", gone, "MALE"),
    ):  # fmt: skip
        await town.candidate(name, maker, gender)
    for name in ("left", "returned"):
        await town.candidate(name, one, "FEMALE", life=", before")
        await town.match(one, name, "him", name, "him")
        await town.ask(town.people[name], "DELETE", "/v1/members/me")
    town.met.clear()
    town.matched.clear()
    town.actor("left", "BASIC")
    await town.candidate("returned", two, "FEMALE")
    await town.match(one, "her", "him", "her", "him")
    await town.match(one, "mate", "rival")
    await town.recommended(one, "her", "him")
    await town.recommended(two, "rival", "mate")
    await town.ask(gone, "DELETE", "/v1/members/me")
    del town.people["maker gone"]
    town.actor("basic", "BASIC")
    for name in ("admin", "left", "basic"):
        await town.ask(town.people[name], "GET", "/v1/members/me")
    for inviter in (admin, one, two):
        kind = "MAKER" if inviter is admin else "CANDIDATE"
        body = {"kind": kind, "relation": "FRIEND"}
        made = await town.ask(inviter, "POST", "/v1/invitations", body)
        town.codes[inviter.name] = made["code"]
    return town


def visibility(towns: list[Town]) -> Callable[[Request, str], bool]:
    """Of all `towns` together: a canary is for nobody of another town but as on a card."""

    def may_see(request: Request, canary: str) -> bool:
        town = next((town for town in towns if canary in town.canaries), None)
        return town is not None and town.may_see(request.actor, canary)

    return may_see


def everybody(towns: list[Town]) -> Iterator[tuple[Town, Actor]]:
    for town in towns:
        for actor in town.people.values():
            yield town, actor

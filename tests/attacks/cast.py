"""Many people of each role, so that nobody asks faster than a member may."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import cycle
from typing import Final

from tests.attacks.exchange import Client
from tests.attacks.people import ADMIN_SUBJECTS, NOBODY, Actor
from tests.attacks.system import Tables
from tests.attacks.town import Town

PAIRS: Final = len(ADMIN_SUBJECTS)
"""Makers, each with a candidate; every two candidates are suggested to each other."""

ROLES: Final = ("ADMIN", "MAKER", "CANDIDATE", "BASIC", "NOBODY")


class Cast:
    def __init__(self, town: Town) -> None:
        self.town = town
        self._turns: Mapping[str, Iterator[Actor]] = {
            role: cycle([one for one in town.people.values() if one.role == role]) for role in ROLES
        }

    def one(self, role: str) -> Actor:
        """The next of the role."""
        return next(self._turns[role])


async def gather_cast(client: Client, tables: Tables, number: int) -> Cast:
    """People of the town with that number. Raises SetUpFailed."""
    town = Town(client, tables, number)
    for one, subject in enumerate(ADMIN_SUBJECTS):
        town.people[f"admin {one}"] = Actor.signed_in(subject, "ADMIN", f"admin {one}")
    for one in range(PAIRS):
        maker = await town.joins(f"maker {one}", town.people[f"admin {one}"])
        await town.candidate(f"candidate {one}", maker, "MALE" if one % 2 else "FEMALE")
        await town.ask(town.actor(f"basic {one}", "BASIC"), "GET", "/v1/members/me")
    for one in range(PAIRS):
        await _gets_things(town, one)
    town.people["nobody"] = NOBODY
    return Cast(town)


async def _gets_things(town: Town, number: int) -> None:
    maker, candidate = town.people[f"maker {number}"], town.people[f"candidate {number}"]
    other = town.people[f"candidate {number ^ 1}"]
    things = {"candidate_id": candidate.member_id, "other_id": other.member_id}
    body = {"candidateId": candidate.member_id}
    made = await town.ask(maker, "POST", "/v1/recommendations", body)
    invitation = {"kind": "CANDIDATE", "relation": "FRIEND"}
    code = (await town.ask(maker, "POST", "/v1/invitations", invitation))["code"]
    if number % 2 == 0:
        await town.match(maker, candidate.name, other.name)
    pair = f"candidate {number & ~1}+candidate {number | 1}"
    things |= {"match_id": town.matches[pair], "recommendation_id": made["recommendationId"]}
    things["code"] = code
    for actor in (maker, candidate):
        town.people[actor.name] = replace(actor, own={**things, **actor.own})

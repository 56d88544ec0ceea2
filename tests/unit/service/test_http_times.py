"""One thing has one time wherever it is read: in UTC with milliseconds."""

import re
from typing import Any

from cufit_contracts.vocabulary import instant
from cufit_service.domain.member import Role
from tests.unit.service.http_world import HttpWorld
from tests.unit.service.world import candidate_of

MILLISECONDS = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


async def test_times_have_one_precision_wherever_they_are_read() -> None:
    http = HttpWorld(shares_app=True)
    http.world.clock.time = instant("2026-11-22T09:00:00.123456Z")
    maker = http.person("maker", Role.MAKER, "admin")
    http.world.has(candidate_of(maker.member_id, "m_own"))
    async with http.client("maker") as client:
        asked = {"candidateId": "m_own"}
        accepted = (await client.post("/v1/recommendations", json=asked)).json()
        found = (await client.get(f"/v1/recommendations/{accepted['recommendationId']}")).json()
        body = {"kind": "CANDIDATE", "relation": "FRIEND"}
        invited = (await client.post("/v1/invitations", json=body)).json()
        (listed,) = (await client.get("/v1/invitations")).json()["items"]
        own = (await client.get("/v1/candidates/m_own")).json()
    assert accepted["createdAt"] == found["createdAt"] == "2026-11-22T09:00:00.123Z"
    assert invited == listed
    for answer in (accepted, found, invited, own, *found["timeline"]):
        _assert_precise(answer)


def _assert_precise(answer: dict[str, Any]) -> None:
    times = [value for name, value in answer.items() if name.endswith("At") or name == "at"]
    assert times
    for value in times:
        assert value is None or MILLISECONDS.fullmatch(value), value

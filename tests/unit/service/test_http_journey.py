"""The whole way a recommendation goes, as clients see it."""

import httpx

from tests.unit.service.http_world import PROFILE_BODY, HttpWorld
from tests.unit.service.world import ADMIN_SUBJECT


async def _join(http: HttpWorld, inviter: str, invited: str, kind: str) -> None:
    async with http.client(inviter) as client:
        made = await client.post("/v1/invitations", json={"kind": kind, "relation": "FRIEND"})
    assert made.status_code == 201, made.text
    async with http.client(invited) as client:
        accepted = await client.post(f"/v1/invitations/{made.json()['code']}/accept")
    assert accepted.status_code == 200, accepted.text
    assert accepted.json()["role"] == kind


async def test_from_first_sign_in_to_an_accepted_recommendation() -> None:
    http = HttpWorld()
    await _join(http, ADMIN_SUBJECT, "maker", "MAKER")
    await _join(http, "maker", "seeker", "CANDIDATE")
    async with http.client("seeker") as seeker:
        saved = await seeker.put("/v1/candidates/me", json=PROFILE_BODY)
        assert (saved.status_code, saved.headers["ETag"]) == (201, '"v1"')
        seeker_id = saved.json()["candidateId"]

    async with http.client("maker") as maker:
        asked = await maker.post("/v1/recommendations", json={"candidateId": seeker_id})
        found = await maker.get(asked.headers["Location"])
        http.world.cloud.dynamodb.settle()
        listed = await maker.get("/v1/recommendations")

    assert asked.status_code == 202
    assert asked.headers["X-Correlation-Id"] == asked.json()["recommendationId"]
    assert found.json()["status"] == "PENDING"
    assert found.json()["seeker"]["nickname"] == PROFILE_BODY["nickname"]
    assert [step["state"] for step in found.json()["timeline"]] == ["ACCEPTED", "SENT"]
    assert listed.json() == {"items": [found.json()], "next": None}
    sent = [event.correlation_id for event in http.world.requests_sent]
    assert sent == [asked.json()["recommendationId"]]
    assert http.world.rows("outbox") == {}


async def test_the_first_visit_makes_a_basic_member() -> None:
    http = HttpWorld()
    async with http.client("newcomer") as client:
        first: httpx.Response = await client.get("/v1/members/me")
        again = await client.get("/v1/members/me")
    assert first.json()["role"] == "BASIC"
    assert again.json() == first.json()
    assert http.world.rows("members")[first.json()["memberId"]]["role"] == "BASIC"

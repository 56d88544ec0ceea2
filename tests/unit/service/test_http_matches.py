"""Matches over HTTP."""

import httpx

from cufit_service.domain.member import Role
from tests.unit.service.couples import MALE
from tests.unit.service.http_world import HttpWorld
from tests.unit.service.world import candidate_of


def _http() -> tuple[HttpWorld, str, str]:
    http = HttpWorld()
    maker = http.person("maker", Role.MAKER, "admin")
    her = http.person("her", Role.CANDIDATE, "maker").member_id
    him = http.person("him", Role.CANDIDATE, "maker").member_id
    http.world.has(
        candidate_of(maker.member_id, her), candidate_of(maker.member_id, him, profile=MALE)
    )
    return http, her, him


async def test_from_suggestion_to_contact_card() -> None:
    http, her, him = _http()
    async with http.client("maker") as maker:
        made = await maker.post("/v1/matches", json={"candidateId": her, "otherCandidateId": him})
        assert (made.status_code, made.json()["status"]) == (201, "SUGGESTED")
        http.world.cloud.dynamodb.settle()
        listed = await maker.get(f"/v1/matches?candidateId={him}")
        assert [item["matchId"] for item in listed.json()["items"]] == [made.json()["matchId"]]
    address = made.headers["Location"]
    for subject, status in (("her", "ACCEPTED"), ("him", "MATCHED")):
        async with http.client(subject) as candidate:
            early = await candidate.get(f"{address}/contact")
            assert (early.status_code, early.json()["code"]) == (409, "not_matched")
            read = await candidate.get(address)
            answered = await candidate.post(
                f"{address}/answer",
                json={"answer": "ACCEPT"},
                headers={"If-Match": read.headers["ETag"]},
            )
            assert (answered.status_code, answered.json()["status"]) == (200, status)
    async with http.client("her") as candidate:
        contact = await candidate.get(f"{address}/contact")
        assert contact.json()["phone"] == MALE.phone
        http.world.cloud.dynamodb.settle()
        own = (await candidate.get("/v1/matches")).json()["items"][0]
    assert own["left"]["accepted"]
    assert own["right"]["accepted"]
    assert own["right"]["card"]["nickname"] == MALE.nickname
    assert MALE.phone not in str(own)


async def test_the_daily_limit_says_when_it_ends() -> None:
    http, her, _ = _http()
    maker_id = http.world.stored(http.world.candidates.find(her)).maker_id
    assert maker_id is not None
    men = [candidate_of(maker_id, f"m_man{number}", profile=MALE) for number in range(4)]
    http.world.has(*men)

    async def suggest(client: httpx.AsyncClient, him: str) -> httpx.Response:
        body = {"candidateId": her, "otherCandidateId": him}
        return await client.post("/v1/matches", json=body)

    async with http.client("maker") as maker:
        answers = [await suggest(maker, him.candidate_id) for him in men]
    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert answers[3].json()["code"] == "suggestions_used_up"
    # 09:00 in London is 18:00 in Seoul: six hours to midnight.
    assert answers[3].headers["Retry-After"] == str(6 * 3600 + 1)


async def test_a_maker_says_whose_matches_they_want() -> None:
    http, _, _ = _http()
    async with http.client("maker") as maker:
        answer = await maker.get("/v1/matches")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "candidateId"


async def test_blocking_over_http() -> None:
    http, her, him = _http()
    async with http.client("maker") as maker:
        address = f"/v1/candidates/{her}/blocks/{him}"
        assert (await maker.put(address)).status_code == 204
        body = {"candidateId": her, "otherCandidateId": him}
        refused = await maker.post("/v1/matches", json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, "pair_blocked")
        assert (await maker.delete(address)).status_code == 204
        assert (await maker.post("/v1/matches", json=body)).status_code == 201

"""What somebody sends moves no counter: the answers of two people do, once for each pair."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest

from cufit_ops.evaluation.attacks import EVERY_ATTACK
from cufit_service.domain.errors import Invalid, PairTaken, Refusal
from cufit_service.domain.match import Reply
from cufit_service.domain.member import Role
from tests.unit.service.couples import HER, HIM, answer, couple, suggest
from tests.unit.service.http_world import PROFILE_BODY, HttpWorld
from tests.unit.service.returning import she_comes_back
from tests.unit.service.world import MAKER, OTHER_MAKER, PROFILE, World

COUNTED: dict[str, Any] = {
    "history": {"asked": 9, "wanted": 9, "answered": 9, "saidYes": 9},
    "history.wanted": 9,
    "attention": 0,
    "wanted": 9,
    "saidYes": 9,
    "said_yes": 9,
    "place": "FEMALE#서울",
    "born": "1996#m_her",
    "steppedBack": 0,
}


@pytest.mark.parametrize("name", COUNTED)
async def test_what_is_counted_is_no_field_of_a_body(name: str) -> None:
    http = HttpWorld(shares_app=True)
    http.person("maker", Role.MAKER, "admin")
    her = http.person("her", Role.CANDIDATE, "maker").member_id
    forged = {name: COUNTED[name]}
    ideal = PROFILE_BODY["idealType"] | forged
    async with http.client("her") as client:
        saved = await client.put("/v1/candidates/me", json=PROFILE_BODY)
        assert saved.is_success
        assert not {"history", "attention", "place", "born"} & saved.json().keys()
        before = http.world.rows("candidates")[her]
        for method, path, body in (
            ("PUT", "/v1/candidates/me", PROFILE_BODY | forged),
            ("PUT", "/v1/candidates/me", PROFILE_BODY | {"idealType": ideal}),
            ("PUT", "/v1/candidates/me/pause", {"paused": False} | forged),
            ("POST", "/v1/matches/m_her+m_him/answer", {"answer": "ACCEPT"} | forged),
        ):
            refused = await client.request(method, path, json=body)
            assert (refused.status_code, refused.json()["code"]) == (422, "fields_unknown"), path
    assert http.world.rows("candidates")[her] == before


async def test_no_text_of_a_profile_moves_a_counter() -> None:
    world = couple()
    before, saved = _counters(world), 0
    for text in EVERY_ATTACK:
        with suppress(Invalid):  # disguises that no profile may have
            profile = replace(PROFILE, self_introduction=text[:500])
            await world.use_cases.candidates.save_profile(HER, profile)
            saved += 1
    assert saved > len(EVERY_ATTACK) / 2
    assert _counters(world) == before


async def test_two_who_like_each_other_again_and_again_have_liked_once() -> None:
    world = couple()
    world.knows(MAKER, OTHER_MAKER, HER, HIM)
    match = await suggest(world)
    for who in (HER, HIM) * 3:
        try:
            await answer(world, who, match)
        except Refusal:
            continue
    once = _counters(world)
    assert once["m_her"] == once["m_him"] == {"asked": 1, "wanted": 1, "answered": 1, "said_yes": 1}
    for _ in range(5):
        world.clock.advance(hours=25)
        for pair in (("m_her", "m_him"), ("m_him", "m_her")):
            with pytest.raises(Refusal):
                await suggest(world, *pair, maker=MAKER)
    assert _counters(world) == once
    back = await she_comes_back(world)
    with pytest.raises(PairTaken):
        await suggest(world, "m_her", "m_him", maker=OTHER_MAKER)
    with pytest.raises(Refusal):
        await answer(world, back, match, Reply.ACCEPT)
    assert _counters(world)["m_her"] == dict.fromkeys(once["m_her"], 0)
    assert _counters(world)["m_him"] == once["m_him"]


def _counters(world: World) -> dict[str, Any]:
    return {one: row["history"] for one, row in world.rows("candidates").items()}

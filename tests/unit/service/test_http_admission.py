"""A process with its hands full turns requests away at once, and stays itself."""

import asyncio

import httpx
import pytest

from cufit_service.domain.member import Role
from cufit_service.entrypoints.http.admission import Admission
from tests.unit.service.http_world import HttpWorld


@pytest.fixture
def busy_world(monkeypatch: pytest.MonkeyPatch) -> tuple[HttpWorld, asyncio.Event]:
    """Two requests at once fill it; each waits for the event."""
    world, release = HttpWorld(admission=Admission(2)), asyncio.Event()
    world.person("maker", Role.MAKER, "admin")
    members = world.world.ports.members
    find = members.find

    async def slowly(member_id: str) -> object:
        await release.wait()
        return await find(member_id)

    monkeypatch.setattr(members, "find", slowly)
    return world, release


async def test_the_third_is_turned_away_and_later_admitted(
    busy_world: tuple[HttpWorld, asyncio.Event],
) -> None:
    world, release = busy_world
    async with world.client("maker") as client:
        first = [asyncio.create_task(client.get("/v1/members/me")) for _ in range(2)]
        await asyncio.sleep(0.05)
        refused = await client.get("/v1/members/me", headers={"X-Correlation-Id": "mine"})
        _is_overloaded(refused)
        assert (await client.get("/health")).status_code == 200
        assert (await client.get("/ready")).status_code == 200
        release.set()
        assert [(await task).status_code for task in first] == [200, 200]
        assert (await client.get("/v1/members/me")).status_code == 200


def _is_overloaded(answer: httpx.Response) -> None:
    assert answer.status_code == 429
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["Retry-After"] == "1"
    assert answer.headers["X-Correlation-Id"] == "mine"
    assert (answer.json()["code"], answer.json()["correlationId"]) == ("overloaded", "mine")


async def test_a_failed_request_gives_its_place_back(
    busy_world: tuple[HttpWorld, asyncio.Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, _ = busy_world

    async def breaks(_: str) -> object:
        raise RuntimeError("a bug")

    monkeypatch.setattr(world.world.ports.members, "find", breaks)
    async with world.client("maker") as client:
        statuses = [(await client.get("/v1/members/me")).status_code for _ in range(5)]
    assert statuses == [500] * 5

"""A request costs no thread."""

import anyio.to_thread
import pytest

from cufit_service.domain.member import Role
from tests.unit.service.http_world import HttpWorld

REQUESTS = [
    ("GET", "/v1/members/me", None),
    ("GET", "/v1/invitations?limit=1", None),
    ("GET", "/v1/candidates", None),
    ("POST", "/v1/invitations", {"kind": "CANDIDATE", "relation": "FRIEND"}),
]


@pytest.mark.parametrize(("method", "path", "body"), REQUESTS)
async def test_no_thread_takes_part(
    method: str, path: str, body: dict[str, str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def in_a_thread(call: object, *_: object, **__: object) -> None:
        raise AssertionError(f"{call} would run in a thread")

    world = HttpWorld()
    world.person("maker", Role.MAKER, "admin")
    # The issuer's keys are read in a thread, once an hour.
    async with world.client("maker") as client:
        assert (await client.get("/v1/members/me")).status_code == 200
        monkeypatch.setattr(anyio.to_thread, "run_sync", in_a_thread)
        answer = await client.request(method, path, json=body)
    assert answer.is_success, answer.text

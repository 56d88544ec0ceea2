"""Who asks with a wrong method is told every right one (RFC 9110, 10.2.1)."""

from collections import defaultdict

import pytest

from cufit_service.domain.member import Role
from tests.unit.service.http_world import HttpWorld, operations

METHODS: dict[str, set[str]] = defaultdict(set)
for _path, _method, _ in operations():
    METHODS[_path].add(_method.upper())


@pytest.mark.parametrize("path", METHODS)
async def test_all_methods_of_an_address_are_named(path: str) -> None:
    http = HttpWorld(shares_app=True)
    http.person("maker", Role.MAKER, "admin")
    address = path.replace("{", "").replace("}", "")
    async with http.client("maker") as client:
        answer = await client.request("PATCH", address)
    assert answer.status_code == 405
    allowed = METHODS[path] | ({"HEAD"} if "GET" in METHODS[path] else set())
    told = answer.headers["Allow"].split(", ")
    # A photo may be called `order`, so that address takes DELETE as well.
    assert set(told) - allowed <= ({"DELETE"} if path.endswith("/photos/order") else set())
    assert allowed <= set(told)
    assert told == sorted(told)
    assert answer.headers.get_list("Allow") == [answer.headers["Allow"]]

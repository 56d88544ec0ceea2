"""Who asks with a wrong method is told every right one (RFC 9110, 10.2.1)."""

import pytest

from cufit_service.domain.member import Role
from tests.unit.service.http_world import HttpWorld, document

METHODS = {
    path: {method.upper() for method in operations}
    for path, operations in document()["paths"].items()
}


@pytest.mark.parametrize("path", METHODS)
async def test_all_methods_of_an_address_are_named(path: str) -> None:
    http = HttpWorld(shares_app=True)
    http.person("maker", Role.MAKER, "admin")
    address = path.replace("{", "").replace("}", "")
    async with http.client("maker") as client:
        answer = await client.request("PATCH", address)
    assert answer.status_code == 405
    allowed = METHODS[path] | ({"HEAD"} if "GET" in METHODS[path] else set())
    assert answer.headers["Allow"].split(", ") == sorted(allowed)
    assert answer.headers.get_list("Allow") == [answer.headers["Allow"]]

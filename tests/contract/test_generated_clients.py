"""Generated clients compile, and bear whatever the API may answer.

The Python one is asked for every operation and given each answer the document names: a success and
problems as the service has them, and API Gateway's `{"message"}` where that may come. What
the service itself answers is asked through it as well, in the process.
"""

import asyncio
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import httpx
import pytest

from cufit_contracts.identity import member_id_of
from tests.contract import clients
from tests.contract.edge import Edge, function_is_deployed
from tests.contract.sensible import PHOTO
from tests.unit.service import test_permission_matrix as matrix
from tests.unit.service.http_world import UPLOAD_PATH, document
from tests.unit.service.signing import ISSUER, token

OPERATIONS: Final = [
    (path, method, operation)
    for path, operations in document()["paths"].items()
    for method, operation in operations.items()
]
MAKER: Final = member_id_of(ISSUER, "maker")
TELLING: Final = {
    "allow", "etag", "idempotency-replayed", "location", "retry-after", "www-authenticate",
    "x-correlation-id",
}  # fmt: skip
"""Headers that say something about what was asked."""

PROBLEM: Final = "application/problem+json"


def test_types_for_typescript_compile_and_tell_codes_apart(types: Path) -> None:
    uses = types.parent / "uses.ts"
    uses.write_text(
        """import type { components } from "./api";
type Problem = components["schemas"]["Problem"];
export function told(problem: Problem): string {
  switch (problem.code) {
    case "version_stale": return "read it again";
    default: return problem.detail;
  }
}
"""
    )
    clients.compile_typescript(uses)
    uses.write_text(uses.read_text().replace("version_stale", "version_stael"))
    with pytest.raises(AssertionError, match="version_stael"):
        clients.compile_typescript(uses)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one[2]["operationId"])
def test_every_documented_answer_is_borne(
    client: ModuleType, operation: tuple[str, str, dict[str, Any]]
) -> None:
    _, _, described = operation
    module = _module(described)
    problem = importlib.import_module(f"{clients.PACKAGE}.models.problem").Problem
    message = importlib.import_module(f"{clients.PACKAGE}.models.gateway_message").GatewayMessage
    asked = 0
    for status, media_type, code, body in _refusals(described):
        parsed = _ask(client, module, httpx.Response(status, json=body))
        assert type(parsed) is (problem if media_type == PROBLEM else message), (status, code)
        if code is not None:
            assert parsed.code == code
        asked += 1
    assert asked >= 3 or not described["security"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one[2]["operationId"])
def test_what_is_really_answered_is_read(
    client: ModuleType, operation: tuple[str, str, dict[str, Any]]
) -> None:
    path, method, described = operation
    route = matrix.ROUTES.get(f"{method.upper()} {path}")
    body = PHOTO if path == UPLOAD_PATH else route.body if route else None
    statuses = set()
    for subject in (*matrix.CALLERS.values(), None):
        answer = _really_answered(method, route.path if route else path, body, subject)
        told = described["responses"][str(answer.status_code)]["headers"]
        assert {*answer.headers} & TELLING <= {name.lower() for name in told}, answer.headers
        parsed = _ask(client, _module(described), answer)
        assert (parsed is None) == (answer.status_code == 204)
        statuses.add(answer.status_code)
    assert any(status < 300 for status in statuses), statuses


def _really_answered(
    method: str, address: str, body: dict[str, Any] | None, subject: str | None
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token(subject)}"} if subject else {}

    async def ask() -> httpx.Response:
        http = await matrix._world()
        asked = address
        if address.endswith("/answer"):  # both have answered the match that is there
            suggested = await http.world.use_cases.matches.suggest(
                http.world.stored(http.world.members.find(MAKER)), matrix.HER, matrix.MAN, "sug_2"
            )
            asked = address.replace(matrix.MATCHED, suggested.match_id)
        transport = httpx.ASGITransport(Edge(http))
        async with httpx.AsyncClient(transport=transport, base_url="http://cufit") as edge:
            answer = await edge.request(method, asked, json=body, headers=headers)
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)

    with function_is_deployed():
        return asyncio.run(ask())


def _refusals(described: dict[str, Any]) -> Iterator[tuple[int, str, str | None, Any]]:
    """Status, media type, code and body of each error the document shows for an operation."""
    examples = document()["components"]["examples"]
    for status, response in described["responses"].items():
        for media_type, content in response.get("content", {}).items():
            for name, example in content.get("examples", {}).items():
                if "$ref" in example:
                    yield int(status), media_type, name, examples[name]["value"]
                else:
                    yield int(status), media_type, None, example["value"]


def _module(described: dict[str, Any]) -> ModuleType:
    (tag,) = described["tags"]
    return importlib.import_module(f"{clients.PACKAGE}.api.{tag}.{described['operationId']}")


def _ask(client: ModuleType, module: ModuleType, answer: httpx.Response) -> Any:
    """What the client makes of the answer."""
    transport = httpx.MockTransport(lambda _: answer)
    asking = client.AuthenticatedClient(
        base_url="http://cufit", token="t", httpx_args={"transport": transport},
        raise_on_unexpected_status=True,
    )  # fmt: skip
    return module.sync_detailed(client=asking, **_arguments(module)).parsed


def _arguments(module: ModuleType) -> dict[str, Any]:
    """Good enough to be sent: what comes back does not depend on it."""
    given: dict[str, Any] = {}
    for name, parameter in inspect.signature(module.sync_detailed).parameters.items():
        if name == "client" or parameter.default is not inspect.Parameter.empty:
            continue
        given[name] = _Body() if name == "body" else "x"
    return given


class _Body:
    def to_dict(self) -> dict[str, Any]:
        return {}

"""The API describes itself, completely and without the internet."""

import re

import pytest

from cufit_service.domain import errors
from cufit_service.entrypoints.http.problems import STATUS_OF
from tests.unit.service.http_world import PROFILE_BODY, UPLOAD_PATH, HttpWorld, document


async def test_docs_need_nothing_from_elsewhere() -> None:
    async with HttpWorld().client() as client:
        page = await client.get("/docs")
        assert page.status_code == 200
        addresses = re.findall(r'(?:src|href)="(?!data:)([^"]+)"', page.text)
        assert addresses
        for address in addresses:
            assert address.startswith("/"), address
            asset = await client.get(address)
            assert asset.status_code == 200
            assert len(asset.content) > 1000
    assert "://" not in page.text


async def test_every_operation_says_how_it_may_be_refused() -> None:
    async with HttpWorld().client() as client:
        described = (await client.get("/openapi.json")).json()
    assert described["openapi"].startswith("3.1")
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            where = f"{method} {path}"
            assert operation["summary"], where
            if not path.startswith("/v1/"):
                continue
            assert {"401", "429", "500", "503"} <= set(operation["responses"]), where
            if "requestBody" in operation and path != UPLOAD_PATH:
                assert {"400", "413", "415", "422"} <= set(operation["responses"]), where
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert "application/problem+json" in response["content"] or (
                        path == UPLOAD_PATH and status in ("413", "503")
                    ), where
    operation_ids = re.findall(r"'operationId': '(\w+)'", str(described))
    assert "HTTPValidationError" not in str(described)
    assert len(operation_ids) == len(set(operation_ids)) > 10


def test_every_part_of_an_address_is_taken_by_its_handler() -> None:
    for path, operations in document()["paths"].items():
        for operation in operations.values():
            parameters = operation.get("parameters", [])
            taken = [parameter["name"] for parameter in parameters if parameter["in"] == "path"]
            assert re.findall(r"{(\w+)}", path) == taken, operation["operationId"]


def test_the_documented_profile_is_a_good_one() -> None:
    (example,) = document()["components"]["schemas"]["ProfileBody"]["examples"]
    assert set(example) == set(PROFILE_BODY)


def _kinds(base: type[errors.Refusal]) -> list[type[errors.Refusal]]:
    return [base, *(kind for direct in base.__subclasses__() for kind in _kinds(direct))]


def test_every_refusal_has_a_status_and_a_code_of_its_own() -> None:
    kinds = _kinds(errors.Refusal)[1:]
    codes = [kind.code for kind in kinds]
    assert len(set(codes)) == len(codes)
    for kind in kinds:
        assert any(base in STATUS_OF for base in kind.__mro__), kind
        assert re.fullmatch(r"[a-z]+(_[a-z]+)*", kind.code)
        assert kind.__name__ in (errors.__doc__ or "")


@pytest.mark.parametrize("path", ["/health", "/ready"])
async def test_health_and_readiness_need_no_token(path: str) -> None:
    http = HttpWorld()
    async with http.client() as client:
        assert (await client.get(path)).status_code == 200
        http.lifecycle.draining = True
        draining = await client.get(path)
    assert draining.status_code == (503 if path == "/ready" else 200)
    assert draining.headers["Connection"] == "close"

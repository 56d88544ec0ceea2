"""The laptop's page that uploads: to whom it is given, and what it may do in a browser."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from starlette.applications import Starlette

from cufit_ops.laptop.platform.issuer import AUDIENCE, LocalIssuer
from cufit_ops.laptop.platform.pages import FOLDER, Pages, photos_page
from cufit_ops.laptop.platform.server import server_of
from cufit_ops.workspace import ROOT, Workspace
from stacks.components.bundle import Bundle, Target

PAGE = "http://localhost:8090"
API = "http://127.0.0.1:8090"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path, 8090, 4590)


@pytest.fixture
def issuer(workspace: Workspace) -> LocalIssuer:
    return LocalIssuer.of(workspace)


@pytest.fixture
async def http(workspace: Workspace, issuer: LocalIssuer) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=Pages(workspace, issuer).routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PAGE) as client:
        yield client


async def test_the_page_brings_all_it_asks_for(
    http: httpx.AsyncClient, workspace: Workspace
) -> None:
    page = await http.get(photos_page(workspace))
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    asked = set(re.findall(r'(?:src|href)="([^"]+)"', page.text))
    for script in FOLDER.glob("*.js"):
        asked |= set(re.findall(r'from "\./([^"]+)"', script.read_text()))
    assert {"page.js", "style.css", "thumbhash.js"} <= asked
    for name in asked:
        found = await http.get(f"/_local/photos/{name}")
        assert (found.status_code, found.headers["x-content-type-options"]) == (200, "nosniff")
    assert (await http.get("/_local/photos/../pages.py")).status_code == 404


async def test_scripts_come_from_here_and_text_is_no_html(http: httpx.AsyncClient) -> None:
    page = await http.get("/_local/photos/")
    policy = dict(
        rule.split(" ", 1) for rule in page.headers["content-security-policy"].split("; ")
    )
    assert (policy["default-src"], policy["script-src"]) == ("'none'", "'self'")
    assert policy["require-trusted-types-for"] == "'script'"
    assert policy["connect-src"] == f"'self' {API} http://127.0.0.1:4590 http://localhost:4590"
    assert "<script>" not in page.text
    assert " style=" not in page.text


async def test_the_apis_address_leads_to_the_pages_own(http: httpx.AsyncClient) -> None:
    for path in ("/_local/photos", "/_local/photos/", "/_local/photos/page.js"):
        answer = await http.get(API + path)
        assert (answer.status_code, answer.headers["location"]) == (307, f"{PAGE}/_local/photos/")


async def test_the_page_gets_tokens_of_people_who_are_made_up(
    http: httpx.AsyncClient, issuer: LocalIssuer
) -> None:
    people = (await http.get("/_local/photos/settings.json")).json()["people"]
    assert len(people) == 40
    answer = await _token(http, people[0]["name"])
    claims = jwt.decode(
        answer.json()["token"], issuer.public_key(), algorithms=["RS256"], audience=AUDIENCE
    )
    assert claims["sub"] == people[0]["name"]
    for name in ("admin", "maker-1", "", None, ["candidate-01"]):
        assert (await _token(http, name)).status_code == 422


@pytest.mark.parametrize(
    ("url", "origin", "status"),
    [
        (PAGE, None, 403),
        (PAGE, API, 403),
        (PAGE, "https://elsewhere.example", 403),
        (API, PAGE, 421),
        ("http://elsewhere.example:8090", "http://elsewhere.example:8090", 421),
    ],
)
async def test_nobody_else_gets_a_token(
    http: httpx.AsyncClient, url: str, origin: str | None, status: int
) -> None:
    answer = await _token(http, "candidate-01", url, origin)
    assert (answer.status_code, "token" in answer.json()) == (status, False)
    assert "access-control-allow-origin" not in answer.headers


async def test_a_name_elsewhere_that_leads_here_gets_nothing(http: httpx.AsyncClient) -> None:
    for path in ("page.js", "settings.json", ""):
        answer = await http.get(f"http://elsewhere.example:8090/_local/photos/{path}")
        assert answer.status_code == 421


@pytest.mark.parametrize("guide", ["guide.en.md", "guide.ko.md"])
def test_the_guides_show_the_very_module(guide: str) -> None:
    module = (FOLDER / "upload.js").read_text()
    shown = re.findall(r"```js\n(.+?)```", (ROOT / "docs" / guide).read_text(), re.DOTALL)
    assert module in shown
    assert len(module.splitlines()) <= 40


def test_it_is_served_on_this_machine_and_deployed_nowhere() -> None:
    assert server_of(Starlette(), 1).config.host == "127.0.0.1"
    functions = [file.parent.name for file in (ROOT / "lambdas").glob("*/handler.py")]
    bundled = [
        source
        for name in functions
        for source in Bundle(name, Target.of("arm64", "3.14"), ROOT).sources().values()
    ]
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    in_the_image = [ROOT / line[1:] for line in ignored if line.startswith("!")]
    assert functions
    assert "*" in ignored
    assert not [path for path in bundled if path.is_relative_to(ROOT / "ops")]
    assert not [path for path in in_the_image if FOLDER.is_relative_to(path)]


async def _token(
    http: httpx.AsyncClient, name: Any, url: str = PAGE, origin: str | None = PAGE
) -> httpx.Response:
    headers = {} if origin is None else {"origin": origin}
    return await http.post(f"{url}/_local/token", json={"name": name}, headers=headers)

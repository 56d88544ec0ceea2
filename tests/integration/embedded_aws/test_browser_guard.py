"""Web pages of other sites cannot use the embedded AWS of the developer who visits them."""

import pytest

from tests.integration.embedded_aws.server import Server

ELSEWHERE = "https://elsewhere.example"
HERE = "http://localhost:3000"


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": ELSEWHERE}, id="a page's fetch"),
        pytest.param({"Origin": "null"}, id="a sandboxed frame"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, id="an image without a referrer"),
        pytest.param(
            {"Sec-Fetch-Site": "cross-site", "Referer": f"{ELSEWHERE}/"}, id="an image of a page"
        ),
        pytest.param({"Host": "rebound.example"}, id="a rebound name"),
        pytest.param({"Host": "[not-an-address"}, id="a broken name"),
        pytest.param(
            {"Origin": "http://localhost.elsewhere.example"}, id="a name that looks local"
        ),
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/_ministack/reset"), ("PUT", "/_cufit/bedrock/faults"), ("OPTIONS", "/")],
)
def test_other_sites_are_refused(
    server: Server, headers: dict[str, str], method: str, path: str
) -> None:
    answer = server.request(method, path, headers=headers)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="a program"),
        pytest.param({"Origin": HERE, "Sec-Fetch-Site": "cross-site"}, id="a local page's fetch"),
        pytest.param(
            {"Sec-Fetch-Site": "cross-site", "Referer": f"{HERE}/"}, id="a local page's image"
        ),
        pytest.param({"Sec-Fetch-Site": "none"}, id="an address typed in"),
        pytest.param({"Host": "api.execute-api.localhost:4577"}, id="a name below localhost"),
    ],
)
def test_this_machine_is_served(server: Server, headers: dict[str, str]) -> None:
    answer = server.request("GET", "/_cufit/health", headers=headers)
    assert answer.json()["status"] == "ready"

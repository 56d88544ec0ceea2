"""A page on another origin than the API's, in Chromium, which decides what a page may read.

The front door answers preflights as GetApi's CORS configuration says, the embedded AWS as the
bucket's says.
"""

import os
from pathlib import Path
from typing import Any

import pytest

from cufit_ops.demo.journey import PICTURE
from cufit_ops.demo.people import people
from cufit_ops.laptop.platform.issuer import LocalIssuer
from tests.e2e.browser import PROGRAMS, program, visit
from tests.e2e.conftest import Running

CONFIGURED = "http://localhost:3000"
ELSEWHERE = "http://localhost:3001"
PERSON = people()[19]

chromium = program()
pytestmark = pytest.mark.skipif(
    chromium is None and "CI" not in os.environ,  # GitHub's machines have Chrome
    reason=f"NO BROWSER TEST: none of {', '.join(PROGRAMS)} is installed",
)


def saw(running: Running, origin: str, state: Path) -> dict[str, Any]:
    assert chromium is not None, f"none of {PROGRAMS} is installed"
    settings = {
        "api": running.workspace.url,
        "token": LocalIssuer.of(running.workspace).token(PERSON.name),
        "profile": PERSON.profile,
    }
    return visit(chromium, origin, settings, PICTURE.read_bytes(), state)


def test_a_page_of_a_configured_origin_edits_and_uploads(running: Running, tmp_path: Path) -> None:
    seen = saw(running, CONFIGURED, tmp_path)

    assert seen["origin"] == CONFIGURED
    assert "error" not in seen, seen
    read, edited, stale = seen["read"], seen["edited"], seen["stale"]
    assert (read["status"], edited["status"], stale["status"]) == (200, 200, 412)
    assert edited["body"]["job"] == "약사"
    assert read["etag"] != edited["etag"]
    assert all(answer["correlationId"] for answer in (read, edited, stale))
    assert seen["signed"] == [
        "content-length", "content-type", "if-none-match", "x-amz-checksum-sha256",
    ]  # fmt: skip
    assert (seen["uploaded"], seen["photo"]) == (200, "READY")
    assert seen["width"] > 0


def test_a_page_of_another_origin_gets_nothing(running: Running, tmp_path: Path) -> None:
    seen = saw(running, ELSEWHERE, tmp_path)

    assert seen == {"origin": ELSEWHERE, "read": None}

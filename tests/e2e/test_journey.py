"""A recommendation's whole way, and what the system says of it."""

import json
import re
import time
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import Running

PHONE = re.compile(r"010-?0000-?\d{4}")
REAL_NAME = re.compile(r"합성\d\d")


def recommend(running: Running, maker: str = "maker-1", which: int = 0) -> dict[str, Any]:
    """Ask as `maker` for one of their candidates and wait for the answer."""
    return running.answer(maker, running.ask(maker, which))


def test_the_demo_ends_ready_and_says_that_no_model_was_asked(running: Running) -> None:
    journey = running.first["journey"]
    assert journey["succeeded"]
    assert journey["withoutModel"]
    assert [r["status"] for r in journey["recommendations"]] == ["READY"] * 3
    for found in journey["recommendations"]:
        assert found["candidates"]
        for ranked in found["candidates"]:
            assert ranked["score"] == sum(part["points"] for part in ranked["parts"])
            assert ranked["card"]["gender"] != found["seeker"]["gender"]
            assert re.search("[가-힣]", ranked["reason"])


def test_a_passing_fault_puts_a_request_off(put_off: dict[str, Any]) -> None:
    """What becomes of it: test_system, once its time has come."""
    assert put_off["status"] == "PENDING"


def test_the_photo_was_cleaned(running: Running) -> None:
    photo = running.first["journey"]["photo"]
    assert photo["state"] == "READY"
    with running.api("candidate-01") as api:
        shown = next(
            p
            for p in api.get("/v1/candidates/me").json()["photos"]
            if p["photoId"] == photo["photoId"]
        )
    picture = httpx.get(shown["url"], trust_env=False)
    assert picture.status_code == 200
    assert picture.content.startswith(b"\xff\xd8\xff")


def test_the_story_is_told_under_one_correlation_id(running: Running) -> None:
    found = recommend(running)
    identity = found["recommendationId"]
    assert found["timeline"][0]["source"] == "api"
    assert {"api", "worker"} <= {step["source"] for step in found["timeline"]}
    deadline = time.monotonic() + 10
    sources: set[str] = set()
    while time.monotonic() < deadline and len(sources) < 2:
        lines = running.cufit("logs", "--id", identity, "--json").stdout.splitlines()
        sources = {json.loads(line)["source"] for line in lines}
        time.sleep(0.5)
    assert len(sources) >= 2, f"only {sources} wrote of {identity}"


@pytest.mark.parametrize("mode", ["prose", "refusal", "unknown_ids"])
def test_rules_answer_for_a_model_that_talks_nonsense(running: Running, mode: str) -> None:
    running.faults(mode)
    try:
        found = recommend(running, "maker-2")
    finally:
        running.faults("none")
    assert found["status"] == "DEGRADED"
    assert found["candidates"]
    assert found["madeBy"]["matchmaker"] == "rules"


def test_one_bad_answer_is_corrected(running: Running) -> None:
    running.faults("prose", times=1)
    try:
        found = recommend(running, "maker-2", which=1)
    finally:
        running.faults("none")
    assert found["status"] == "READY"


def test_no_phone_and_no_name_leaves_the_candidates_table(running: Running) -> None:
    seen = httpx.get(
        f"{running.workspace.aws_url}/_cufit/bedrock/invocations", trust_env=False
    ).text
    logs = running.cufit("logs", "--since", "1h", "--json").stdout
    assert "selfIntroduction" in seen  # the prompts are there to be searched
    assert logs
    for text in (seen, logs):
        decoded = text.encode().decode("unicode_escape", errors="ignore") + text
        assert not PHONE.search(decoded)
        assert not REAL_NAME.search(decoded)


def test_a_stranger_cannot_read_it(running: Running) -> None:
    found = running.first["journey"]["recommendations"][0]
    path = f"/v1/recommendations/{found['recommendationId']}"
    answers = []
    for maker in ("maker-1", "maker-2"):
        with running.api(maker) as api:
            answers.append(api.get(path).status_code)
    assert sorted(answers) == [200, 404]

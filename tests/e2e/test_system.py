"""The system as a thing to live with: again, beside another, after a bad end, and nowhere else."""

import json
import os
import signal
import time
from typing import Any

import httpx
import psutil

from cufit_ops.laptop import processes, system
from cufit_ops.laptop.deployment import stack_outputs
from cufit_ops.laptop.environment import client
from cufit_ops.laptop.platform.tasks_left import PLATFORM
from tests.e2e.conftest import HOSTILE, Running
from tests.e2e.test_journey import recommend


def test_no_process_knows_the_shells_account(running: Running) -> None:
    family = running.family()
    assert len(family) >= 3  # embedded AWS, platform, task
    for process in family:
        held = process.environ()
        assert not set(HOSTILE.values()) - {"true"} & set(held.values()), process.cmdline()
        endpoints = {name for name in held if name.startswith("AWS_ENDPOINT_URL")}
        assert endpoints <= {"AWS_ENDPOINT_URL"}


def test_every_listener_and_connection_is_on_this_machine(running: Running) -> None:
    for process in running.family():
        for connection in process.net_connections("inet"):
            assert connection.laddr.ip in ("127.0.0.1", "::1", "::ffff:127.0.0.1"), (
                process.cmdline()
            )
            if connection.raddr:
                assert connection.raddr.ip in ("127.0.0.1", "::1", "::ffff:127.0.0.1")


def test_up_again_finds_all_there(running: Running) -> None:
    assert running.first["deployed"]
    again = json.loads(running.cufit("up", "--json").stdout)
    assert (again["aws_started"], again["deployed"], again["platform_started"]) == (False,) * 3
    assert again["journey"]["succeeded"]


def test_doctor_and_smoke_find_it_healthy(running: Running) -> None:
    for command in ("doctor", "smoke"):
        found = json.loads(running.cufit(command, "--json", "--strict", check=False).stdout)
        assert {one["id"]: one["why"] for one in found["checks"] if one["verdict"] != "holds"} == {}
        assert found["holds"], command
        assert len(found["checks"]) >= 7


def test_the_state_survives_down_and_up(running: Running) -> None:
    with running.api("maker-1") as api:
        before = {item["candidateId"] for item in api.get("/v1/candidates").json()["items"]}
    family = running.family()
    running.cufit("down")
    assert all(processes.has_ended(process) for process in family)
    again = json.loads(running.cufit("up", "--json").stdout)
    assert again["aws_started"]
    assert not again["deployed"]
    with running.api("maker-1") as api:
        assert {item["candidateId"] for item in api.get("/v1/candidates").json()["items"]} == before


def test_a_task_that_dies_is_started_again(running: Running) -> None:
    before = system.task(running.workspace)
    assert before is not None
    os.kill(before["pid"], signal.SIGKILL)
    platform = processes.running(running.workspace, PLATFORM)
    assert platform is not None
    processes.wait_until(
        lambda: (system.task(running.workspace) or before)["pid"] != before["pid"]
        and system.is_ready(running.workspace),
        platform, running.workspace, seconds=20,
    )  # fmt: skip


def test_bad_requests_are_told_what_is_wrong(running: Running) -> None:
    url = running.workspace.url
    unsigned = httpx.get(f"{url}/v1/members/me", trust_env=False)
    forged = httpx.get(
        f"{url}/v1/members/me", headers={"authorization": "Bearer x.y.z"}, trust_env=False
    )
    with running.api("maker-1") as api:
        not_json = api.post(
            "/v1/recommendations", content="{", headers={"content-type": "application/json"}
        )
        unknown = api.post("/v1/recommendations", json={"candidateId": "m_nobody", "x": 1})
    assert (unsigned.status_code, forged.status_code) == (401, 401)
    assert not_json.status_code == 400
    assert not_json.headers["content-type"] == "application/problem+json"
    assert not_json.json()["code"]
    assert unknown.status_code == 422
    assert "x" in json.dumps(unknown.json())


def test_docs_need_no_network(running: Running) -> None:
    page = httpx.get(f"{running.workspace.url}/docs", trust_env=False)
    assert page.status_code == 200
    assert "https://cdn" not in page.text


def test_status_tells_all(running: Running) -> None:
    found = json.loads(running.cufit("status", "--json").stdout)
    assert found["ready"]
    assert len(found["stacks"]) >= 7
    assert all(state.endswith("_COMPLETE") for state in found["stacks"].values())
    assert all(pid and psutil.pid_exists(pid) for pid in found["processes"].values())


def test_a_message_that_is_not_ours_harms_nothing(running: Running) -> None:
    sqs = client("sqs", running.workspace)
    (queue,) = [url for url in sqs.list_queues()["QueueUrls"] if "MatchRequestsQueue" in url]
    for body in ("not json", "{}", '{"kind": "profile_changed"}'):
        sqs.send_message(QueueUrl=queue, MessageBody=body)
    assert recommend(running)["status"] in ("READY", "DEGRADED")


def test_the_pages_of_the_api_say_who_may_do_what(running: Running) -> None:
    document = httpx.get(f"{running.workspace.url}/openapi.json", trust_env=False).json()
    assert {"/v1/recommendations", "/v1/matches", "/v1/members/me"} <= set(document["paths"])


def test_the_index_is_in_step_and_holds_nothing_private(running: Running) -> None:
    checked = running.cufit("kb", "check", "--json", check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_candidate_leaves_with_all_they_had(running: Running) -> None:
    with running.api("maker-1") as maker, running.api("candidate-38") as leaver:
        gone = leaver.get("/v1/candidates/me").json()["candidateId"]
        assert gone in documents(running)
        assert leaver.delete("/v1/members/me").status_code == 204
        assert maker.get(f"/v1/candidates/{gone}").status_code == 404
        assert leaver.get("/v1/members/me").json()["role"] == "BASIC"
    deadline = time.monotonic() + 20
    while gone in documents(running):
        assert time.monotonic() < deadline, f"the knowledge base still has {gone}"
        time.sleep(0.2)


def test_what_was_put_off_is_answered(running: Running, put_off: dict[str, Any]) -> None:
    """Although the system was stopped and started in the meantime."""
    path = f"/v1/recommendations/{put_off['recommendationId']}"
    found = running.answer("maker-2", path)
    assert found["status"] in ("READY", "DEGRADED")
    assert found["candidates"]
    assert "DELAYED" in [step["state"] for step in found["timeline"]]


def documents(running: Running) -> set[str]:
    """Ids of the knowledge base's documents."""
    outputs = stack_outputs(running.workspace)
    pages = (
        client("bedrock-agent", running.workspace)
        .get_paginator("list_knowledge_base_documents")
        .paginate(knowledgeBaseId=outputs["KnowledgeBaseId"], dataSourceId=outputs["DataSourceId"])
    )
    return {
        document["identifier"]["custom"]["id"]
        for page in pages
        for document in page["documentDetails"]
        if document["status"] not in ("DELETING", "DELETE_IN_PROGRESS", "NOT_FOUND")
    }

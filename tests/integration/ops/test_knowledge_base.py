"""`cufit kb` against the embedded AWS, with profile_indexer's own code."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from typer.testing import CliRunner, Result

from cufit_ops.cli import knowledge_base
from cufit_ops.deployed_environment import Deployed, NotDeployedError
from cufit_ops.knowledge_base.base import Base
from cufit_ops.knowledge_base.pace import Rate
from tests.integration.embedded_aws.knowledge import document
from tests.integration.embedded_aws.server import allow
from tests.integration.ops.conftest import Town, deployed_on


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The quotas are AWS's; tests/unit/ops holds the pace to them."""
    monkeypatch.setattr(Rate, "wait", lambda _: None)
    monkeypatch.setattr("cufit_ops.knowledge_base.sync.ROUND_SECONDS", 0.05)


@pytest.fixture
def kb(town: Town, monkeypatch: pytest.MonkeyPatch) -> Any:
    """`cufit kb WORDS`: exit code and the document it printed."""
    monkeypatch.setattr(Deployed, "named", lambda _: town.deployed)

    def run(*words: str) -> tuple[int, dict[str, Any]]:
        done: Result = CliRunner().invoke(knowledge_base.app, [*words, "--json"])
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, json.loads(done.stdout)

    return run


def test_an_empty_base_is_in_step(kb: Any) -> None:
    code, found = kb("check")
    assert (code, found["drift"], found["check"]["canary"]) == (0, 0, None)


def test_sync_writes_what_is_missing_and_the_check_finds_it(kb: Any, town: Town) -> None:
    town.has(*[f"m_{n:02}" for n in range(12)])
    code, before = kb("status")
    assert (code, len(before["missing"]), before["documents"]) == (0, 12, {})
    assert kb("check")[0] == 1
    code, after = kb("sync")
    assert (code, len(after["in_step"]), after["sync"]["total"]) == (0, 12, 12)
    code, checked = kb("check")
    assert (code, checked["check"]["documents_read"]) == (0, 12)
    assert (checked["check"]["canary"], checked["check"]["canary_found"]) == ("m_00", True)


def test_every_kind_of_drift_is_told_and_repaired(kb: Any, town: Town) -> None:
    town.has("m_fine", "m_lost", "m_changed", "m_broken")
    kb("sync")
    town.knowledge.delete("m_lost")
    town.has("m_changed", version=4, index_version=3, index_state="PENDING", hobbies=["서핑"])
    town.has("m_broken", index_version=3, index_state="FAILED", index_reason="IGNORED")
    town.knowledge.ingest_and_wait(document("m_stranger", "{}", gender="MALE"))
    town.knowledge.wait_until_settled("m_lost")
    _, found = kb("status")
    kinds = ("in_step", "missing", "stale", "failed", "orphan")
    assert [found[kind] for kind in kinds] == [
        ["m_fine"], ["m_lost"], ["m_changed"], ["m_broken"], ["m_stranger"],
    ]  # fmt: skip
    assert found["reasons"] == {"m_broken": "IGNORED"}
    code, after = kb("sync")
    assert (code, after["drift"], after["sync"]["total"]) == (0, 0, 4)
    assert after["in_step"] == ["m_broken", "m_changed", "m_fine", "m_lost"]
    assert any("서핑" in hit["content"]["text"] for hit in town.knowledge.retrieve("서핑"))


def test_a_rebuild_writes_every_document_again(kb: Any, town: Town) -> None:
    town.has("m_a", "m_b")
    kb("sync")
    town.server.control("DELETE", "bedrock/invocations")
    kb("sync")
    assert _ingested(town) == []
    code, after = kb("sync", "--all")
    assert (code, after["sync"]["total"]) == (0, 2)
    assert _ingested(town) == ["m_a", "m_b"]


def test_a_throttled_sync_goes_on(kb: Any, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenacity.wait.wait_random_exponential.__call__", lambda *_: 0.01)
    town.has(*[f"m_{n:02}" for n in range(25)])
    operations = ["IngestKnowledgeBaseDocuments", "GetKnowledgeBaseDocuments"]
    fault = {"mode": "throttle", "times": 4, "operations": operations}
    town.server.control("PUT", "bedrock/faults", fault)
    code, after = kb("sync")
    assert (code, len(after["in_step"])) == (0, 25)
    assert town.server.control("GET", "bedrock/faults")["mode"] == "none"


def test_a_leak_in_the_index_fails_the_check(kb: Any, town: Town) -> None:
    town.has("m_a")
    kb("sync")
    leak = json.dumps({"id": "m_a", "selfIntroduction": "김나나 010-9876-5432"})
    town.knowledge.ingest_and_wait(
        document("m_a", leak, gender="FEMALE", birth_year=1996, paused=False, version=3)
    )
    code, found = kb("check")
    assert (code, found["drift"]) == (1, 0)
    assert [one["what"] for one in found["check"]["leaks"]] == [
        "the name in selfIntroduction",
        "contact data in selfIntroduction",
    ]


def test_a_profile_out_of_shape_is_named_and_keeps_nobody_out(kb: Any, town: Town) -> None:
    town.has("m_a", "m_b")
    table = town.base.dynamodb.Table(town.base.table_name)
    table.update_item(
        Key={"candidate_id": "m_a"},
        UpdateExpression="SET birth_year = :text",
        ExpressionAttributeValues={":text": "spring"},
    )
    code, after = kb("sync")
    assert (code, after["sync"]["unreadable"], after["in_step"]) == (1, ["m_a"], ["m_b"])


STATUS = ("cloudformation:DescribeStacks", "dynamodb:Scan", "bedrock:ListKnowledgeBaseDocuments")
SYNC = (
    *("dynamodb:BatchGetItem", "dynamodb:UpdateItem", "bedrock:IngestKnowledgeBaseDocuments"),
    *("bedrock:DeleteKnowledgeBaseDocuments", "bedrock:GetKnowledgeBaseDocuments"),
)


def test_operators_need_no_more_than_they_are_granted(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The actions of stacks/components/operator_permissions.py, tried."""
    town.has("m_a")
    town.knowledge.ingest_and_wait(document("m_stranger", "{}", gender="MALE"))
    reader = town.as_role("ops-read", allow(list(STATUS)))
    actor = town.as_role("ops-act", allow([*STATUS, *SYNC, "bedrock:Retrieve"]))

    def run(who: Deployed, *words: str) -> Result:
        monkeypatch.setattr(Deployed, "named", lambda _: who)
        return CliRunner().invoke(knowledge_base.app, [*words, "--json"])

    assert run(reader, "status").exit_code == 0
    assert isinstance(run(reader, "sync").exception, ClientError)
    for words in ("status", "sync", "check"):
        assert run(actor, words).exit_code == 0, words


def test_a_missing_stack_is_named(town: Town) -> None:
    elsewhere = Deployed("dev", town.deployed.session, town.deployed.endpoint_url)
    with pytest.raises(NotDeployedError, match=r"no stack cufit-dev-Knowledge.*ENV=dev"):
        Base.of(elsewhere)
    with pytest.raises(NotDeployedError, match="cufit-local-Data has no output Colour"):
        deployed_on(town.server).output("Data", "Colour")


def _ingested(town: Town) -> list[str]:
    made = town.server.control("GET", "bedrock/invocations")["invocations"]
    ingests = [one for one in made if one["operation"] == "IngestKnowledgeBaseDocuments"]
    return sorted(one["documentId"] for one in ingests)

"""`cufit doctor`: who may not ask, what hangs, what is mended, and what it prints."""

import json
from collections.abc import Callable
from dataclasses import replace

import jsonschema_rs
import pytest
from typer.testing import CliRunner, Result

from cufit_ops.cli import app
from cufit_ops.doctor.answers import Verdict
from cufit_ops.doctor.checks import CHECKS
from cufit_ops.doctor.examination import Wish
from cufit_ops.doctor.report import Report
from cufit_ops.doctor.subject import Subject
from cufit_ops.workspace import ROOT
from tests.integration.embedded_aws.server import allow
from tests.integration.ops.doctor_patient import EMAIL, Patient

SCHEMA = ROOT / "docs/doctor.schema.json"


def not_holding(patient: Patient) -> dict[str, str]:
    asked, _ = patient.examined()
    return {one.id: one.verdict.value for one in asked if one.verdict is not Verdict.HOLDS}


READS = (
    *("cloudformation:DescribeStacks", "cloudformation:ListStackResources", "sts:*"),
    *("lambda:GetAccountSettings", "ssm:GetParameter"),
)


def test_what_a_role_may_not_ask_is_unknown_and_names_the_action(patient: Patient) -> None:
    role = patient.server.role("looks", allow([*READS]))
    patient.credentials = patient.server.credentials_of(role)
    asked, _ = patient.examined()
    found = {one.id: one for one in asked}
    assert not [one.why for one in asked if one.verdict is Verdict.FAILS]
    denied = {id_: one.why for id_, one in found.items() if "is denied" in one.why}
    for id_, action in {
        "linked-roles": "iam:GetRole",
        "parameters": "ssm:DescribeParameters",
        "exports": "cloudformation:GetTemplate",
        "zones": "ec2:DescribeAvailabilityZones",
        "answer": "bedrock:RetrieveAndGenerate",
        "github": "iam:GetOpenIDConnectProvider",
        "subscriptions": "sns:ListSubscriptionsByTopic",
    }.items():
        assert action in denied[id_]
        assert action in (found[id_].mend or "")
    assert {found[id_].verdict for id_ in ("stacks", "concurrency", "bootstrap")} == {Verdict.HOLDS}


def test_a_service_that_hangs_keeps_nothing_else_from_its_answer(
    patient: Patient, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = tuple(
        replace(check, seconds=0.5) if check.id == "plan" else check
        for check in CHECKS
        if check.id in ("plan", "zones", "credentials")
    )
    monkeypatch.setattr("cufit_ops.doctor.examination.CHECKS", quick)
    patient.facts(slow={"freetier": 5})
    asked, _ = patient.examined()
    assert [(one.id, one.verdict) for one in asked] == [
        ("credentials", Verdict.HOLDS),
        ("zones", Verdict.HOLDS),
        ("plan", Verdict.UNKNOWN),
    ]
    assert asked[-1].why == "no answer in 0.5 s"


def test_before_a_deployment_what_it_makes_is_not_asked(patient: Patient) -> None:
    patient.settings = patient.settings.model_copy(update={"name": "fresh"})
    patient.change("alarms", webhook_parameter=None)
    patient.change("delivery", github_provider="existing")
    patient.parameter("/cdk-bootstrap/cufitfresh/version", "30")
    asked, skipped = patient.examined()
    assert {one.id: one.why for one in asked if one.verdict is not Verdict.HOLDS} == {}
    why = {one.id: one.why for one in skipped}
    assert why == {
        **dict.fromkeys(("answer", "exports", "subscriptions"), "nothing is deployed yet"),
        "laptop": "a laptop's question",
    }
    (github,) = [one for one in asked if one.id == "github"]
    assert "repo:somebody/intro:environment:dev" in github.why


def test_a_profile_of_several_regions_is_asked_for(patient: Patient) -> None:
    patient.wish = Wish(only=["model", "model-quota"])
    patient.change("matching", model_id="apac.amazon.nova-lite-v1:0")
    assert not_holding(patient) == {}
    patient.facts(models={"amazon.nova-lite-v1:0": {"regionAvailability": "NOT_AVAILABLE"}})
    assert not_holding(patient) == {}
    patient.change("matching", model_id="apac.amazon.nova-lite-v9:0")
    assert not_holding(patient) == {"model": "fails", "model-quota": "unknown"}


def test_a_throttled_model_cannot_be_asked(patient: Patient) -> None:
    patient.wish = Wish(only=["answer"])
    patient.server.control("PUT", "bedrock/faults", {"mode": "throttle"})
    assert not_holding(patient) == {"answer": "unknown"}


@pytest.fixture
def doctor(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    monkeypatch.setattr(Subject, "named", lambda _: patient.subject())
    return lambda *words: CliRunner().invoke(app, ["doctor", "--env", "dev", *words])


def test_the_document_for_programs_is_as_its_schema_says(
    doctor: Callable[..., Result], patient: Patient
) -> None:
    patient.facts(concurrency=9)
    done = doctor("--json")
    found = json.loads(done.stdout)
    schema = json.loads(SCHEMA.read_text())
    jsonschema_rs.validate(schema, found)
    assert (done.exit_code, found["schema"], found["holds"]) == (1, "cufit.doctor/1", False)
    (broken,) = [one for one in found["checks"] if one["verdict"] != "holds"]
    assert (broken["id"], broken["verdict"]) == ("concurrency", "fails")
    assert schema == Report.model_json_schema()


def test_exit_codes(doctor: Callable[..., Result], patient: Patient) -> None:
    one = ("--only", "answer")
    assert doctor(*one).exit_code == 0
    patient.server.control("PUT", "bedrock/faults", {"mode": "throttle"})
    assert (doctor(*one).exit_code, doctor(*one, "--strict").exit_code) == (0, 1)
    patient.facts(concurrency=9)
    assert doctor("--only", "concurrency").exit_code == 1
    wrong = doctor("--only", "zone")
    assert isinstance(wrong.exception, ValueError)
    assert "zones" in str(wrong.exception)


def test_nothing_is_spent_unless_it_may(doctor: Callable[..., Result], patient: Patient) -> None:
    patient.server.control("DELETE", "bedrock/invocations")
    found = json.loads(doctor("--no-spend", "--json").stdout)
    assert {"id": "answer", "why": "--no-spend"} in found["not_asked"]
    assert patient.server.control("GET", "bedrock/invocations") == {"invocations": []}


def test_a_page_for_people_says_what_to_do(doctor: Callable[..., Result], patient: Patient) -> None:
    patient.facts(concurrency=9)
    said = doctor("--only", "concurrency", "--only", "zones").stdout
    assert "✓ zones" in said
    assert "✗ concurrency" in said
    assert "mend  ask for more (free): aws service-quotas" in said
    assert "✓ 1   ✗ 1   ? 0" in said


def test_fix_makes_the_roles_and_asks_again(
    doctor: Callable[..., Result], patient: Patient
) -> None:
    iam = patient.server.client("iam")
    iam.delete_service_linked_role(RoleName="AWSServiceRoleForECS")
    done = doctor("--only", "linked-roles", "--fix", "--json")
    (one,) = json.loads(done.stdout)["checks"]
    assert (done.exit_code, one["did"]) == (0, "created AWSServiceRoleForECS")
    assert iam.get_role(RoleName="AWSServiceRoleForECS")["Role"]["Path"].endswith(
        "ecs.amazonaws.com/"
    )


def test_fix_has_the_mails_sent_again(doctor: Callable[..., Result], patient: Patient) -> None:
    patient.facts(mail_confirmed=False)
    (one,) = json.loads(doctor("--only", "subscriptions", "--fix", "--json").stdout)["checks"]
    assert one["did"] == f"had {EMAIL} sent 3 mails with a link each"
    assert one["verdict"] == "fails"  # until somebody follows it


def test_fix_touches_nothing_that_holds(doctor: Callable[..., Result]) -> None:
    found = json.loads(doctor("--fix", "--json").stdout)
    assert {one["did"] for one in found["checks"]} == {None}

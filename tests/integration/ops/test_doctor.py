"""Every question of `cufit doctor` is answered no for its cause, and for its cause alone."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from typing import Any

import jsonschema_rs
import pytest
from typer.testing import CliRunner, Result

from cufit_ops.cli import app
from cufit_ops.doctor import machine
from cufit_ops.doctor.account import BOOTSTRAP_PARAMETER
from cufit_ops.doctor.answers import Verdict
from cufit_ops.doctor.checks import CHECKS
from cufit_ops.doctor.examination import Wish
from cufit_ops.doctor.report import Report
from cufit_ops.doctor.subject import Subject
from cufit_ops.workspace import ROOT
from tests.integration.embedded_aws.knowledge import OUTPUTS, resources
from tests.integration.embedded_aws.server import Server, allow
from tests.integration.embedded_aws.stacks import Stack
from tests.integration.ops.doctor_patient import (
    BRAKE,
    EMAIL,
    GITHUB,
    WEBHOOK,
    Patient,
    admit,
    json_of,
    stack,
    trust,
)

EMBEDDING = "amazon.titan-embed-text-v2:0"
SCHEMA = ROOT / "docs/doctor.schema.json"

Break = Callable[[Patient], AbstractContextManager[None] | None]


@pytest.fixture(scope="module")
def admitted(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Patient:
    return admit(server, tmp_path_factory.mktemp("state"))


@pytest.fixture(autouse=True)
def _builder(monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine has one; where it has none the test below says so."""
    docker = type("Docker", (), {"name": "docker"})
    monkeypatch.setattr(machine, "find_builder", lambda *_: docker)


@pytest.fixture
def patient(admitted: Patient) -> Iterator[Patient]:
    yield admitted
    admitted.recover()


def verdicts(patient: Patient) -> dict[str, str]:
    asked, _ = patient.examined()
    return {one.id: one.verdict.value for one in asked}


def not_holding(patient: Patient) -> dict[str, str]:
    return {id_: said for id_, said in verdicts(patient).items() if said != "holds"}


def test_of_a_healthy_environment_everything_holds(patient: Patient) -> None:
    asked, skipped = patient.examined()
    assert {one.id: one.why for one in asked if one.verdict is not Verdict.HOLDS} == {}
    assert [one.id for one in skipped] == ["laptop"]
    assert len(asked) + len(skipped) == len(CHECKS) <= 20


def _rubbish_keys(patient: Patient) -> None:
    patient.credentials = {"aws_access_key_id": "AKIANOBODY", "aws_secret_access_key": "x"}


def _another_account(patient: Patient) -> None:
    patient.settings = patient.settings.model_copy(update={"account": "999999999999"})


@contextmanager
def _parameter(patient: Patient, name: str, type_: str, value: str | None) -> Iterator[None]:
    """As `value`, or without the parameter; then as it was."""
    ssm = patient.server.client("ssm")
    before = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]
    ssm.delete_parameter(Name=name)
    if value is not None:
        patient.parameter(name, value, type_)
    yield
    patient.parameter(name, before["Value"], before["Type"])


@contextmanager
def _without_ecs_role(patient: Patient) -> Iterator[None]:
    iam = patient.server.client("iam")
    iam.delete_service_linked_role(RoleName="AWSServiceRoleForECS")
    yield
    iam.create_service_linked_role(AWSServiceName="ecs.amazonaws.com")


@contextmanager
def _trusting(patient: Patient, *subjects: str) -> Iterator[None]:
    iam = patient.server.client("iam")
    role = patient.subject().output("Delivery", "DeployRoleArn").rpartition("/")[2]
    before = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json_of(trust(*subjects)))
    yield
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=json_of(before))


@contextmanager
def _without_audience(patient: Patient) -> Iterator[None]:
    iam = patient.server.client("iam")
    (provider,) = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider["Arn"])
    yield
    iam.create_open_id_connect_provider(
        Url=f"https://{GITHUB}", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["0" * 40]
    )


@contextmanager
def _failed_stack(patient: Patient) -> Iterator[None]:
    """As a first deployment leaves a stack of which a resource could not be made."""
    cloudformation = patient.server.client("cloudformation")
    broken = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Name": BRAKE,
              "Value": {"Fn::ImportValue": "nothing-exports-this"}}}  # fmt: skip
    body = json.dumps({"Resources": {"Broken": broken}})
    cloudformation.create_stack(StackName="cufit-dev-Photos", TemplateBody=body)
    yield
    Stack(patient.server, "cufit-dev-Photos").close()


@contextmanager
def _without_base(patient: Patient) -> Iterator[None]:
    base = patient.subject().output("Knowledge", "KnowledgeBaseId")
    patient.server.client("bedrock-agent").delete_knowledge_base(knowledgeBaseId=base)
    yield
    Stack(patient.server, "cufit-dev-Knowledge").close()
    stack(patient.server, "Knowledge", resources(), OUTPUTS)


def _facts(**changed: Any) -> Break:
    return lambda patient: patient.facts(mail_confirmed=True, **changed)


def _config(table: str, **values: Any) -> Break:
    return lambda patient: patient.change(table, **values)


def _templates_without_the_export(patient: Patient) -> None:
    patient.templates = {"cufit-dev-Data": {"Outputs": {}}}


def _no_builder(_: Patient) -> AbstractContextManager[None]:
    context: AbstractContextManager[Any] = pytest.MonkeyPatch.context()

    @contextmanager
    def without() -> Iterator[None]:
        with context as patched:
            patched.setattr(machine, "find_builder", lambda *_: None)
            yield

    return without()


BREAKS: list[tuple[str, str, Break]] = [
    ("credentials", "keys of nobody", _rubbish_keys),
    ("account", "another account in config/", _another_account),
    ("region", "disabled", _facts(regions={"ap-northeast-2": "DISABLED"})),
    ("bootstrap", "none", lambda p: _parameter(p, BOOTSTRAP_PARAMETER, "String", None)),
    ("bootstrap", "too old", lambda p: _parameter(p, BOOTSTRAP_PARAMETER, "String", "5")),
    ("linked-roles", "none of ECS", _without_ecs_role),
    ("zones", "not served", _facts(zone_ids={"ap-northeast-2c": "apne2-az4"})),
    (
        "zones",
        "no such zone",
        lambda p: setattr(
            p,
            "settings",
            p.settings.model_copy(
                update={"availability_zones": ["ap-northeast-2a", "ap-northeast-2x"]}
            ),
        ),
    ),
    ("concurrency", "of a new account", _facts(concurrency=9)),
    ("plan", "expired", _facts(plan={"accountPlanType": "FREE", "accountPlanStatus": "EXPIRED"})),
    (
        "plan",
        "credits for less than a month",
        _facts(
            plan={
                "accountPlanType": "FREE",
                "accountPlanStatus": "ACTIVE",
                "accountPlanRemainingCredits": {"amount": 12.5, "unit": "USD"},
                "accountPlanExpirationDate": 4102444800,
            }
        ),
    ),
    ("placeholders", "a page of nobody's", _config("web", origins=["https://app.example"])),
    ("builder", "none", _no_builder),
    (
        "model",
        "not authorized",
        _facts(models={"cufit.simulated-v1": {"authorizationStatus": "NOT_AUTHORIZED"}}),
    ),
    (
        "model-quota",
        "a new account's",
        _facts(quotas={"On-demand model inference tokens per minute for cufit Simulated": 0.0}),
    ),
    (
        "embedding",
        "not entitled",
        _facts(models={EMBEDDING: {"entitlementAvailability": "NOT_AVAILABLE"}}),
    ),
    ("answer", "somebody deleted the knowledge base", _without_base),
    ("github", "another subject", lambda p: _trusting(p, "repo:cufit/cufit:pull_request")),
    ("github", "no provider", _without_audience),
    ("stacks", "a deployment that failed", _failed_stack),
    ("exports", "one in use goes", _templates_without_the_export),
    ("parameters", "no webhook", lambda p: _parameter(p, WEBHOOK, "SecureString", None)),
    ("parameters", "a webhook in clear", lambda p: _parameter(p, WEBHOOK, "String", "https://x")),
    ("parameters", "no brake", lambda p: _parameter(p, BRAKE, "String", None)),
    ("subscriptions", "not confirmed", lambda p: p.facts(mail_confirmed=False)),
    ("subscriptions", "another address", _config("alarms", email="other@people.cufit.test")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("id_", "break_"),
    [pytest.param(id_, break_, id=f"{id_}: {what}") for id_, what, break_ in BREAKS],
)
def test_a_cause_fails_its_question_alone(patient: Patient, id_: str, break_: Break) -> None:
    with break_(patient) or nullcontext():
        asked, _ = patient.examined()
    failing = {one.id for one in asked if one.verdict is Verdict.FAILS}
    assert failing == {id_}, [(one.id, one.why) for one in asked if one.id in failing]
    (broken,) = [one for one in asked if one.id == id_]
    assert broken.mend
    unknown = {one.id for one in asked if one.verdict is Verdict.UNKNOWN}
    of_no_account = {check.id for check in CHECKS if check.needs_aws} - {"credentials", "account"}
    expected = {"credentials": of_no_account | {"account"}, "account": of_no_account}
    assert unknown == expected.get(id_, set()), [(one.id, one.why) for one in asked]


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
        "exports": "cloudformation:ListExports",
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
    asked, skipped = patient.examined()
    assert {one.id: one.why for one in asked if one.verdict is not Verdict.HOLDS} == {}
    why = {one.id: one.why for one in skipped}
    assert why == {
        **dict.fromkeys(("answer", "exports", "subscriptions"), "nothing is deployed yet"),
        "laptop": "a laptop's question",
    }
    (github,) = [one for one in asked if one.id == "github"]
    assert "repo:cufit/cufit:environment:dev" in github.why


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

"""What a deployment can have wrong, each with the question of `cufit doctor` that tells of it."""

import copy
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from cufit_ops.doctor import machine
from stacks.github_claims import AUDIENCE, GITHUB
from tests.integration.embedded_aws.knowledge import OUTPUTS, resources
from tests.integration.embedded_aws.stacks import Stack
from tests.integration.ops.doctor_patient import (
    BOOTSTRAP,
    BRAKE,
    WEBHOOK,
    Patient,
    stack,
)

EMBEDDING = "amazon.titan-embed-text-v2:0"

Break = Callable[[Patient], AbstractContextManager[None] | None]


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


def _trusted(role: str, change: Callable[[dict[str, Any]], object]) -> Break:
    """After `change` of the document that says who may assume `role`."""

    @contextmanager
    def broken(patient: Patient) -> Iterator[None]:
        iam = patient.server.client("iam")
        name = patient.subject().output("Delivery", f"{role}Arn").rpartition("/")[2]
        before = iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]
        changed = copy.deepcopy(before)
        change(changed)
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(changed))
        yield
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(before))

    return broken


def _claim(name: str, value: str | list[str]) -> Break:
    def change(document: dict[str, Any]) -> None:
        document["Statement"][0]["Condition"]["StringEquals"][f"{GITHUB}:{name}"] = value

    return _trusted("DeployRole", change)


def _no_claim(name: str) -> Break:
    def change(document: dict[str, Any]) -> None:
        del document["Statement"][0]["Condition"]["StringEquals"][f"{GITHUB}:{name}"]

    return _trusted("DeployRole", change)


def _statement(**values: Any) -> Break:
    return _trusted("DeployRole", lambda document: document["Statement"][0].update(values))


ANYBODY = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}
ANOTHERS = {"Federated": f"arn:aws:iam::999999999999:oidc-provider/{GITHUB}"}
BRANCHES = {"StringLike": {f"{GITHUB}:sub": "repo:*"}}


@contextmanager
def _another_audience(patient: Patient) -> Iterator[None]:
    iam = patient.server.client("iam")
    with _without_provider(patient):
        made = iam.create_open_id_connect_provider(
            Url=f"https://{GITHUB}", ClientIDList=["somebody-else"], ThumbprintList=["0" * 40]
        )
        yield
        iam.delete_open_id_connect_provider(
            OpenIDConnectProviderArn=made["OpenIDConnectProviderArn"]
        )


@contextmanager
def _without_provider(patient: Patient) -> Iterator[None]:
    iam = patient.server.client("iam")
    (provider,) = iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=provider["Arn"])
    yield
    iam.create_open_id_connect_provider(
        Url=f"https://{GITHUB}", ClientIDList=[AUDIENCE], ThumbprintList=["0" * 40]
    )


@contextmanager
def _failed_stack(patient: Patient) -> Iterator[None]:
    """As a first deployment leaves a stack of which a resource could not be made."""
    cloudformation = patient.server.client("cloudformation")
    Stack(patient.server, "cufit-ward-Photos").close()
    broken = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Name": BRAKE,
              "Value": {"Fn::ImportValue": "nothing-exports-this"}}}  # fmt: skip
    body = json.dumps({"Resources": {"Broken": broken}})
    cloudformation.create_stack(StackName="cufit-ward-Photos", TemplateBody=body)
    yield
    Stack(patient.server, "cufit-ward-Photos").close()
    table = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "t"}}
    stack(patient.server, "Photos", {"Table": table})


@contextmanager
def _without_base(patient: Patient) -> Iterator[None]:
    base = patient.subject().output("Knowledge", "KnowledgeBaseId")
    patient.server.client("bedrock-agent").delete_knowledge_base(knowledgeBaseId=base)
    yield
    Stack(patient.server, "cufit-ward-Knowledge").close()
    stack(patient.server, "Knowledge", resources(), OUTPUTS)


def _facts(**changed: Any) -> Break:
    return lambda patient: patient.facts(mail_confirmed=True, **changed)


def _config(table: str, **values: Any) -> Break:
    return lambda patient: patient.change(table, **values)


def _templates_without_the_export(patient: Patient) -> None:
    patient.templates["Data"] = {**patient.templates["Data"], "Outputs": {}}


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
    ("bootstrap", "none", lambda p: _parameter(p, BOOTSTRAP, "String", None)),
    ("bootstrap", "too old", lambda p: _parameter(p, BOOTSTRAP, "String", "5")),
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
    ("answer", "an index of an old bucket", _facts(old_vector_buckets=True)),
    (
        "embedding",
        "not entitled",
        _facts(models={EMBEDDING: {"entitlementAvailability": "NOT_AVAILABLE"}}),
    ),
    ("answer", "somebody deleted the knowledge base", _without_base),
    ("github", "another subject", _claim("sub", "repo:somebody/intro:pull_request")),
    ("github", "another branch", _claim("ref", "refs/heads/try")),
    ("github", "any branch", _no_claim("ref")),
    ("github", "another workflow", _claim("job_workflow_ref", "somebody/intro/x.yml@main")),
    ("github", "any workflow", _no_claim("job_workflow_ref")),
    ("github", "tokens for another", _claim("aud", "https://github.com/somebody")),
    (
        "github",
        "opened to anybody",
        _trusted("DeployRole", lambda document: document["Statement"].append(ANYBODY)),
    ),
    ("github", "another account's provider", _statement(Principal=ANOTHERS)),
    ("github", "a pattern instead", _statement(Condition=BRANCHES)),
    ("github", "another action", _statement(Action="sts:*")),
    ("github", "nobody at all", _statement(Effect="Deny")),
    (
        "github",
        "another way to prepare",
        _trusted(
            "PrepareRole",
            lambda document: document["Statement"][0]["Condition"]["StringEquals"].update(
                {f"{GITHUB}:sub": "repo:somebody/intro:environment:dev"}
            ),
        ),
    ),
    ("github", "an audience of somebody's", _another_audience),
    ("github", "another repository", _config("delivery", github_repository="somebody/else")),
    ("github", "no provider", _without_provider),
    ("stacks", "a deployment that failed", _failed_stack),
    ("exports", "one in use goes", _templates_without_the_export),
    ("parameters", "no webhook", lambda p: _parameter(p, WEBHOOK, "SecureString", None)),
    ("parameters", "a webhook in clear", lambda p: _parameter(p, WEBHOOK, "String", "https://x")),
    ("parameters", "no brake", lambda p: _parameter(p, BRAKE, "String", None)),
    ("subscriptions", "not confirmed", lambda p: p.facts(mail_confirmed=False)),
    ("subscriptions", "another address", _config("alarms", email="other@people.internal")),
]  # fmt: skip

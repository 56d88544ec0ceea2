"""An environment on the embedded AWS of which every question of `cufit doctor` holds."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3

from cufit_ops.deployed_environment import Deployed
from cufit_ops.doctor.account import BOOTSTRAP_PARAMETER, LINKED_ROLES
from cufit_ops.doctor.examination import Wish, examine
from cufit_ops.doctor.report import Asked, NotAsked
from cufit_ops.doctor.subject import Subject, Templates
from cufit_ops.workspace import Workspace
from stacks.config_files import load_environment
from stacks.settings import Environment
from tests.integration.embedded_aws.knowledge import MODEL_ARN, OUTPUTS, resources
from tests.integration.embedded_aws.server import ACCOUNT, REGION, Server
from tests.integration.embedded_aws.stacks import Stack, Template

EMAIL = "alarms@people.internal"
WEBHOOK = "/cufit/dev/alarm-webhook"
BRAKE = "/cufit/dev/brake"
GITHUB = "token.actions.githubusercontent.com"
TOPIC: Template = {"Type": "AWS::SNS::Topic"}
EXPORT = "cufit-dev-Data:ExportsOutputTable"
TEMPLATES: Templates = {
    "cufit-dev-Data": {"Outputs": {"Table": {"Value": "t", "Export": {"Name": EXPORT}}}}
}
FILE = Path(__file__).parents[2] / "fixtures/config/dev.toml"


def healthy() -> Environment:
    """dev of the fixtures as somebody would fill it in, with the model that answers here."""
    dev = load_environment(FILE)
    assert dev.delivery is not None
    repository = {"github_repository": "somebody/intro"}
    changes = {
        "account": ACCOUNT,
        "auth": dev.auth.model_copy(update={"audiences": ["0123456789abcdef" * 2]}),
        "delivery": dev.delivery.model_copy(update=repository),
        "alarms": dev.alarms.model_copy(update={"email": EMAIL, "webhook_parameter": WEBHOOK}),
        "matching": dev.matching.model_copy(update={"model_id": MODEL_ARN.rpartition("/")[2]}),
    }
    return dev.model_copy(update=changes)


def mail(topic: str) -> Template:
    properties = {"TopicArn": {"Ref": topic}, "Protocol": "email", "Endpoint": EMAIL}
    return {"Type": "AWS::SNS::Subscription", "Properties": properties}


def trust(*subjects: str) -> dict[str, Any]:
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"},
        "Condition": {
            "StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com", f"{GITHUB}:sub": [*subjects]}
        },
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


@dataclass
class Patient:
    server: Server
    folder: Path
    settings: Environment = field(default_factory=healthy)
    credentials: Mapping[str, str] = field(
        default_factory=lambda: {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    )
    templates: Templates = field(default_factory=lambda: dict(TEMPLATES))
    wish: Wish = field(default_factory=Wish)
    _clients: dict[str, Any] = field(default_factory=dict)
    """By access key: making one takes longer than all that is asked."""

    def subject(self) -> Subject:
        session = boto3.session.Session(region_name=REGION, **self.credentials)  # type: ignore[arg-type]
        deployed = Deployed(self.settings.name, session, self.server.url)
        workspace = Workspace(self.folder, 1, 2)
        clients = self._clients.setdefault(self.credentials["aws_access_key_id"], {})
        return Subject(
            self.settings, deployed, workspace, lambda _: self.templates, _clients=clients
        )

    def examined(self) -> tuple[list[Asked], list[NotAsked]]:
        return examine(self.subject(), self.wish)

    def facts(self, **changed: Any) -> None:
        """What the account is; see embedded_aws.account_facts."""
        self.server.control("PUT", "account", changed)

    def recover(self) -> None:
        self.server.control("DELETE", "account")
        self.facts(mail_confirmed=True)
        self.server.control("DELETE", "bedrock/faults")
        self.settings, self.templates, self.wish = healthy(), dict(TEMPLATES), Wish()
        self.credentials = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}

    def change(self, table: str, **values: Any) -> None:
        """Another value in config/."""
        changed = getattr(self.settings, table).model_copy(update=values)
        self.settings = self.settings.model_copy(update={table: changed})

    def parameter(self, name: str, value: str, type_: str = "String") -> None:
        self.server.client("ssm").put_parameter(Name=name, Value=value, Type=type_, Overwrite=True)


def admit(server: Server, folder: Path) -> Patient:
    """Deploy what the questions look at."""
    patient = Patient(server, folder)
    patient.facts(mail_confirmed=True)
    iam = server.client("iam")
    patient.parameter(BOOTSTRAP_PARAMETER, "30")
    patient.parameter(WEBHOOK, "https://hooks.example.invalid", "SecureString")
    for service in LINKED_ROLES.values():
        iam.create_service_linked_role(AWSServiceName=service)
    iam.create_open_id_connect_provider(
        Url=f"https://{GITHUB}", ClientIDList=["sts.amazonaws.com"], ThumbprintList=["0" * 40]
    )
    table = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "t"}}
    stack(server, "Data", {"Table": table}, {"Table": {"Ref": "Table"}}, export=EXPORT)
    stack(server, "Knowledge", resources(), OUTPUTS)
    imported = {"Type": "String", "Name": BRAKE, "Value": "off"}
    brake = {"Type": "AWS::SSM::Parameter", "Properties": imported}
    stack(server, "Matching", {"Brake": brake})
    used = {"Type": "String", "Value": {"Fn::ImportValue": EXPORT}}
    uses = {"Type": "AWS::SSM::Parameter", "Properties": used}
    stack(server, "Service", {"Uses": uses})
    stack(server, "Observability", {"Alarms": TOPIC, "Mail": mail("Alarms")})
    two = {"Notices": TOPIC, "Brake": TOPIC, "OfNotices": mail("Notices"), "Of": mail("Brake")}
    stack(server, "Budget", two)
    from cufit_ops.doctor.github import subjects  # noqa: PLC0415 - loads the CDK

    assert patient.settings.delivery is not None
    trusted = trust(*subjects(patient.settings.delivery))
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trusted}}
    arn = {"Fn::GetAtt": ["Deploy", "Arn"]}
    stack(server, "Delivery", {"Deploy": role}, {"DeployRoleArn": arn})
    patient.recover()
    return patient


def stack(
    server: Server,
    name: str,
    made: Template,
    outputs: Mapping[str, Any] | None = None,
    export: str | None = None,
) -> None:
    described = {
        key: {"Value": value, **({"Export": {"Name": export}} if export else {})}
        for key, value in (outputs or {}).items()
    }
    Stack(server, f"cufit-dev-{name}").deploy_template({"Resources": made, "Outputs": described})


def json_of(policy: Mapping[str, Any]) -> str:
    return json.dumps(policy)

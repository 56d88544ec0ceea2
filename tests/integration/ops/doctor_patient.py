"""An environment on the embedded AWS of which every question of `cufit doctor` holds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import boto3

from cufit_ops.deployed_environment import Deployed
from cufit_ops.doctor.account import LINKED_ROLES, SCALING_ROLE
from cufit_ops.doctor.answers import asked
from cufit_ops.doctor.checks import CHECKS
from cufit_ops.doctor.examination import Wish, examine
from cufit_ops.doctor.report import Asked, NotAsked
from cufit_ops.doctor.subject import Subject
from cufit_ops.template_graph import Account
from cufit_ops.workspace import Workspace
from stacks.config_files import load_environment
from stacks.github_claims import AUDIENCE, GITHUB, claims
from stacks.settings import Delivery, Environment
from tests.integration.embedded_aws.knowledge import MODEL_ARN, OUTPUTS, resources
from tests.integration.embedded_aws.server import ACCOUNT, REGION, Server
from tests.integration.embedded_aws.stacks import Stack, Template

EMAIL = "alarms@people.internal"
WEBHOOK = "/cufit/ward/alarm-webhook"
BRAKE = "/cufit/ward/brake"
BOOTSTRAP = "/cdk-bootstrap/cufitward/version"
TOPIC: Template = {"Type": "AWS::SNS::Topic"}
EXPORT = "cufit-ward-Data:ExportsOutputTable"
FILE = Path(__file__).parents[2] / "fixtures/config/dev.toml"


def healthy() -> Environment:
    """dev of the fixtures as somebody would fill it in, with the model that answers here."""
    dev = load_environment(FILE)
    assert dev.delivery is not None
    repository = {"github_repository": "somebody/intro"}
    changes = {
        "name": "ward",  # the other tests' dev is not deployed
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


def trust(delivery: Delivery, *ends: str) -> dict[str, Any]:
    """As stacks/delivery.py lets GitHub's jobs assume a role."""
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"},
        "Condition": {"StringEquals": claims(delivery, ends)},
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
    templates: dict[str, Template] = field(default_factory=dict)
    """What this checkout would deploy: what is deployed, until something is broken."""
    wish: Wish = field(default_factory=Wish)
    _clients: dict[str, Any] = field(default_factory=dict)
    """By access key: making one takes longer than all that is asked."""

    def subject(self) -> Subject:
        session = boto3.session.Session(region_name=REGION, **self.credentials)  # type: ignore[arg-type]
        deployed = Deployed(self.settings.name, session, self.server.url)
        workspace = Workspace(self.folder, 1, 2)
        clients = self._clients.setdefault(self.credentials["aws_access_key_id"], {})
        return Subject(self.settings, deployed, workspace, lambda _: self.head, _clients=clients)

    @property
    def head(self) -> Account:
        return Account.made_of(self.templates)

    def examined(self) -> tuple[list[Asked], list[NotAsked]]:
        return examine(self.subject(), self.wish)

    def facts(self, **changed: Any) -> None:
        """What the account is; see embedded_aws.account_facts."""
        self.server.control("PUT", "account", changed)

    def recover(self) -> None:
        self.server.control("DELETE", "account")
        self.facts(mail_confirmed=True)
        self.server.control("DELETE", "bedrock/faults")
        self.settings, self.wish = healthy(), Wish()
        self.credentials = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        self.templates = {
            name: self.server.client("cloudformation").get_template(StackName=one["StackName"])[
                "TemplateBody"
            ]
            for name, one in self.subject().stacks.items()
        }

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
    patient.parameter(BOOTSTRAP, "30")
    patient.parameter(WEBHOOK, "https://hooks.example.invalid", "SecureString")
    for service in (LINKED_ROLES | SCALING_ROLE).values():
        iam.create_service_linked_role(AWSServiceName=service)
    iam.create_open_id_connect_provider(
        Url=f"https://{GITHUB}", ClientIDList=[AUDIENCE], ThumbprintList=["0" * 40]
    )
    table = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "t"}}
    exported = {"Value": {"Ref": "Table"}, "Export": {"Name": EXPORT}}
    stack(server, "Data", {"Table": table}, {"Table": exported})
    stack(server, "Knowledge", resources(), OUTPUTS)
    off = {"Type": "String", "Name": BRAKE, "Value": "off"}
    brake = {"Type": "AWS::SSM::Parameter", "Properties": off}
    stack(server, "Matching", {"Brake": brake})
    stack(server, "Photos", {"Table": table})
    used = {"Type": "String", "Value": {"Fn::ImportValue": EXPORT}}
    uses = {"Type": "AWS::SSM::Parameter", "Properties": used}
    stack(server, "Service", {"Uses": uses})
    stack(server, "Observability", {"Alarms": TOPIC, "Mail": mail("Alarms")})
    two = {"Notices": TOPIC, "Brake": TOPIC, "OfNotices": mail("Notices"), "Of": mail("Brake")}
    stack(server, "Budget", two)
    delivery = patient.settings.delivery
    assert delivery is not None
    roles = {
        role: {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": document}}
        for role, document in {
            "PrepareRole": trust(delivery, "ref:refs/heads/main"),
            "DeployRole": trust(delivery, *delivery.deploy_from),
        }.items()
    }
    stack(server, "Delivery", roles, {f"{n}Arn": {"Fn::GetAtt": [n, "Arn"]} for n in roles})
    patient.recover()
    subject = patient.subject()
    for check in CHECKS:  # without a limit: on a busy machine making the clients takes its time
        if check.needs_aws:
            asked(partial(check.ask, subject))
    return patient


def stack(
    server: Server, name: str, made: Template, outputs: dict[str, Any] | None = None
) -> dict[str, str]:
    return Stack(server, f"cufit-ward-{name}").deploy(made, outputs)

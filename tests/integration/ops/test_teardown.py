"""`cufit teardown` against the embedded AWS: what goes, what stays, and what is told of it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from typer.testing import CliRunner, Result

from cufit_ops.cli import app
from cufit_ops.cli import teardown as command
from cufit_ops.deployed_environment import Deployed
from cufit_ops.teardown.removal import Removal, TeardownError
from cufit_ops.teardown.standing import TABLE, environments_that_trust, what_stands
from stacks.config_files import load_environment
from stacks.settings import Environment
from tests.integration.embedded_aws.server import ACCOUNT, REGION, Server
from tests.integration.embedded_aws.stacks import Stack, Template
from tests.integration.ops.conftest import deployed_on
from tests.integration.ops.doctor_patient import FILE

BUCKET = f"cdk-cufitgone-assets-{ACCOUNT}-{REGION}"
IMAGES = f"cdk-cufitgone-container-assets-{ACCOUNT}-{REGION}"
SECRET = "/cufit/gone/alarm-webhook"
LOGS = "/aws/lambda/cufit-gone-Matching-late"
EXPORT = "cufit-gone-Data:Table"


@dataclass
class Account:
    server: Server
    settings: Environment
    neighbour: str = "cufit-gone2-Data"

    @property
    def deployed(self) -> Deployed:
        there = deployed_on(self.server)
        return Deployed("gone", there.session, there.endpoint_url)

    def filled(self) -> None:
        """As bootstrap, deployments, people and functions that were late with a line left it."""
        retained = {"DeletionPolicy": "Retain"} if self.settings.retain_data else {}
        keys = {"AttributeName": "id", "AttributeType": "S"}
        table: Template = {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {
                "BillingMode": "PAY_PER_REQUEST",
                "AttributeDefinitions": [keys],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                "DeletionProtectionEnabled": self.settings.retain_data,
            },
            **retained,
        }
        exported = {"Value": {"Ref": "Members"}, "Export": {"Name": EXPORT}}
        data = Stack(self.server, "cufit-gone-Data")
        data.deploy({"Members": table, "Photos": {"Type": "AWS::S3::Bucket", **retained}},
                    {"Table": exported})  # fmt: skip
        photos = data.physical_id("Photos")
        self.server.client("s3").put_object(Bucket=photos, Key="photos/one", Body=b"one")
        uses = {"Type": "String", "Value": {"Fn::ImportValue": EXPORT}}
        Stack(self.server, "cufit-gone-Service").deploy(
            {"Uses": {"Type": "AWS::SSM::Parameter", "Properties": uses}}
        )
        cloudformation = self.server.client("cloudformation")
        for stack in ("cufit-gone-Data", "cufit-gone-Service"):
            cloudformation.update_termination_protection(
                StackName=stack, EnableTerminationProtection=True
            )
        self._bootstrapped()
        self.server.client("ssm").put_parameter(Name=SECRET, Value="s", Type="SecureString")
        self.server.client("logs").create_log_group(logGroupName=LOGS)
        Stack(self.server, self.neighbour).deploy({"Topic": {"Type": "AWS::SNS::Topic"}})

    def _bootstrapped(self) -> None:
        bucket = {
            "BucketName": BUCKET,
            "VersioningConfiguration": {"Status": "Enabled"},
        }
        Stack(self.server, "CDKToolkit-cufitgone").deploy(
            {
                "Staging": {
                    "Type": "AWS::S3::Bucket",
                    "Properties": bucket,
                    "DeletionPolicy": "Retain",
                },
                "Images": {
                    "Type": "AWS::ECR::Repository",
                    "Properties": {"RepositoryName": IMAGES},
                },
            }
        )
        for body in (b"old", b"new"):
            self.server.client("s3").put_object(Bucket=BUCKET, Key="asset.zip", Body=body)
        self.server.client("ecr").put_image(
            repositoryName=IMAGES, imageManifest="{}", imageTag="service"
        )

    def kinds(self) -> list[str]:
        return [thing.kind for thing in what_stands(self.deployed, self.settings)]

    def torn_down(self, *arguments: str, typed: str = "") -> Result:
        return CliRunner().invoke(app, ["teardown", "--env", "gone", *arguments], input=typed)


@pytest.fixture
def account(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    settings = load_environment(FILE).model_copy(update={"name": "gone"})
    made = Account(server, settings)
    monkeypatch.setattr(command, "on_aws", lambda _: made.deployed)
    monkeypatch.setattr(command, "load_environments", lambda **_: [made.settings])
    yield made
    Stack(server, made.neighbour).close()


def test_nothing_is_left_and_the_neighbour_stands(account: Account) -> None:
    account.filled()
    before = account.kinds()
    assert len(before) == 9, before
    done = account.torn_down(typed="gone\n")
    assert done.exit_code == 0, done.output
    assert "nothing is left" in done.stdout
    assert account.kinds() == []
    (neighbour,) = account.server.client("cloudformation").describe_stacks(
        StackName=account.neighbour
    )["Stacks"]
    assert neighbour["StackStatus"] == "CREATE_COMPLETE"
    assert "nothing of gone stands" in account.torn_down().stdout


def test_retained_data_stays_until_it_is_named(account: Account) -> None:
    account.settings = account.settings.model_copy(update={"retain_data": True})
    account.filled()
    done = account.torn_down("--confirm", "gone")
    assert done.exit_code == 0, done.output
    assert account.kinds() == ["table", "photo bucket"]
    assert "left: photo bucket" in done.stdout
    assert "1 objects" in done.stdout
    done = account.torn_down("--confirm", "gone", "--with-data")
    assert done.exit_code == 0, done.output
    assert account.kinds() == []


@pytest.mark.parametrize("arguments", [["--confirm", "dev"], []])
def test_nothing_happens_until_the_name_is_typed(account: Account, arguments: list[str]) -> None:
    account.filled()
    before = account.kinds()
    done = account.torn_down(*arguments, typed="yes\n")
    assert isinstance(done.exception, TeardownError)
    assert "nothing was done" in str(done.exception)
    assert account.kinds() == before
    account.torn_down("--confirm", "gone")


def test_the_credentials_of_another_account_do_nothing(account: Account) -> None:
    account.settings = account.settings.model_copy(update={"account": "999999999999"})
    done = account.torn_down("--confirm", "gone")
    assert "999999999999" in str(done.exception)


def test_what_cloudformation_refuses_is_told(account: Account) -> None:
    account.filled()
    uses = {"Type": "String", "Value": {"Fn::ImportValue": EXPORT}}
    Stack(account.server, "else").deploy(
        {"Uses": {"Type": "AWS::SSM::Parameter", "Properties": uses}}
    )
    done = account.torn_down("--confirm", "gone")
    assert isinstance(done.exception, TeardownError)
    assert "cufit-gone-Data: " in str(done.exception)
    assert EXPORT in str(done.exception)
    assert TABLE in account.kinds()
    Stack(account.server, "else").close()
    assert account.torn_down("--confirm", "gone").exit_code == 0


def test_who_is_used_from_an_older_stack_waits_for_the_next_round(account: Account) -> None:
    used: Template = {"Type": "AWS::SNS::Topic"}
    older, newer, data = (Stack(account.server, f"cufit-gone-{n}") for n in ("Old", "New", "Data"))
    older.deploy({"Own": used})
    newer.deploy({"Topic": used}, {"T": {"Value": "t", "Export": {"Name": "cufit-gone-New:T"}}})
    data.deploy({"Photos": {"Type": "AWS::S3::Bucket"}})
    uses = {"Type": "String", "Value": {"Fn::ImportValue": "cufit-gone-New:T"}}
    older.deploy({"Own": used, "Uses": {"Type": "AWS::SSM::Parameter", "Properties": uses}})
    done = account.torn_down("--confirm", "gone")
    assert done.exit_code == 0, done.output
    assert account.kinds() == []


def test_who_loses_the_provider_is_told(account: Account) -> None:
    provider = {
        "Type": "AWS::IAM::OIDCProvider",
        "Properties": {"Url": "https://issuer.internal", "ClientIdList": ["a"]},
    }
    topic: Template = {"Type": "AWS::SNS::Topic"}
    mine, other = (Stack(account.server, f"cufit-{n}-Delivery") for n in ("gone", "gone2"))
    mine.deploy({"GitHub": provider})
    other.deploy({"Any": topic})
    # Other tests' environments are in the account as well.
    assert "gone2" in environments_that_trust(account.deployed, account.settings)
    Removal(account.deployed).stacks(
        what_stands(account.deployed, account.settings), empty=True, say=print
    )
    assert environments_that_trust(account.deployed, account.settings) == []
    other.close()

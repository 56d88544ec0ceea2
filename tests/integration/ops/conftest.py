"""An environment deployed onto one embedded AWS: as much of it as the commands look at."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import boto3
import pytest

from cufit_ops.deployed_environment import Deployed
from cufit_ops.doctor import machine
from cufit_ops.knowledge_base.base import Base
from stacks.placeholders import placeholders_of
from tests.integration.embedded_aws.conftest import server
from tests.integration.embedded_aws.knowledge import OUTPUTS, Knowledge, resources
from tests.integration.embedded_aws.server import REGION, Credentials, Server
from tests.integration.embedded_aws.stacks import Stack, Template
from tests.integration.lambdas.items import candidate_item
from tests.integration.ops.doctor_patient import Patient, admit

__all__ = ["server"]  # fixture

TABLE: Template = {
    "Type": "AWS::DynamoDB::Table",
    "Properties": {
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "candidate_id", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "candidate_id", "KeyType": "HASH"}],
    },
}
BRAKE: Template = {
    "Type": "AWS::SSM::Parameter",
    "Properties": {"Name": "/cufit/local/brake", "Type": "String", "Value": "off"},
}


@dataclass
class Town:
    """A deployed environment and the people in its table."""

    server: Server
    deployed: Deployed
    knowledge: Knowledge
    base: Base = field(init=False)

    def __post_init__(self) -> None:
        self.base = Base.of(self.deployed)

    def has(self, *candidate_ids: str, **changes: Any) -> None:
        with self.base.dynamodb.Table(self.base.table_name).batch_writer() as writer:
            for candidate_id in candidate_ids:
                writer.put_item(Item=candidate_item(candidate_id, **changes))

    def item(self, candidate_id: str) -> dict[str, Any]:
        table = self.base.dynamodb.Table(self.base.table_name)
        found: dict[str, Any] = table.get_item(Key={"candidate_id": candidate_id})["Item"]
        return found

    def clear(self) -> None:
        table = self.base.dynamodb.Table(self.base.table_name)
        held = [one.candidate_id for one in self.base.documents()]
        for at in range(0, len(held), 10):
            self.knowledge.delete(*held[at : at + 10])
        for one in list(self.base.candidates()):
            table.delete_item(Key={"candidate_id": one.candidate_id})
        if held:
            self.knowledge.wait_until_settled(*held[:10])

    def as_role(self, name: str, *statements: dict[str, Any]) -> Deployed:
        """The environment for somebody who may do what `statements` say."""
        credentials = self.server.credentials_of(self.server.role(name, *statements))
        return deployed_on(self.server, credentials)


def deployed_on(server: Server, credentials: Credentials | None = None) -> Deployed:
    given = credentials or {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    session = boto3.session.Session(region_name=REGION, **given)  # type: ignore[arg-type]
    return Deployed("local", session, server.url)


def found_town(server: Server) -> Town:
    """Deploy what a town needs."""
    stacks = {name: Stack(server, f"cufit-local-{name}") for name in ("Data", "Matching")}
    stacks["Data"].deploy({"Candidates": TABLE}, {"CandidatesTableName": {"Ref": "Candidates"}})
    stacks["Matching"].deploy({"Brake": BRAKE})
    outputs = Stack(server, "cufit-local-Knowledge").deploy(resources(), OUTPUTS)
    knowledge = Knowledge(
        server, outputs["KnowledgeBaseId"], outputs["KnowledgeBaseArn"], outputs["DataSourceId"]
    )
    return Town(server, deployed_on(server), knowledge)


@pytest.fixture(scope="session")
def founded(server: Server) -> Town:
    return found_town(server)


@pytest.fixture
def town(founded: Town) -> Iterator[Town]:
    """Nobody in it."""
    yield founded
    founded.server.control("DELETE", "bedrock/faults")
    founded.clear()


@pytest.fixture(scope="session")
def admitted(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Patient:
    return admit(server, tmp_path_factory.mktemp("state"))


@pytest.fixture
def patient(admitted: Patient, monkeypatch: pytest.MonkeyPatch) -> Iterator[Patient]:
    """Everything holds of it, also that this machine builds images."""
    docker = type("Docker", (), {"name": "docker"})
    monkeypatch.setattr(machine, "find_builder", lambda *_: docker)
    # The stand-in's model is in no list of AWS's.
    lenient = partial(placeholders_of, allow_unknown_model=True)
    monkeypatch.setattr(machine, "placeholders_of", lenient)
    yield admitted
    admitted.recover()

"""`cufit park` and `unpark` against the embedded AWS."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from cufit_ops import parking
from cufit_ops.cli import app
from cufit_ops.deployed_environment import Deployed
from stacks.settings import Fargate
from tests.integration.embedded_aws.server import Server
from tests.integration.embedded_aws.stacks import Stack
from tests.integration.ops.conftest import deployed_on

CONTAINER = {"Name": "service", "Image": "cufit-service:none", "Essential": True}


@pytest.fixture(scope="module")
def deployed(server: Server) -> Deployed:
    role = "arn:aws:iam::000000000000:role/none"
    Stack(server, "cufit-local-Service").deploy(
        {
            "Cluster": {"Type": "AWS::ECS::Cluster"},
            "Task": {
                "Type": "AWS::ECS::TaskDefinition",
                "Properties": {
                    "ContainerDefinitions": [CONTAINER],
                    "TaskRoleArn": role,
                    "Cpu": "256",
                    "Memory": "512",
                },
            },
            "Service": {
                "Type": "AWS::ECS::Service",
                "Properties": {
                    "Cluster": {"Ref": "Cluster"},
                    "TaskDefinition": {"Ref": "Task"},
                    "DesiredCount": 1,
                },
            },
        },
        {"ClusterName": {"Ref": "Cluster"}, "ServiceName": {"Fn::GetAtt": ["Service", "Name"]}},
    )
    return deployed_on(server)


def test_parked_and_unparked_as_often_as_one_likes(
    deployed: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Deployed, "named", lambda _: deployed)

    def run(word: str) -> dict[str, Any]:
        done = CliRunner().invoke(app, [word, "--json"])
        assert done.exit_code == 0, done.output
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    counts = [
        (run(word)["tasksBefore"], run(word)["tasks"])
        for word in ("park", "park", "unpark", "unpark")
    ]
    assert counts == [(1, 0), (0, 0), (0, 1), (1, 1)]


def test_production_is_not_parked(deployed: Deployed) -> None:
    prod = Deployed("prod", deployed.session, deployed.endpoint_url)
    with pytest.raises(ValueError, match="production is always on"):
        parking.park(prod)


def test_what_it_saves_is_by_the_price_list() -> None:
    small = Fargate(cpu=256, memory=1024)
    hour = (0.03725 / 4 + 0.00409 + 0.005) * 1.1
    assert parking.usd_an_hour(small, tasks=2, region="ap-northeast-2") == pytest.approx(2 * hour)

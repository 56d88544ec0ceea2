"""What the CDK CLI needs of the embedded AWS to deploy dev and prod, one test per plug-in."""

import json
import platform

import pytest
from botocore.exceptions import ClientError

from tests.integration.embedded_aws.functions import bundle
from tests.integration.embedded_aws.server import ACCOUNT, REGION, Server, allow
from tests.integration.embedded_aws.stacks import Stack

REPOSITORY = "cdk-assets"


@pytest.fixture(scope="module")
def repository(server: Server) -> str:
    server.client("ecr").create_repository(repositoryName=REPOSITORY)
    return f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/{REPOSITORY}"


def test_an_image_that_nobody_pushed_is_not_there(server: Server, repository: str) -> None:
    ecr = server.client("ecr")
    with pytest.raises(ClientError, match="ImageNotFoundException"):
        ecr.describe_images(repositoryName=REPOSITORY, imageIds=[{"imageTag": "one"}])
    ecr.put_image(repositoryName=REPOSITORY, imageManifest="{}", imageTag="one")
    found = ecr.describe_images(repositoryName=REPOSITORY, imageIds=[{"imageTag": "one"}])
    assert found["imageDetails"][0]["imageTags"] == ["one"]


def test_a_role_may_describe_its_repository_alone(server: Server, repository: str) -> None:
    role = server.role("publishes-images", allow("ecr:DescribeRepositories", repository))
    ecr = server.client("ecr", server.credentials_of(role))
    assert ecr.describe_repositories(repositoryNames=[REPOSITORY])["repositories"]
    for names in (["another"], [REPOSITORY, "another"], []):
        with pytest.raises(ClientError, match="not authorized"):
            ecr.describe_repositories(repositoryNames=names)


def test_an_account_trusts_an_issuer_once(server: Server, stack: Stack) -> None:
    provider = {
        "Type": "AWS::IAM::OIDCProvider",
        "Properties": {"Url": "https://issuer.one.example", "ClientIdList": ["sts.amazonaws.com"]},
    }
    arn = stack.deploy({"Provider": provider}, {"Arn": {"Ref": "Provider"}})["Arn"]
    assert arn == f"arn:aws:iam::{ACCOUNT}:oidc-provider/issuer.one.example"
    found = server.client("iam").get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    assert found["ClientIDList"] == ["sts.amazonaws.com"]
    other = Stack(server, "second-provider")
    assert "already exists" in other.refused({"Provider": provider})
    other.close()


def test_capacity_providers_of_a_cluster(server: Server, stack: Stack) -> None:
    properties = {"CapacityProviders": ["FARGATE", "FARGATE_SPOT"]}
    template = {"Cluster": {"Type": "AWS::ECS::Cluster", "Properties": properties}}
    name = stack.deploy(template, {"Name": {"Ref": "Cluster"}})["Name"]
    (cluster,) = server.client("ecs").describe_clusters(clusters=[name])["clusters"]
    assert cluster["capacityProviders"] == ["FARGATE", "FARGATE_SPOT"]


@pytest.mark.skipif(platform.machine() in ("arm64", "aarch64"), reason="it is this machine's")
def test_a_function_for_another_processor_is_not_run(server: Server) -> None:
    functions = server.client("lambda")
    role = server.role("foreign-function")
    functions.create_function(
        FunctionName="foreign", Runtime="python3.14", Handler="handler.handler", Role=role,
        Code={"ZipFile": bundle({"handler.py": "def handler(event, context): return 'ran'"})},
        Architectures=["arm64"],
    )  # fmt: skip
    answer = functions.invoke(FunctionName="foreign", Payload="{}")
    assert answer["FunctionError"] == "Unhandled"
    said = json.loads(answer["Payload"].read())
    assert said["errorMessage"] == "foreign is built for arm64; this machine runs no such code"

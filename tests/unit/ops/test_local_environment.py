"""Nothing that runs locally can know, or reach, a real AWS account."""

import os

import boto3
import pytest

from cufit_ops.laptop.environment import (
    base_environment,
    client,
    leave_the_shells_account,
    root_environment,
)
from cufit_ops.workspace import Workspace, WorkspaceError

HOSTILE = {
    "AWS_ACCESS_KEY_ID": "AKIAREALLOOKING",
    "AWS_SECRET_ACCESS_KEY": "real-looking",
    "AWS_SESSION_TOKEN": "real-looking",
    "AWS_PROFILE": "production",
    "AWS_ENDPOINT_URL": "https://aws.example",
    "AWS_ENDPOINT_URL_S3": "https://s3.aws.example",
    "AWS_ENDPOINT_URL_DYNAMODB": "https://dynamodb.aws.example",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/tmp/token",
    "HTTPS_PROXY": "http://proxy.example:3128",
    "PYTHONPATH": "/tmp/borrowed",
}


@pytest.fixture
def hostile_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, os.environ[name])  # put back what the code under test removes
    for name, value in HOSTILE.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def workspace(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("CUFIT_LOCAL_STATE", str(tmp_path))
    return Workspace.from_environment()


@pytest.mark.usefixtures("hostile_shell")
def test_a_base_environment_holds_nothing_of_aws_or_python() -> None:
    env = base_environment()
    assert not [name for name in env if name.startswith(("AWS_", "PYTHON", "HTTP"))]


@pytest.mark.usefixtures("hostile_shell")
def test_the_cdk_cli_gets_the_embedded_aws_alone(workspace: Workspace) -> None:
    env = root_environment(workspace)
    assert not (set(HOSTILE.values()) - {"true"}) & set(env.values())
    assert env["AWS_ENDPOINT_URL"] == f"http://localhost:{workspace.aws_port}"
    assert {name for name in env if name.startswith("AWS_ENDPOINT")} == {"AWS_ENDPOINT_URL"}
    assert "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS" not in env


@pytest.mark.usefixtures("hostile_shell")
@pytest.mark.parametrize("service", ["s3", "dynamodb", "sqs", "sts", "cloudformation"])
def test_our_clients_ignore_the_shell(workspace: Workspace, service: str) -> None:
    leave_the_shells_account()
    made = client(service, workspace)
    assert made.meta.endpoint_url == f"http://localhost:{workspace.aws_port}"


@pytest.mark.usefixtures("hostile_shell")
def test_the_shell_would_have_led_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without our client the hostile shell is followed: the test above can fail."""
    monkeypatch.delenv("AWS_PROFILE")
    made = boto3.session.Session(region_name="ap-northeast-2").client("s3")
    assert "localhost" not in made.meta.endpoint_url


def test_one_port_for_two_things_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUFIT_LOCAL_PORT", "4577")
    with pytest.raises(WorkspaceError, match=r"CUFIT_LOCAL_PORT and CUFIT_LOCAL_AWS_PORT.*4577"):
        Workspace.from_environment()


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1", "80.5"])
def test_a_port_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("CUFIT_LOCAL_PORT", port)
    with pytest.raises(WorkspaceError, match=f"CUFIT_LOCAL_PORT='{port}'.*1 to 65535"):
        Workspace.from_environment()

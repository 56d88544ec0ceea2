"""Plug-in lambda_isolation: a function sees what it would see on Lambda."""

from pathlib import Path
from typing import Any

import pytest

from tests.integration.embedded_aws import functions
from tests.integration.embedded_aws.server import REGION, Server, allow

PROBE = """
import os, sys

def importable(name):
    try:
        __import__(name)
    except ImportError:
        return False
    return True

def refused(host):
    import socket
    try:
        socket.create_connection((host, 9), timeout=2)
    except OSError as error:
        return str(error)
    return "connected"

def handler(event, context):
    import boto3
    called = boto3.client("sts").get_caller_identity()["Arn"]
    return {
        "environment": dict(os.environ),
        "path": sys.path,
        "importable": {name: importable(name) for name in event["names"]},
        "connections": {host: refused(host) for host in event["hosts"]},
        "caller": called,
        "boto3": boto3.__version__,
        "remaining": context.get_remaining_time_in_millis(),
        "utf8": sys.stdout.encoding,
    }
"""

LAMBDAS_OWN = {
    "AWS_ACCESS_KEY_ID", "AWS_CONFIG_FILE", "AWS_DEFAULT_REGION",
    "AWS_DISABLE_HOST_PREFIX_INJECTION", "AWS_EC2_METADATA_DISABLED", "AWS_ENDPOINT_URL",
    "AWS_EXECUTION_ENV", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION", "AWS_LAMBDA_INITIALIZATION_TYPE", "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME", "AWS_REGION", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN",
    "AWS_SHARED_CREDENTIALS_FILE", "LAMBDA_TASK_ROOT", "LANG", "PATH", "TZ",
    "_LAMBDA_FUNCTION_ARN", "_LAMBDA_TIMEOUT", "_MINISTACK_INVOKE_DEPTH", "_X_AMZN_TRACE_ID",
}  # fmt: skip


@pytest.fixture(scope="module")
def probed(server: Server) -> Any:
    role = server.role("probe", allow("sqs:SendMessage"))
    functions.create(
        server, "probe", PROBE, role, Environment={"Variables": {"CUFIT_ENV": "local"}}
    )
    event = {
        "names": [
            "boto3",
            "botocore",
            "ministack",
            "hypercorn",
            "embedded_aws",
            "yaml",
            "fastapi",
        ],
        "hosts": ["192.0.2.1", "dynamodb.ap-northeast-2.amazonaws.com"],
    }
    return functions.invoke(server, "probe", event)


def test_only_lambdas_variables_and_the_functions_own_arrive(probed: Any) -> None:
    assert set(probed["environment"]) - LAMBDAS_OWN == {"CUFIT_ENV"}


def test_the_endpoint_and_region_are_the_embedded_ones(server: Server, probed: Any) -> None:
    held = probed["environment"]
    assert held["AWS_ENDPOINT_URL"] == server.url
    assert held["AWS_REGION"] == REGION


def test_only_what_lambdas_runtime_brings_can_be_imported(probed: Any) -> None:
    assert [name for name, found in probed["importable"].items() if found] == ["boto3", "botocore"]


def test_the_role_of_the_function_arrives(probed: Any) -> None:
    assert probed["caller"].endswith(":assumed-role/probe/probe")


def test_no_connection_leaves_the_machine(probed: Any) -> None:
    for host, outcome in probed["connections"].items():
        assert outcome == f"the embedded AWS connects to this machine only, not to '{host}'"


def test_text_is_utf8(probed: Any) -> None:
    assert probed["utf8"] == "utf-8"


def test_the_role_is_enforced(server: Server) -> None:
    queues = [
        server.client("sqs").create_queue(QueueName=name)["QueueUrl"] for name in ("may", "may-not")
    ]
    arn = f"arn:aws:sqs:{REGION}:123456789012:may"
    code = """
    import boto3

    def handler(event, context):
        outcomes = []
        for url in event:
            try:
                boto3.client("sqs").send_message(QueueUrl=url, MessageBody="안녕")
                outcomes.append("sent")
            except Exception as error:
                outcomes.append(type(error).__name__)
        return outcomes
    """
    functions.create(server, "sender", code, server.role("sender", allow("sqs:SendMessage", arn)))
    sent, denied = functions.invoke(server, "sender", queues)
    assert sent == "sent"
    assert denied != "sent"


def test_a_bundle_without_its_dependency_fails_as_on_lambda(server: Server) -> None:
    functions.create(server, "lacking", "import yaml\n", server.role("lacking"))
    assert "No module named 'yaml'" in functions.error_of(server, "lacking")


def test_other_runtimes_do_not_exist(server: Server) -> None:
    server.client("lambda").create_function(
        FunctionName="node",
        Runtime="nodejs24.x",
        Handler="index.handler",
        Role=server.role("node"),
        Code={"ZipFile": functions.bundle({"index.js": "exports.handler = async () => 1"})},
    )
    assert "Unsupported runtime: nodejs24.x" in functions.error_of(server, "node")


def test_workers_of_one_bundle_share_its_compiled_modules(server: Server) -> None:
    code = """
    import sys

    import helper

    def handler(event, context):
        return helper.__cached__, helper.__file__
    """
    bundle = functions.bundle({"app.py": code, "helper.py": "VALUE = 1\n"})
    places = []
    for name in ("compiled-once", "compiled-twice"):
        server.client("lambda").create_function(
            FunctionName=name,
            Runtime=functions.RUNTIME,
            Handler="app.handler",
            Role=server.role(name),
            Code={"ZipFile": bundle},
        )
        compiled, _ = functions.invoke(server, name)
        places.append(Path(compiled).resolve())
    assert places[0] == places[1]
    assert places[0].exists()

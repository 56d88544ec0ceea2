"""Plug-in asynchronous_invocations: what a topic or a rule hands over is tried again, then kept."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.embedded_aws import functions
from tests.integration.embedded_aws.server import ACCOUNT, REGION, Server, allow
from tests.integration.embedded_aws.state import wait_until
from tests.integration.embedded_aws.test_lambda_metrics import by_a_rule, by_a_topic

FAILS = """
    def handler(event, context):
        raise ValueError("as always")
"""


def errors(server: Server, name: str) -> float:
    now = datetime.now(UTC)
    points = server.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Dimensions=[{"Name": "FunctionName", "Value": name}],
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(minutes=1),
        Period=3600,
        Statistics=["Sum"],
    )["Datapoints"]
    return float(sum(point["Sum"] for point in points))


@pytest.mark.parametrize("start", [by_a_topic, by_a_rule])
def test_an_event_that_fails_once_too_often_is_kept(
    server: Server, start: Callable[[Server, str, str], None]
) -> None:
    name = f"kept-{start.__name__.replace('_', '-')}"
    functions.create(server, name, FAILS, server.role(name, allow("sqs:SendMessage")))
    sqs = server.client("sqs")
    url = sqs.create_queue(QueueName=f"{name}-failures")["QueueUrl"]
    server.client("lambda").put_function_event_invoke_config(
        FunctionName=name,
        MaximumRetryAttempts=1,
        DestinationConfig={
            "OnFailure": {"Destination": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}-failures"}
        },
    )
    start(server, name, "lost?")
    wait_until(lambda: errors(server, name) == 2)
    (kept,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"]
    assert "lost?" in json.dumps(json.loads(kept["Body"])["requestPayload"])


def test_lambda_tries_three_times_unless_told_otherwise(server: Server) -> None:
    """Why a heartbeat is told: by itself it would be two silent periods."""
    functions.create(server, "thrice", FAILS, server.role("thrice"))
    by_a_rule(server, "thrice", "again")
    wait_until(lambda: errors(server, "thrice") == 3)

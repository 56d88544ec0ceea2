"""Plug-in embedded_metrics: what a function reports in its log reaches the alarm on it."""

import json
from typing import Any

import pytest

from tests.integration.embedded_aws import functions
from tests.integration.embedded_aws.server import Server
from tests.integration.embedded_aws.stacks import Stack
from tests.integration.embedded_aws.state import wait_until

REPORTS = """
    import json

    def handler(event, context):
        print(json.dumps({
            "_aws": {"Timestamp": 1, "CloudWatchMetrics": [{
                "Namespace": "reported",
                "Dimensions": [["environment", "service"]],
                "Metrics": [{"Name": "Degraded", "Unit": "Count"}],
            }]},
            "environment": event["environment"],
            "service": "worker",
            "Degraded": event["values"],
        }))
        print('{"_aws": "nonsense"}')
        print('{"_aws": {"CloudWatchMetrics": [{"Dimensions": [["gone"]], "Metrics": []}]}}')
        print("not json, but \\"_aws\\"")
"""
"""As Powertools prints it: a list of values."""


def share(environment: str, **properties: Any) -> dict[str, Any]:
    """An alarm on the average of zeros and ones, that stays as it is while nobody reports."""
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "Namespace": "reported",
            "MetricName": "Degraded",
            "Dimensions": [
                {"Name": "environment", "Value": environment},
                {"Name": "service", "Value": "worker"},
            ],
            "Statistic": "Average",
            "Period": 3600,
            "EvaluationPeriods": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "Threshold": 0.5,
            "TreatMissingData": "ignore",
        }
        | properties,
    }


@pytest.fixture(scope="module")
def reporter(server: Server) -> str:
    name = "reporter"
    functions.create(server, name, REPORTS, server.role(name))
    return name


def state(server: Server, stack: Stack, logical_id: str) -> str:
    name = stack.physical_id(logical_id)
    (found,) = server.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    value: str = found["StateValue"]
    return value


def test_a_share_of_what_is_reported_sets_off_the_alarm_of_its_environment(
    server: Server, stack: Stack, reporter: str
) -> None:
    stack.deploy({"Dev": share("dev"), "Prod": share("prod"), "Silent": share("nowhere")})
    functions.invoke(server, reporter, {"environment": "prod", "values": [0]})
    wait_until(lambda: state(server, stack, "Prod") == "OK")
    functions.invoke(server, reporter, {"environment": "dev", "values": [0, 1]})
    wait_until(lambda: state(server, stack, "Dev") == "ALARM")
    functions.invoke(server, reporter, {"environment": "dev", "values": [0]})
    wait_until(lambda: state(server, stack, "Dev") == "OK")
    assert state(server, stack, "Prod") == "OK"
    assert state(server, stack, "Silent") == "INSUFFICIENT_DATA"


def test_only_what_is_in_the_format_is_a_metric(server: Server, reporter: str) -> None:
    found = server.client("cloudwatch").list_metrics(Namespace="reported")["Metrics"]
    assert {metric["MetricName"] for metric in found} == {"Degraded"}, json.dumps(found)

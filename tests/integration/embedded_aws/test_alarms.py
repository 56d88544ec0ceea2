"""Plug-ins alarm_evaluation and sqs_metrics: from a message in a queue to the alarm's action."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.integration.embedded_aws.server import Server
from tests.integration.embedded_aws.stacks import Stack

PERIOD_SECONDS = 60
EXPRESSION = "FILL(a, 0) + FILL(b, 0)"


def queue(name: str) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": name}}


def alarm(**properties: Any) -> dict[str, Any]:
    common = {
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "TreatMissingData": "notBreaching",
        "AlarmActions": [{"Ref": "Topic"}],
        "OKActions": [{"Ref": "Topic"}],
    }
    return {"Type": "AWS::CloudWatch::Alarm", "Properties": common | properties}


def depth_alarm(name: str) -> dict[str, Any]:
    return alarm(
        Namespace="AWS/SQS",
        MetricName="ApproximateNumberOfMessagesVisible",
        Dimensions=[{"Name": "QueueName", "Value": name}],
        Statistic="Maximum",
        Period=PERIOD_SECONDS,
    )


def errors(identifier: str, function: str) -> dict[str, Any]:
    metric = {
        "Namespace": "AWS/Lambda",
        "MetricName": "Errors",
        "Dimensions": [{"Name": "FunctionName", "Value": function}],
    }
    stat = {"Metric": metric, "Period": 300, "Stat": "Sum"}
    return {"Id": identifier, "MetricStat": stat, "ReturnData": False}


RESOURCES = {
    "Full": queue("full"),
    "Empty": queue("empty"),
    "Notified": queue("notified"),
    "Topic": {"Type": "AWS::SNS::Topic"},
    "Notify": {
        "Type": "AWS::SNS::Subscription",
        "Properties": {
            "TopicArn": {"Ref": "Topic"},
            "Protocol": "sqs",
            "Endpoint": {"Fn::GetAtt": ["Notified", "Arn"]},
            "RawMessageDelivery": True,
        },
    },
    "MayNotify": {
        "Type": "AWS::SQS::QueuePolicy",
        "Properties": {
            "Queues": [{"Ref": "Notified"}],
            "PolicyDocument": {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "sns.amazonaws.com"},
                        "Action": "sqs:SendMessage",
                        "Resource": {"Fn::GetAtt": ["Notified", "Arn"]},
                    }
                ],
            },
        },
    },
    "OnFull": depth_alarm("full"),
    "OnEmpty": depth_alarm("empty"),
    "OnErrors": alarm(
        Metrics=[
            {"Id": "sum", "Expression": EXPRESSION, "ReturnData": True},
            errors("a", "first"),
            errors("b", "second"),
        ],
        Threshold=3,
    ),
    "OnSilence": alarm(
        Namespace="Cufit", MetricName="Beats", Period=10, Statistic="Sum",
        TreatMissingData="breaching",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def alarmed(server: Server) -> Iterator[Stack]:
    made = Stack(server, "alarmed")
    made.deploy(RESOURCES)
    yield made
    made.close()


def state(server: Server, stack: Stack, logical_id: str) -> str:
    name = stack.physical_id(logical_id)
    (found,) = server.client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    value: str = found["StateValue"]
    return value


def wait_for(condition: Callable[[], bool]) -> None:
    # A datapoint of the minute before may count for another whole period.
    deadline = time.monotonic() + PERIOD_SECONDS + 15
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def put_errors(server: Server, function: str, count: int) -> None:
    server.client("cloudwatch").put_metric_data(
        Namespace="AWS/Lambda",
        MetricData=[
            {
                "MetricName": "Errors",
                "Dimensions": [{"Name": "FunctionName", "Value": function}],
                "Value": count,
            }
        ],
    )


def notices(server: Server) -> list[Any]:
    """What the topic said since the last time."""
    sqs = server.client("sqs")
    url = sqs.get_queue_url(QueueName="notified")["QueueUrl"]
    answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=2)
    return [json.loads(message["Body"]) for message in answer.get("Messages", [])]


def test_new_alarms_become_ok_and_say_nothing(server: Server, alarmed: Stack) -> None:
    assert state(server, alarmed, "OnErrors") == "OK"
    assert not notices(server)


def test_a_message_in_one_queue_sets_off_the_alarm_of_that_queue_alone(
    server: Server, alarmed: Stack
) -> None:
    sqs = server.client("sqs")
    full = sqs.get_queue_url(QueueName="full")["QueueUrl"]
    sqs.send_message(QueueUrl=full, MessageBody="poison")
    wait_for(lambda: state(server, alarmed, "OnFull") == "ALARM")
    assert state(server, alarmed, "OnEmpty") == "OK"
    assert alarmed.physical_id("OnFull") in {told["AlarmName"] for told in notices(server)}
    sqs.purge_queue(QueueUrl=full)
    wait_for(lambda: state(server, alarmed, "OnFull") == "OK")


def test_metric_math_sums_what_its_metrics_say(server: Server, alarmed: Stack) -> None:
    put_errors(server, "first", 2)
    assert state(server, alarmed, "OnErrors") == "OK"
    put_errors(server, "second", 1)
    wait_for(lambda: state(server, alarmed, "OnErrors") == "ALARM")


def test_missing_data_can_be_breaching(server: Server, alarmed: Stack) -> None:
    wait_for(lambda: state(server, alarmed, "OnSilence") == "ALARM")


def test_silence_since_before_the_alarm_is_none(server: Server) -> None:
    stack = Stack(server, "silent")
    beats = alarm(
        Namespace="Cufit", MetricName="Beats", Period=PERIOD_SECONDS, Statistic="Sum",
        TreatMissingData="breaching", AlarmActions=[], OKActions=[],
    )  # fmt: skip
    stack.deploy({"OnSilence": beats, "OnEmpty": depth_alarm("nowhere")})
    for _ in range(2):  # all alarms are evaluated together
        server.client("cloudwatch").set_alarm_state(
            AlarmName=stack.physical_id("OnEmpty"),
            StateValue="INSUFFICIENT_DATA",
            StateReason="evaluated again it is OK",
        )
        wait_for(lambda: state(server, stack, "OnEmpty") == "OK")
    assert state(server, stack, "OnSilence") == "INSUFFICIENT_DATA"
    stack.close()

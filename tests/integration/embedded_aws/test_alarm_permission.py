"""Plug-in alarm_permission: a topic hears of alarms when its policy lets CloudWatch publish."""

import json
import time
from typing import Any

from tests.integration.embedded_aws.server import ACCOUNT, REGION, Server
from tests.integration.embedded_aws.stacks import Stack

TOPIC = {"Ref": "Topic"}
QUEUE = {"Fn::GetAtt": ["Notified", "Arn"]}

ENFORCE_SSL = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "sns:Publish",
    "Resource": TOPIC,
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def allow(service: str, account: str) -> dict[str, Any]:
    return {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sns:Publish",
        "Resource": TOPIC,
        "Condition": {
            "StringEquals": {"aws:SourceAccount": account},
            "ArnLike": {"aws:SourceArn": f"arn:aws:cloudwatch:{REGION}:{account}:alarm:*"},
        },
    }


CLOUDWATCH = allow("cloudwatch.amazonaws.com", ACCOUNT)


def policy(kind: str, of: str, resource: dict[str, Any], *statements: Any) -> dict[str, Any]:
    document = {"Version": "2012-10-17", "Statement": list(statements)}
    return {"Type": kind, "Properties": {of: [resource], "PolicyDocument": document}}


def resources(*statements: dict[str, Any]) -> dict[str, Any]:
    """An alarm that tells a queue by way of a topic with a policy of `statements`, if any."""
    send = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": QUEUE,
    }
    made = {
        "Notified": {"Type": "AWS::SQS::Queue"},
        "MayNotify": policy("AWS::SQS::QueuePolicy", "Queues", {"Ref": "Notified"}, send),
        "Topic": {"Type": "AWS::SNS::Topic"},
        "Notify": {
            "Type": "AWS::SNS::Subscription",
            "Properties": {
                "TopicArn": TOPIC,
                "Protocol": "sqs",
                "Endpoint": QUEUE,
                "RawMessageDelivery": True,
            },
        },
        "Alarm": {
            "Type": "AWS::CloudWatch::Alarm",
            "Properties": {
                "Namespace": "Cufit",
                "MetricName": "Trouble",
                "Statistic": "Sum",
                "Period": 60,
                "EvaluationPeriods": 1,
                "ComparisonOperator": "GreaterThanOrEqualToThreshold",
                "Threshold": 1,
                "TreatMissingData": "notBreaching",
                "AlarmActions": [TOPIC],
                "OKActions": [TOPIC],
            },
        },
    }
    if statements:
        made["Policy"] = policy("AWS::SNS::TopicPolicy", "Topics", TOPIC, *statements)
    return made


def told(server: Server, stack: Stack) -> list[str]:
    """The states the queue hears of: ALARM set by hand, and OK by the evaluation that follows."""
    cloudwatch, sqs = server.client("cloudwatch"), server.client("sqs")
    names = [stack.physical_id("Alarm")]
    cloudwatch.set_alarm_state(AlarmName=names[0], StateValue="ALARM", StateReason="test")
    deadline = time.monotonic() + 10
    while cloudwatch.describe_alarms(AlarmNames=names, StateValue="ALARM")["MetricAlarms"]:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    queue = stack.physical_id("Notified")
    messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(message["Body"])["NewStateValue"] for message in messages]


def test_a_topic_that_allows_cloudwatch_hears(server: Server) -> None:
    # Without a policy of its own a topic has SNS's default, which allows it.
    for number, statements in enumerate(((), (CLOUDWATCH,), (ENFORCE_SSL, CLOUDWATCH))):
        stack = Stack(server, f"alarm-is-heard-{number}")
        stack.deploy(resources(*statements))
        assert told(server, stack) == ["ALARM", "OK"], statements
        stack.close()


def test_a_topic_that_does_not_hears_nothing_and_the_log_says_so(
    server: Server, stack: Stack
) -> None:
    others = (
        ENFORCE_SSL,
        allow("cloudwatch.amazonaws.com", "210987654321"),
        allow("budgets.amazonaws.com", ACCOUNT),
    )
    for number, statement in enumerate(others, start=1):
        topic = stack.deploy(resources(statement), {"Topic": TOPIC})["Topic"]
        assert told(server, stack) == [], statement
        lines = [line for line in server.log.read_text().splitlines() if f" {topic}: " in line]
        assert len(lines) == 2 * number
        assert stack.physical_id("Alarm") in lines[-1]
        assert "cloudwatch.amazonaws.com" in lines[-1]

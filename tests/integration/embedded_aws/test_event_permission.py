"""Plug-in event_permission: a rule reaches a topic that lets EventBridge, unconditionally."""

import json
from typing import Any

from tests.integration.embedded_aws.server import ACCOUNT, Server
from tests.integration.embedded_aws.stacks import Stack
from tests.integration.embedded_aws.state import wait_until
from tests.integration.embedded_aws.test_alarm_permission import TOPIC, resources

EVENTS = {
    "Effect": "Allow",
    "Principal": {"Service": "events.amazonaws.com"},
    "Action": "sns:Publish",
    "Resource": TOPIC,
}
OURS = EVENTS | {"Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}}

FAILED = {
    "eventType": "ERROR",
    "eventName": "SERVICE_DEPLOYMENT_FAILED",
    "deploymentId": "ecs-svc/123",
    "updatedAt": "2026-11-20T11:11:11Z",
    "reason": "ECS deployment circuit breaker: task failed to start.",
}
"""ECS's guide, service deployment state change events."""


def told(server: Server, stack: Stack, source: str, *statements: dict[str, Any]) -> list[str]:
    """What the topic's queue hears when ECS says that a deployment failed."""
    made = resources(*statements)
    del made["Alarm"]
    made["Rule"] = {
        "Type": "AWS::Events::Rule",
        "Properties": {
            "EventPattern": {"source": [source], "detail": {"eventName": [FAILED["eventName"]]}},
            "Targets": [
                {
                    "Arn": TOPIC,
                    "Id": "Target0",
                    "InputTransformer": {
                        "InputPathsMap": {"said": "$.detail.reason"},
                        "InputTemplate": '"It failed: <said> Runbook: docs/runbook/x.md"',
                    },
                }
            ],
        },
    }
    stack.deploy(made)
    entry = {"Source": source, "DetailType": "State Change", "Detail": json.dumps(FAILED)}
    server.client("events").put_events(Entries=[entry])
    queue, sqs = stack.physical_id("Notified"), server.client("sqs")
    found = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
    return [message["Body"] for message in found.get("Messages", [])]


def test_a_rule_is_heard_where_eventbridge_may_publish(server: Server, stack: Stack) -> None:
    assert told(server, stack, "one", EVENTS) == [
        json.dumps("It failed: " + FAILED["reason"] + " Runbook: docs/runbook/x.md")
    ]


def test_a_condition_is_never_met_and_the_log_says_so(server: Server, stack: Stack) -> None:
    assert told(server, stack, "two", OURS) == []
    topic = stack.physical_id("Topic")
    wait_until(lambda: f"an event is not told to {topic}" in server.log.read_text())

"""What ECS tells of a service by itself, passed on to people: no metric, nothing to pay.

A deployment that failed is rolled back in silence, and without Container Insights ($0.30 a metric)
ECS has no metric of how many tasks run; the sample count of CPUUtilization, which its guide once
named, it names no longer. But it says when it cannot start or place tasks, in events
(docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_events.html, read 2026-11); that
none runs at all, the heartbeat hears, and TaskMemory by the metric that is missing.
"""

from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sns as sns
from constructs import Construct

from stacks.components.alarms import page

EVENTS = {
    "DeploymentFailed": (
        "ECS Deployment State Change",
        ["SERVICE_DEPLOYMENT_FAILED"],
        "A deployment of the service failed, and the circuit breaker goes back to the one before.",
    ),
    "TasksMissing": (
        "ECS Service Action",
        [
            "SERVICE_TASK_START_IMPAIRED",
            "SERVICE_TASK_PLACEMENT_FAILURE",
            "SERVICE_TASK_CONFIGURATION_FAILURE",
        ],
        "Fewer tasks run than are wanted, and ECS cannot start more.",
    ),
}
"""Rule: detail type, names of the event, and what it means."""
SAID = ("eventName", "reason")
"""Of the event's detail; not every event has a reason."""


def tell_of_service(scope: Construct, service: ecs.FargateService, topic: sns.Topic) -> None:
    """Rules that publish to `topic`, as a sentence with its runbook page.

    The target lets EventBridge publish without a condition, as it has to be: "You can't use
    Condition blocks in Amazon SNS topic policies for EventBridge" (its guide, resource-based
    policies). With one, nothing arrives, and nobody is told.
    """
    for name, (detail_type, names, meaning) in EVENTS.items():
        said = " ".join(events.EventField.from_path(f"$.detail.{key}") for key in SAID)
        events.Rule(
            scope,
            name,
            description=meaning,
            event_pattern=events.EventPattern(
                source=["aws.ecs"],
                detail_type=[detail_type],
                resources=[service.service_arn],
                detail={"eventName": names},
            ),
            targets=[
                targets.SnsTopic(
                    topic,
                    message=events.RuleTargetInput.from_text(
                        f"{meaning} ECS says: {said}. Runbook: {page(name)}"
                    ),
                )
            ],
        )

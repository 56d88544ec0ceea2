"""A rule reaches a topic only when its policy lets EventBridge publish, without a condition.

MiniStack hands a rule's event to a topic whatever its policy says. On AWS the policy decides, and
EventBridge says neither its account nor its rule to SNS: "You can't use Condition blocks in Amazon
SNS topic policies for EventBridge"
(docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html). So SNS's default
policy, which asks for the owner, does not allow it either. A refused event is lost; the log says
whose policy to mend.
"""

import logging
from collections.abc import Callable

from ministack.core.iam_evaluator import EvalContext, evaluate_resource_policy
from ministack.core.responses import get_region
from ministack.services import eventbridge, sns

logger = logging.getLogger("embedded_aws.event_permission")

SERVICE = "events.amazonaws.com"


def apply() -> None:
    dispatch: Callable[[str, str], None] = eventbridge._dispatch_to_sns

    def dispatch_to_allowing(topic_arn: str, payload: str) -> None:
        if _may_publish(topic_arn):
            dispatch(topic_arn, payload)
        else:
            logger.error(
                "an event is not told to %s: its policy must let %s publish without condition",
                topic_arn,
                SERVICE,
            )

    eventbridge._dispatch_to_sns = dispatch_to_allowing


def _may_publish(topic_arn: str) -> bool:
    topic = sns._topic_by_arn_any_scope(topic_arn) or {}
    policy = topic.get("attributes", {}).get("Policy")
    if not policy:
        return False
    context = EvalContext(
        principal_arn="*",
        principal_type="Service",
        principal_account="",
        action="sns:Publish",
        resource_arn=topic_arn,
        region=get_region(),
        service_context={},
    )
    allowed: bool = evaluate_resource_policy(policy, context, service=SERVICE).decision == "Allow"
    return allowed

"""A topic hears of alarms only when its policy lets CloudWatch publish.

MiniStack hands an alarm's notice to the topic's subscribers whatever the policy says. Here, as on
AWS, a refused notice is lost and the alarm goes on; the log says whose policy to mend.
"""

import logging
from collections.abc import Callable
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import cloudwatch, sns

logger = logging.getLogger("embedded_aws.alarm_permission")

SERVICE = "cloudwatch.amazonaws.com"
ACTIONS = {
    "ALARM": "AlarmActions",
    "OK": "OKActions",
    "INSUFFICIENT_DATA": "InsufficientDataActions",
}


def apply() -> None:
    dispatch: Callable[..., None] = cloudwatch._dispatch_alarm_actions

    def dispatch_to_allowing(alarm: dict[str, Any], old_state: str, state: str, why: str) -> None:
        if alarm.get("ActionsEnabled", True) and state in ACTIONS:
            actions = alarm.get(ACTIONS[state]) or []
            heard = [action for action in actions if _may_tell(alarm["AlarmArn"], action)]
            dispatch({**alarm, ACTIONS[state]: heard}, old_state, state, why)

    cloudwatch._dispatch_alarm_actions = dispatch_to_allowing


def _may_tell(alarm_arn: str, action: str) -> bool:
    if not cloudwatch._is_sns_action_arn(action):
        return True
    allowed: bool = sns.topic_policy_allows(action, SERVICE, alarm_arn, get_account_id())
    if not allowed:
        logger.error(
            "%s is not told to %s: its policy does not let %s publish",
            alarm_arn,
            action,
            SERVICE,
        )
    return allowed

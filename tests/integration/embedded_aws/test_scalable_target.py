"""Plug-in scalable_target: what sets a service's count by the hour is taken."""

from typing import Any

import pytest

from tests.integration.embedded_aws.stacks import Stack


def test_a_services_hours_are_taken(stack: Stack) -> None:
    def template(least: int, most: int) -> dict[str, Any]:
        closing = {
            "ScheduledActionName": "Close",
            "Schedule": "cron(0 22 ? * MON *)",
            "Timezone": "Asia/Seoul",
            "ScalableTargetAction": {"MinCapacity": 0, "MaxCapacity": 0},
        }
        properties = {
            "MinCapacity": least,
            "MaxCapacity": most,
            "ResourceId": "service/cluster/name",
            "ScalableDimension": "ecs:service:DesiredCount",
            "ServiceNamespace": "ecs",
            "ScheduledActions": [closing],
        }
        kind = "AWS::ApplicationAutoScaling::ScalableTarget"
        return {"Target": {"Type": kind, "Properties": properties}}

    stack.deploy(template(0, 1))
    assert stack.physical_id("Target") == "service/cluster/name|ecs:service:DesiredCount|ecs"
    stack.deploy(template(0, 2))
    with pytest.raises(AssertionError, match="are not a range"):
        stack.deploy(template(2, 1))

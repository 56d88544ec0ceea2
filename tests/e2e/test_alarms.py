"""An alarm from what went wrong to what people read."""

import json
import time
from collections.abc import Callable

from cufit_ops.laptop.environment import client
from tests.e2e.conftest import Running
from tests.e2e.test_journey import recommend


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_a_model_that_refuses_is_told(running: Running) -> None:
    """The worker's log, its metric, the alarm, the topic, the notifier: AI is never off unheard."""
    cloudwatch = client("cloudwatch", running.workspace)

    def state() -> str:
        (found,) = (
            alarm
            for alarm in cloudwatch.describe_alarms()["MetricAlarms"]
            if "AlarmModelMisconfigured" in alarm["AlarmName"]
        )
        value: str = found["StateValue"]
        return value

    def is_told(what: str) -> bool:
        lines = running.cufit("logs", "--since", "5m", "--json").stdout.splitlines()
        return any("**ModelMisconfigured** is " + what in line for line in lines)

    running.faults("access_denied", times=1)
    try:
        found = recommend(running, "maker-2")
    finally:
        running.faults("none")
    assert found["status"] == "DEGRADED"
    assert found["timeline"][-1]["detail"] == "AccessDeniedException"
    wait_until(lambda: state() == "ALARM")
    wait_until(lambda: is_told("ALARM"))
    told = json.dumps(running.cufit("logs", "--since", "5m", "--json").stdout)
    assert "docs/runbook/model-misconfigured.md" in told

"""Nothing that can fail does so unheard: every queue, every function, each with a page to read."""

import re
from pathlib import Path

from tests.infra.synthesis import Synthesized, plain

ROOT = Path(__file__).parents[2]
README = ROOT / "docs/runbook/README.md"

AFFORDABLE_METRICS = 30
"""Watched metrics of an environment: $0.10 a month each, but for ten that are free per account."""

MATH_METRICS = 10
"""The most one alarm on metric math may name (CloudWatch user guide, alarms on metric math)."""

OTHERWISE_HEARD = {
    "Observability/HeartbeatFunction": "NoHeartbeat is its alarm",
    "Observability/AlarmNotifierFunction": "tells of alarms itself; the e-mail comes all the same",
    "Budget/CostBrakeFunction": "SNS tries again for hours, and the budget's mail comes anyway",
}
"""Functions whose errors are no part of FunctionErrors, and why."""

MAKE_IT_EARLIER = (
    "No alarm hears of {what}. stacks/components/alarms.py finds what the stage makes before "
    "ObservabilityStack: move its stack up in stacks/stage.py{otherwise}."
)


def test_every_queue_has_an_alarm(environment: Synthesized) -> None:
    """For how old its messages are, or, where nothing consumes it, for a message in it at all."""
    consumed = environment.referred("AWS::Lambda::EventSourceMapping", "EventSourceArn")
    heard: dict[str, set[tuple[str, str]]] = {}
    for (stack, _), alarm in environment.account.of("AWS::CloudWatch::Alarm"):
        heard.setdefault(alarm.get("MetricName", ""), set()).update(
            environment.account.referred(stack, alarm.get("Dimensions"))
        )

    age, depth = "ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"
    unheard = [
        plain(queue)
        for queue, _ in environment.account.of("AWS::SQS::Queue")
        if queue not in heard.get(age if queue in consumed else depth, ())
    ]
    assert not unheard, MAKE_IT_EARLIER.format(what=f"messages in {unheard}", otherwise="")


def test_every_function_that_raises_is_heard(environment: Synthesized) -> None:
    heard = environment.referred("AWS::CloudWatch::Alarm", "Metrics")

    unheard = [
        plain(function)
        for function, _ in environment.account.of("AWS::Lambda::Function")
        if function not in heard and plain(function) not in OTHERWISE_HEARD
    ]
    assert not unheard, MAKE_IT_EARLIER.format(
        what=f"errors of {unheard}",
        otherwise=f", or say in OTHERWISE_HEARD of {Path(__file__).name} who hears them",
    )


def test_each_alarm_has_its_page_and_no_page_is_left_over(environment: Synthesized) -> None:
    named = set()
    for (_, logical_id), alarm in environment.account.of("AWS::CloudWatch::Alarm"):
        (page,) = re.findall(r"docs/runbook/\S+\.md", alarm["AlarmDescription"])
        named.add(ROOT / page)
        heading = re.sub(r"^Alarm|[0-9A-F]{8}$", "", logical_id)
        written = (ROOT / page).read_text() if (ROOT / page).is_file() else ""
        assert f"# {heading}\n" in written, (
            f"write {page} for the alarm {heading}: a heading of that name, then what it means, "
            "where to look, what to do, when it is done"
        )

    left_over = {*README.parent.glob("*.md")} - {README} - named
    assert not left_over, "no alarm names these pages: remove them"


def test_alarms_are_affordable_and_each_tells_the_topic(environment: Synthesized) -> None:
    alarms = environment.properties("AWS::CloudWatch::Alarm")
    metrics = [
        one for alarm in alarms for one in alarm.get("Metrics", [alarm]) if "Expression" not in one
    ]

    assert 0 < len(metrics) <= AFFORDABLE_METRICS
    most = max(len(alarm.get("Metrics", [])) for alarm in alarms) - 1
    assert most <= MATH_METRICS, f"an alarm on metric math names {most} metrics: split it"
    topics = environment.referred("AWS::CloudWatch::Alarm", "AlarmActions")
    assert {plain(topic) for topic in topics} == {"Observability/Alarms", "Budget/Brake"}
    assert [alarm["AlarmActions"] for alarm in alarms] == [alarm["OKActions"] for alarm in alarms]


def test_silence_of_service_and_heartbeat_is_alarming(environment: Synthesized) -> None:
    alarming = {
        plain(address)
        for address, alarm in environment.account.of("AWS::CloudWatch::Alarm")
        if alarm["TreatMissingData"] == "breaching"
    }

    silent = {"Observability/AlarmTaskMemory"} if environment.settings.parked_sometimes else set()
    assert alarming | silent == {"Observability/AlarmTaskMemory", "Observability/AlarmNoHeartbeat"}

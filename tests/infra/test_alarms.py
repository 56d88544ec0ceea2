"""Nothing that can fail does so unheard: every queue, every function, each with a page to read."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cufit_ops.template_graph import Account, Address
from tests.infra.synthesis import Synthesized, plain

ROOT = Path(__file__).parents[2]
README = ROOT / "docs/runbook/README.md"
NOT_ALARMS = {README, README.with_name("by-hand.md")}

AT_MOST = {"minimum": 6, "full": 11}
"""Watched metrics of an environment: $0.10 a month each, but for ten that are free per account."""

UNHEARD = (
    "Nothing hears of {what}. stacks/components/alarms.py watches every queue the stage makes "
    "before ObservabilityStack: move its stack up in stacks/stage.py. A function is heard by the "
    "queue it consumes, by where its events go when it failed (PythonFunction."
    "invoked_asynchronously), by the API's 5xx, or by an alarm on its errors."
)


def _watched(account: Account, metric: str) -> set[Address]:
    """What the alarms on `metric` have in their dimensions."""
    return {
        address
        for (stack, _), alarm in account.of("AWS::CloudWatch::Alarm")
        if alarm.get("MetricName") == metric
        for address in account.referred(stack, alarm.get("Dimensions"))
    }


def _heard_queues(account: Account) -> set[Address]:
    """Those whose messages are watched, and those whose dead letters are."""
    depth = _watched(account, "ApproximateNumberOfMessagesVisible")
    sources = {
        address
        for address, queue in account.of("AWS::SQS::Queue")
        if set(account.referred(address[0], queue.get("RedrivePolicy"))) & depth
    }
    return depth | sources


def _heard_functions(account: Account) -> set[Address]:
    queues = _heard_queues(account)
    heard = _watched(account, "Errors")
    for (stack, _), mapping in account.of("AWS::Lambda::EventSourceMapping"):
        if set(account.referred(stack, mapping["EventSourceArn"])) & queues:
            heard.update(account.referred(stack, mapping["FunctionName"]))
    for (stack, _), invoked in account.of("AWS::Lambda::EventInvokeConfig"):
        if set(account.referred(stack, invoked.get("DestinationConfig"))) & queues:
            heard.update(account.referred(stack, invoked["FunctionName"]))
    apis = _watched(account, "5xx")
    for (stack, _), integration in account.of("AWS::ApiGatewayV2::Integration"):
        if set(account.referred(stack, integration["ApiId"])) & apis:
            heard.update(account.referred(stack, integration.get("IntegrationUri")))
    return heard


def _unheard(account: Account) -> list[str]:
    queues = {queue for queue, _ in account.of("AWS::SQS::Queue")} - _heard_queues(account)
    functions = {function for function, _ in account.of("AWS::Lambda::Function")}
    return sorted(map(plain, queues | functions - _heard_functions(account)))


def test_every_queue_and_function_is_heard(environment: Synthesized) -> None:
    unheard = _unheard(environment.account)
    assert not unheard, UNHEARD.format(what=unheard)


def test_without_an_alarm_somebody_is_unheard(environment: Synthesized) -> None:
    """Each alarm of the minimum is needed: by whom, the names say."""
    needed = {
        "AlarmDeadLetters": "Matching/MatchWorkerFunction",
        "AlarmFailures": "Photos/PhotoProcessorFunction",
        "AlarmServerErrors": "Photos/PhotoUploadUrlFunction",
        "AlarmNoHeartbeat": "Observability/HeartbeatFunction",
    }
    for name, function in needed.items():
        stacks = {stack: dict(template) for stack, template in environment.account.stacks.items()}
        template = stacks["Observability"]
        template["Resources"] = {
            logical_id: resource
            for logical_id, resource in template["Resources"].items()
            if plain(("Observability", logical_id)) != f"Observability/{name}"
        }
        assert function in _unheard(Account(stacks, environment.account.exports)), name


def test_where_nothing_is_spared_a_queue_that_stands_still_is_heard(
    environment: Synthesized,
) -> None:
    if environment.settings.alarms.level == "full":
        consumed = environment.referred("AWS::Lambda::EventSourceMapping", "EventSourceArn")
        assert consumed <= _watched(environment.account, "ApproximateAgeOfOldestMessage")


def test_ai_that_is_off_is_heard(environment: Synthesized) -> None:
    """The worker's metrics by the names it reports them with, and only of this environment."""
    settings = environment.settings
    watched = {
        alarm["MetricName"]: {one["Name"]: one["Value"] for one in alarm["Dimensions"]}
        for alarm in environment.properties("AWS::CloudWatch::Alarm")
        if alarm["Namespace"] == "cufit"
    }
    (variables,) = (
        function["Environment"]["Variables"]
        for function in environment.functions
        if function["Handler"].startswith("match_worker.")
    )
    reported = {
        "environment": variables["CUFIT_ENV"],
        "service": variables["POWERTOOLS_SERVICE_NAME"],
    }

    expected = set()
    if settings.matching.matchmaker != "rules":
        expected = {"RecommendationsDegraded"}
        if settings.alarms.level == "full":
            expected |= {"ModelMisconfigured"}
    assert expected <= set(watched)
    assert all(dimensions == reported for dimensions in watched.values())
    assert reported["environment"] == settings.name


def _told(environment: Synthesized) -> Iterator[tuple[str, str]]:
    """What people read, by the logical id of the alarm or rule that says it."""
    for (_, logical_id), alarm in environment.account.of("AWS::CloudWatch::Alarm"):
        yield logical_id, alarm["AlarmDescription"]
    for (stack, logical_id), rule in environment.account.of("AWS::Events::Rule"):
        if stack == "Observability" and "EventPattern" in rule:
            (target,) = rule["Targets"]
            yield logical_id, target["InputTransformer"]["InputTemplate"].strip('"')


def test_each_alarm_has_its_page_and_no_page_is_left_over(
    synthesized: dict[str, Synthesized],
) -> None:
    named = set()
    for environment in synthesized.values():
        for logical_id, text in _told(environment):
            (page,) = re.findall(r"docs/runbook/\S+\.md", text)
            assert text.endswith(page), "the notifier makes a link of what it ends in"
            named.add(ROOT / page)
            heading = re.sub(r"^Alarm|[0-9A-F]{8}$", "", logical_id)
            written = (ROOT / page).read_text() if (ROOT / page).is_file() else ""
            assert f"# {heading}\n" in written, (
                f"write {page} for {heading}: a heading of that name, then what it means, "
                "where to look, what to do, when it is done"
            )

    left_over = {*README.parent.glob("*.md")} - NOT_ALARMS - named
    assert not left_over, "no alarm names these pages: remove them"


def _billed(environment: Synthesized) -> list[str]:
    """Every watched metric: of an alarm on metric math, each that it names."""
    return [
        one.get("MetricName") or one["MetricStat"]["Metric"]["MetricName"]
        for alarm in environment.properties("AWS::CloudWatch::Alarm")
        for one in alarm.get("Metrics", [alarm])
        if "Expression" not in one
    ]


def test_alarms_are_counted_by_the_metrics_they_bill(
    environment: Synthesized, capsys: pytest.CaptureFixture[str]
) -> None:
    level, billed = environment.settings.alarms.level, _billed(environment)
    with capsys.disabled():
        sys.stdout.write(f"{environment.settings.name} ({level}): {len(billed)} alarm metrics ")

    assert 0 < len(billed) <= AT_MOST[level], billed


def test_each_tells_the_topic_when_it_begins_and_ends(environment: Synthesized) -> None:
    alarms = environment.properties("AWS::CloudWatch::Alarm")
    topics = environment.referred("AWS::CloudWatch::Alarm", "AlarmActions")
    assert {plain(topic) for topic in topics} == {"Observability/Alarms", "Budget/Brake"}
    assert [alarm["AlarmActions"] for alarm in alarms] == [alarm["OKActions"] for alarm in alarms]


def test_silence_of_service_and_heartbeat_is_alarming(environment: Synthesized) -> None:
    alarming = {
        plain(address)
        for address, alarm in environment.account.of("AWS::CloudWatch::Alarm")
        if alarm["TreatMissingData"] == "breaching"
    }

    expected = {"Observability/AlarmNoHeartbeat"}
    parked = environment.settings.parked_sometimes
    if environment.settings.alarms.level == "full" and not parked:
        expected |= {"Observability/AlarmTaskMemory"}
    assert alarming == expected


def test_a_beat_that_fails_is_one_error(environment: Synthesized) -> None:
    """Repeated, by EventBridge or by Lambda, it would be two silent periods by itself."""
    account = environment.account
    (heartbeat,) = _watched(account, "Errors")
    (invoked,) = (
        properties
        for (stack, _), properties in account.of("AWS::Lambda::EventInvokeConfig")
        if heartbeat in account.referred(stack, properties["FunctionName"])
    )
    (schedule,) = (
        target
        for (stack, _), rule in account.of("AWS::Events::Rule")
        for target in rule["Targets"]
        if heartbeat in account.referred(stack, target["Arn"])
    )
    (alarm,) = (
        alarm
        for alarm in environment.properties("AWS::CloudWatch::Alarm")
        if alarm["MetricName"] == "Errors"
    )

    assert invoked["MaximumRetryAttempts"] == 0
    assert invoked["MaximumEventAgeInSeconds"] <= alarm["Period"]
    assert schedule["RetryPolicy"] == {"MaximumEventAgeInSeconds": 60, "MaximumRetryAttempts": 0}
    assert (alarm["Period"], alarm["EvaluationPeriods"], alarm["Threshold"]) == (300, 2, 1)


def test_what_ecs_says_of_the_service_is_passed_on(environment: Synthesized) -> None:
    account = environment.account
    (service,) = (address for address, _ in account.of("AWS::ECS::Service"))
    heard = {
        name
        for (stack, _), rule in account.of("AWS::Events::Rule")
        if service in account.referred(stack, rule.get("EventPattern"))
        for name in rule["EventPattern"]["detail"]["eventName"]
    }

    assert heard == {
        "SERVICE_DEPLOYMENT_FAILED",
        "SERVICE_TASK_START_IMPAIRED",
        "SERVICE_TASK_PLACEMENT_FAILURE",
        "SERVICE_TASK_CONFIGURATION_FAILURE",
    }

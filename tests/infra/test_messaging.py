"""Queues, what consumes them, and where messages end that nobody could handle."""

import json
from typing import Any

from match_worker.adapters import bedrock_timing
from stacks import timing
from tests.infra.synthesis import Synthesized

Properties = dict[str, Any]

DAY = 24 * 3600
MODEL_AT_ONCE = 2
"""Questions to a model: what it may cost at most is reckoned with this."""
MOST_AT_ONCE = 10
"""Messages of a queue; the account's concurrency is 1,000, or 10 when it is new."""


def _mappings(environment: Synthesized) -> list[tuple[Properties, Properties, Properties]]:
    """Each event source mapping with its queue and its function."""
    queues = environment.resources("AWS::SQS::Queue")
    functions = environment.resources("AWS::Lambda::Function")
    return [
        (
            mapping,
            queues[mapping["EventSourceArn"]["Fn::GetAtt"][0]]["Properties"],
            functions[mapping["FunctionName"]["Ref"]]["Properties"],
        )
        for mapping in environment.properties("AWS::Lambda::EventSourceMapping")
    ]


def test_visibility_is_six_timeouts_of_the_consumer(environment: Synthesized) -> None:
    for _, queue, function in _mappings(environment):
        assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]


def test_only_failed_messages_of_a_batch_come_back(environment: Synthesized) -> None:
    for mapping, _, _ in _mappings(environment):
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_concurrency_is_capped_at_the_source(environment: Synthesized) -> None:
    for mapping, _, function in _mappings(environment):
        asks_a_model = function["Handler"].startswith("match_worker.")
        most = MODEL_AT_ONCE if asks_a_model else MOST_AT_ONCE
        assert mapping["ScalingConfig"]["MaximumConcurrency"] <= most
    # Reserved concurrency would send good messages to the DLQ, and fail in a new account.
    assert not [f for f in environment.functions if "ReservedConcurrentExecutions" in f]


def test_what_fails_five_times_waits_for_a_person(environment: Synthesized) -> None:
    queues = environment.resources("AWS::SQS::Queue")
    for _, queue, _ in _mappings(environment):
        redrive = queue["RedrivePolicy"]
        dead_letters = queues[redrive["deadLetterTargetArn"]["Fn::GetAtt"][0]]["Properties"]
        assert redrive["maxReceiveCount"] >= 5
        assert queue["MessageRetentionPeriod"] == 4 * DAY
        assert dead_letters["MessageRetentionPeriod"] == 14 * DAY


def test_queues_refuse_plain_http(environment: Synthesized) -> None:
    policed = {
        policy["Queues"][0]["Ref"]
        for policy in environment.properties("AWS::SQS::QueuePolicy")
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny"
        and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    }

    assert policed == set(environment.resources("AWS::SQS::Queue"))


def test_an_upload_reaches_the_processor_or_the_failures(environment: Synthesized) -> None:
    rules = environment.properties("AWS::Events::Rule", "Photos")
    (rule,) = rules
    (target,) = rule["Targets"]
    failures = environment.only("AWS::Lambda::EventInvokeConfig", "Photos")["DestinationConfig"]

    assert rule["EventPattern"]["source"] == ["aws.s3"]
    assert rule["EventPattern"]["detail-type"] == ["Object Created"]
    assert rule["EventPattern"]["detail"]["object"] == {"key": [{"prefix": "incoming/"}]}
    assert "PhotoProcessor" in json.dumps(target["Arn"])
    assert target["DeadLetterConfig"]["Arn"] == failures["OnFailure"]["Destination"]


def test_topics_refuse_plain_http(environment: Synthesized) -> None:
    policed = {
        policy["Topics"][0]["Ref"]
        for policy in environment.properties("AWS::SNS::TopicPolicy")
        if '"aws:SecureTransport": "false"' in json.dumps(policy)
    }

    assert policed == set(environment.resources("AWS::SNS::Topic"))


def test_the_worker_has_time_for_a_question_and_its_correction(environment: Synthesized) -> None:
    timeout = environment.settings.matching.timeout_seconds
    asking = bedrock_timing.QUESTIONS * bedrock_timing.question_seconds(timeout)

    assert asking + timing.WORKER_RESERVE <= environment.function("match_worker")["Timeout"]

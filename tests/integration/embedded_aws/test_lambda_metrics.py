"""Plug-in lambda_metrics: every invocation is counted, however it was started."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.integration.embedded_aws import functions
from tests.integration.embedded_aws.server import ACCOUNT, REGION, Server, allow
from tests.integration.embedded_aws.state import wait_until

CODE = """
    import json

    def handler(event, context):
        if "fail" in json.dumps(event):
            raise ValueError("as asked")
        return {"statusCode": 200, "body": "done"}
"""
Start = Callable[[Server, str, str], None]
"""Starts the function `name` once, with a text that arrives somewhere in its event."""


def directly(server: Server, name: str, text: str) -> None:
    server.client("lambda").invoke(FunctionName=name, Payload=json.dumps({"text": text}))


def by_a_queue(server: Server, name: str, text: str) -> None:
    sqs = server.client("sqs")
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    server.client("lambda").create_event_source_mapping(
        FunctionName=name, EventSourceArn=f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"
    )
    sqs.send_message(QueueUrl=url, MessageBody=text)


def by_a_rule(server: Server, name: str, text: str) -> None:
    events = server.client("events")
    pattern = json.dumps({"source": [name]})
    rule = events.put_rule(Name=name, EventPattern=pattern)["RuleArn"]
    events.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": arn(name)}])
    permit(server, name, "events", rule)
    detail = json.dumps({"text": text})
    events.put_events(Entries=[{"Source": name, "DetailType": "t", "Detail": detail}])


def by_a_schedule(server: Server, name: str, text: str) -> None:
    role = server.role(f"{name}-schedule", allow("lambda:InvokeFunction"), service="scheduler")
    server.client("scheduler").create_schedule(
        Name=name,
        ScheduleExpression=f"at({datetime.now(UTC):%Y-%m-%dT%H:%M:%S})",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": arn(name), "RoleArn": role, "Input": json.dumps({"text": text})},
    )


def by_a_topic(server: Server, name: str, text: str) -> None:
    sns = server.client("sns")
    topic = sns.create_topic(Name=name)["TopicArn"]
    permit(server, name, "sns", topic)
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=arn(name))
    sns.publish(TopicArn=topic, Message=text)


def by_a_bucket(server: Server, name: str, text: str) -> None:
    s3 = server.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    permit(server, name, "s3", f"arn:aws:s3:::{name}")
    on_creation = {"LambdaFunctionArn": arn(name), "Events": ["s3:ObjectCreated:*"]}
    s3.put_bucket_notification_configuration(
        Bucket=name,
        NotificationConfiguration={"LambdaFunctionConfigurations": [on_creation]},
    )
    s3.put_object(Bucket=name, Key=text, Body=b"")


def by_an_http_api(server: Server, name: str, text: str) -> None:
    gateway = server.client("apigatewayv2")
    api = gateway.create_api(Name=name, ProtocolType="HTTP")["ApiId"]
    permit(server, name, "apigateway", f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{api}/*")
    integration = gateway.create_integration(
        ApiId=api,
        IntegrationType="AWS_PROXY",
        IntegrationUri=arn(name),
        PayloadFormatVersion="2.0",
    )
    target = f"integrations/{integration['IntegrationId']}"
    gateway.create_route(ApiId=api, RouteKey=f"GET /{text}", Target=target)
    gateway.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
    server.request("GET", f"/_aws/execute-api/{api}/{text}")


WAYS: list[Start] = [
    directly, by_a_queue, by_a_rule, by_a_schedule, by_a_topic, by_a_bucket, by_an_http_api,
]  # fmt: skip


@pytest.mark.parametrize("start", WAYS, ids=lambda start: start.__name__)
def test_one_that_succeeds(server: Server, start: Start) -> None:
    name = made(server, f"good-{start.__name__.replace('_', '-')}")
    start(server, name, "work")
    wait_until(lambda: sums(server, name).get("Invocations") == 1)
    assert sums(server, name) == {"Invocations": 1, "Errors": 0, "Throttles": 0}
    assert duration(server, name) > 0


@pytest.mark.parametrize("start", WAYS, ids=lambda start: start.__name__)
def test_one_that_fails(server: Server, start: Start) -> None:
    name = made(server, f"bad-{start.__name__.replace('_', '-')}")
    start(server, name, "fail")
    wait_until(lambda: sums(server, name).get("Errors", 0) >= 1)
    found = sums(server, name)
    assert found["Errors"] == found["Invocations"]


def test_each_attempt_of_an_asynchronous_invocation_counts(server: Server) -> None:
    name = made(server, "bad-asynchronously")
    server.client("lambda").invoke(
        FunctionName=name, InvocationType="Event", Payload=json.dumps("fail")
    )
    wait_until(lambda: sums(server, name).get("Errors") == 3)
    assert sums(server, name)["Invocations"] == 3


def test_an_alarm_on_errors_sees_what_a_queue_started(server: Server) -> None:
    name = made(server, "bad-and-watched")
    cloudwatch = server.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName=name, Namespace="AWS/Lambda", MetricName="Errors", Statistic="Sum",
        Dimensions=[{"Name": "FunctionName", "Value": name}], Period=60, EvaluationPeriods=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold", Threshold=1,
        TreatMissingData="notBreaching",
    )  # fmt: skip

    def state() -> str:
        (alarm,) = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
        value: str = alarm["StateValue"]
        return value

    wait_until(lambda: state() == "OK")
    by_a_queue(server, name, "fail")
    wait_until(lambda: state() == "ALARM")


def test_a_throttled_request_is_no_invocation(server: Server) -> None:
    name = made(server, "throttled")
    client = server.client("lambda")
    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    with pytest.raises(client.exceptions.TooManyRequestsException):
        client.invoke(FunctionName=name, Payload=b"{}")
    assert sums(server, name) == {"Throttles": 1}


def made(server: Server, name: str) -> str:
    """A new function, and what lets it read its queue."""
    may = allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"])
    functions.create(server, name, CODE, server.role(name, may))
    return name


def arn(name: str) -> str:
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"


def permit(server: Server, name: str, service: str, source: str) -> None:
    server.client("lambda").add_permission(
        FunctionName=name,
        StatementId=service,
        Action="lambda:InvokeFunction",
        Principal=f"{service}.amazonaws.com",
        SourceArn=source,
    )


def sums(server: Server, name: str) -> dict[str, float]:
    """Sum of each metric that has a datapoint."""
    found = {
        metric: statistic(server, name, metric, "Sum")
        for metric in ("Invocations", "Errors", "Throttles")
    }
    return {metric: value for metric, value in found.items() if value is not None}


def duration(server: Server, name: str) -> float:
    return statistic(server, name, "Duration", "Maximum") or 0.0


def statistic(server: Server, name: str, metric: str, statistic: str) -> float | None:
    now = datetime.now(UTC)
    answer: dict[str, Any] = server.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName=metric,
        Dimensions=[{"Name": "FunctionName", "Value": name}],
        StartTime=now - timedelta(minutes=30),
        EndTime=now + timedelta(minutes=1),
        Period=3600,
        Statistics=[statistic],
    )
    values = [point[statistic] for point in answer["Datapoints"]]
    return sum(values) if values else None

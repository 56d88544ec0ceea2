"""What costs and has no price here, told by its name."""

import copy

import pytest

from cufit_ops.costs.bill import bill_of
from cufit_ops.costs.unpriced import settings, together
from cufit_ops.review.money.korean import SETTINGS
from tests.infra.told_unpriced import MADE, Accounts, told_of


@pytest.mark.parametrize(
    ("kind", "properties", "setting"),
    [
        ("AWS::Kinesis::Stream", {}, ""),
        ("AWS::DynamoDB::GlobalTable", {"BillingMode": "PROVISIONED"}, "provisioned capacity"),
        (
            "AWS::Lambda::Function",
            {"Handler": "heartbeat.x", "SnapStart": {"ApplyOn": "PublishedVersions"}},
            "SnapStart",
        ),
        (
            "AWS::Lambda::Function",
            {"Handler": "reports.handler.handler"},
            "a use that nobody has estimated",
        ),
        (
            "AWS::ECS::Service",
            {"TaskDefinition": {"Fn::Sub": "arn:aws:ecs:…"}, "DesiredCount": 2},
            "a task definition of elsewhere",
        ),
        ("AWS::CloudWatch::Alarm", {"Period": "10"}, "a period below a minute"),
        (
            "AWS::ECS::Service",
            {"TaskDefinition": "arn:aws:ecs:…", "DesiredCount": 2},
            "a task definition of elsewhere",
        ),
        (
            "AWS::ECS::TaskDefinition",
            {"Cpu": ".25 vCPU", "Memory": "512"},
            "a size that is not understood",
        ),
        (
            "AWS::ApplicationAutoScaling::ScalableTarget",
            {"ScheduledActions": [{"Schedule": "at(2027-01-01T00:00:00)"}]},
            "a schedule that is not understood",
        ),
        (
            "AWS::ApplicationAutoScaling::ScalableTarget",
            {"ScalableDimension": "lambda:function:ProvisionedConcurrency", "MinCapacity": 9},
            "another dimension than the number of tasks",
        ),
        (
            "AWS::Lambda::Version",
            {"ProvisionedConcurrencyConfig": {"ProvisionedConcurrentExecutions": 5}},
            "provisioned concurrency",
        ),
        (
            "AWS::Lambda::Function",
            {"Handler": "heartbeat.x", "EphemeralStorage": {"Size": 10240}},
            "more than 512 MiB of storage",
        ),
        (
            "AWS::Events::Rule",
            {
                "ScheduleExpression": "rate(1 minute)",
                "Targets": [{"EcsParameters": {"TaskCount": 9}}],
            },
            "tasks that it starts",
        ),
        (
            "AWS::Events::Rule",
            {"ScheduleExpression": "cron(* * * * ? *)", "Targets": []},
            "a schedule that is not understood",
        ),
        (
            "AWS::Scheduler::Schedule",
            {"ScheduleExpression": "rate(1 minute)", "Target": {}},
            "what it starts",
        ),
        (
            "AWS::DynamoDB::GlobalTable",
            {
                "BillingMode": "PAY_PER_REQUEST",
                "Replicas": [{"TableClass": "STANDARD_INFREQUENT_ACCESS"}],
            },
            "another table class",
        ),
        (
            "AWS::DynamoDB::GlobalTable",
            {
                "BillingMode": "PAY_PER_REQUEST",
                "Replicas": [{"ContributorInsightsSpecification": {"Enabled": True}}],
            },
            "Contributor Insights",
        ),
        (
            "AWS::DynamoDB::Table",
            {
                "BillingMode": "PAY_PER_REQUEST",
                "ContributorInsightsSpecification": {"Enabled": True},
            },
            "Contributor Insights",
        ),
        ("AWS::S3::Bucket", {"MetricsConfigurations": [{"Id": "all"}]}, "MetricsConfigurations"),
        (
            "AWS::S3::Bucket",
            {"AccelerateConfiguration": {"AccelerationStatus": "Enabled"}},
            "AccelerateConfiguration",
        ),
        (
            "AWS::Lambda::Function",
            {"Handler": "heartbeat.x", "DurableConfig": {"ExecutionTimeout": 900}},
            "durable runs",
        ),
        (
            "AWS::Lambda::Function",
            {"Handler": "heartbeat.x", "CapacityProviderConfig": {"LambdaManagedInstances": {}}},
            "instances of its own",
        ),
        (
            "AWS::ECS::TaskDefinition",
            {
                "Cpu": "256",
                "Memory": "512",
                "RuntimePlatform": {"OperatingSystemFamily": "WINDOWS_SERVER_2022_CORE"},
            },
            "Windows",
        ),
        ("AWS::SQS::Queue", {"FifoQueue": True}, "first in, first out"),
        (
            "AWS::ApiGatewayV2::Stage",
            {"DefaultRouteSettings": {"DetailedMetricsEnabled": True}},
            "detailed metrics",
        ),
        ("AWS::Logs::LogGroup", {"DataProtectionPolicy": {"Name": "x"}}, "data protection"),
    ],
)
def test_what_has_no_price_is_told(
    accounts: Accounts, kind: str, properties: dict[str, object], setting: str
) -> None:
    one = told_of(accounts["dev"], kind, properties)
    assert (one.kind, one.setting, one.addresses) == (kind, setting, (MADE,))
    assert str(one) == f"{kind}{setting and f' with {setting}'} (Data/Made)"


def test_many_of_one_kind_are_one_line(accounts: Accounts) -> None:
    account = copy.deepcopy(accounts["dev"])
    for number in range(5):
        stream = {"Type": "AWS::Kinesis::Stream", "Properties": {}}
        account.stacks["Data"]["Resources"][f"Made{number}"] = stream
    (one,) = together(bill_of({"dev": account}).unpriced["dev"])
    assert str(one) == "AWS::Kinesis::Stream (Data/Made0, Data/Made1 and 3 more)"


def test_each_setting_has_a_name_in_korean() -> None:
    assert settings() == SETTINGS.keys()

"""What is in the templates has a price or a reason for none, or is told to have neither."""

import copy
from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest

from cufit_ops.costs.bill import bill_of
from cufit_ops.costs.edits import with_entry
from cufit_ops.costs.prices import price_list
from cufit_ops.costs.quantities import fixed, used
from cufit_ops.costs.readable import readable
from cufit_ops.costs.rules import BY_USE, COUNTED, FREE
from cufit_ops.costs.unpriced import settings, together, unpriced
from cufit_ops.costs.use import EXPECTED
from cufit_ops.resource_schemas import names
from cufit_ops.review.money.korean import SETTINGS
from cufit_ops.template_graph import Account
from tests.infra.synthesis import Synthesized

Accounts = Mapping[str, Account]
CHOSEN = {"Fn::If": ["IsLarge", 4096, {"Ref": "Size"}]}
"""What only a deployment knows."""
UNREAD = "a value that cannot be read here"


def one_of_everything(accounts: Accounts) -> list[Account]:
    """With every kind of resource that has a price, also those cufit does not use."""
    x86 = copy.deepcopy(accounts["prod"])
    for stack in x86.stacks.values():
        for resource in stack["Resources"].values():
            properties = resource.get("Properties", {})
            properties.pop("RuntimePlatform", None)
            properties.pop("Architectures", None)
            if resource["Type"] == "AWS::Logs::LogGroup":
                properties["LogGroupClass"] = "INFREQUENT_ACCESS"
    for number, (kind, properties) in enumerate(
        [
            ("AWS::EC2::NatGateway", {}),
            ("AWS::EC2::EIP", {}),
            ("AWS::EC2::VPCEndpoint", {"VpcEndpointType": "Interface", "SubnetIds": ["a", "b"]}),
            ("AWS::KMS::Key", {}),
            ("AWS::SecretsManager::Secret", {}),
            ("AWS::Route53::HostedZone", {}),
            ("AWS::CloudWatch::CompositeAlarm", {}),
            ("AWS::Logs::MetricFilter", {}),
            ("AWS::Events::Rule", {}),
        ]
    ):
        x86.stacks["Data"]["Resources"][f"Made{number}"] = {"Type": kind, "Properties": properties}
    return [*accounts.values(), with_entry(accounts["dev"], "alb"), x86]


def test_every_meter_is_priced_and_every_price_is_used_and_sourced(accounts: Accounts) -> None:
    counted = {
        meter
        for account in one_of_everything(accounts)
        for found in (fixed(account), used(account, EXPECTED))
        for meter, units in found.items()
        if units
    }
    prices = price_list("ap-northeast-2")
    assert counted == prices.prices.keys()
    assert prices.free.keys() <= counted
    for row in (*prices.prices.values(), *prices.free.values()):
        assert date(2026, 1, 1) < row.read <= datetime.now(UTC).date()


def test_whatever_the_stacks_make_has_a_price_or_a_reason(environment: Synthesized) -> None:
    assert not unpriced(readable(environment.account)), (
        "say in ops/cufit_ops/costs/rules.py what these cost, or why nothing"
    )


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
        ("AWS::Logs::LogGroup", {"RetentionInDays": CHOSEN}, UNREAD),
        ("AWS::CloudWatch::Alarm", {"Metrics": CHOSEN}, UNREAD),
        (
            "AWS::DynamoDB::GlobalTable",
            {"BillingMode": "PAY_PER_REQUEST", "Replicas": CHOSEN},
            UNREAD,
        ),
        (
            "AWS::DynamoDB::Table",
            {"BillingMode": "PAY_PER_REQUEST", "PointInTimeRecoverySpecification": CHOSEN},
            UNREAD,
        ),
        (
            "AWS::Lambda::Function",
            {"Handler": "heartbeat.x", "MemorySize": {"Fn::Sub": "${Size}"}},
            UNREAD,
        ),
        (
            "AWS::Lambda::Function",
            {"Handler": "heartbeat.x", "MemorySize": "half a GB", "Environment": CHOSEN},
            UNREAD,
        ),
        ("AWS::Lambda::EventSourceMapping", {"ScalingConfig": CHOSEN}, UNREAD),
        ("AWS::S3::Bucket", {"NotificationConfiguration": CHOSEN}, UNREAD),
        ("AWS::Events::Rule", {"ScheduleExpression": "rate(1 minute)", "Targets": CHOSEN}, UNREAD),
        (
            "AWS::ECS::TaskDefinition",
            {"Cpu": {"Ref": "Size"}, "Memory": "512"},
            "a size that is not understood",
        ),
        (
            "AWS::ECS::TaskDefinition",
            {"Cpu": "256", "Memory": "512", "RuntimePlatform": CHOSEN},
            UNREAD,
        ),
        (
            "AWS::ECS::Service",
            {"TaskDefinition": CHOSEN, "NetworkConfiguration": {}},
            "a task definition of elsewhere",
        ),
        ("AWS::ApplicationAutoScaling::ScalableTarget", {"MinCapacity": CHOSEN}, UNREAD),
        (
            "AWS::ApplicationAutoScaling::ScalableTarget",
            {"ScheduledActions": [{"Schedule": CHOSEN}]},
            "a schedule that is not understood",
        ),
    ],
)
def test_what_has_neither_is_told(
    accounts: Accounts, kind: str, properties: dict[str, object], setting: str
) -> None:
    account = copy.deepcopy(accounts["dev"])
    account.stacks["Data"]["Resources"]["Made"] = {"Type": kind, "Properties": properties}
    (one,) = bill_of({"dev": account}).unpriced["dev"]
    assert (one.kind, one.setting, one.addresses) == (kind, setting, (("Data", "Made"),))
    assert str(one) == f"{kind}{setting and f' with {setting}'} (Data/Made)"


def test_what_a_service_does_not_say_is_told_and_a_parameter_says_its_default(
    accounts: Accounts,
) -> None:
    account = copy.deepcopy(accounts["dev"])
    template = account.stacks["Service"]
    template["Parameters"] = {
        **template.get("Parameters", {}), "Size": {"Type": "Number", "Default": 256},
    }  # fmt: skip
    ((address, service),) = account.of("AWS::ECS::Service")
    ((_, task),) = account.of("AWS::ECS::TaskDefinition")
    cpu = task["Cpu"]
    template["Parameters"]["Size"]["Default"], task["Cpu"] = cpu, {"Ref": "Size"}
    assert bill_of({"dev": account}) == bill_of({"dev": accounts["dev"]})

    for part in ("NetworkConfiguration", "DeploymentConfiguration", "CapacityProviderStrategy"):
        service[part] = CHOSEN
    told = [(one.setting, one.addresses) for one in bill_of({"dev": account}).unpriced["dev"]]
    assert told == [(UNREAD, (address,))]


def test_a_gateway_that_costs_more_than_everything_is_priced(accounts: Accounts) -> None:
    account = copy.deepcopy(accounts["dev"])
    resources = account.stacks["Service"]["Resources"]
    resources["Nat"] = {"Type": "AWS::EC2::NatGateway", "Properties": {}}
    resources["Ip"] = {"Type": "AWS::EC2::EIP", "Properties": {}}
    endpoint = {"VpcEndpointType": "Interface", "SubnetIds": ["a", "c"]}
    resources["Ecr"] = {"Type": "AWS::EC2::VPCEndpoint", "Properties": endpoint}
    before, after = (bill_of({"dev": one}).usage_usd for one in (accounts["dev"], account))
    assert after - before == pytest.approx(730 * (0.059 + 0.005 + 2 * 0.013))


def test_many_of_one_kind_are_one_line(accounts: Accounts) -> None:
    account = copy.deepcopy(accounts["dev"])
    for number in range(5):
        stream = {"Type": "AWS::Kinesis::Stream", "Properties": {}}
        account.stacks["Data"]["Resources"][f"Made{number}"] = stream
    (one,) = together(bill_of({"dev": account}).unpriced["dev"])
    assert str(one) == "AWS::Kinesis::Stream (Data/Made0, Data/Made1 and 3 more)"


def test_every_rule_is_of_a_type_that_exists() -> None:
    """By cfn-lint's copy of CloudFormation's types."""
    kinds = {*COUNTED, *BY_USE, *FREE}
    assert not [kind for kind in kinds if not names(kind)]
    assert len(kinds) == len(COUNTED) + len(BY_USE) + len(FREE)


def test_each_setting_has_a_name_in_korean() -> None:
    assert settings() == SETTINGS.keys()

"""What only a deployment knows, where a price is read from, is told and stops nothing."""

import copy

import pytest

from cufit_ops.costs.bill import bill_of
from tests.infra.told_unpriced import MADE, Accounts, told_of

CHOSEN = {"Fn::If": ["IsLarge", 4096, {"Ref": "Size"}]}
UNREAD = "a value that cannot be read here"


@pytest.mark.parametrize(
    ("kind", "properties", "setting"),
    [
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
def test_what_cannot_be_read_is_told(
    accounts: Accounts, kind: str, properties: dict[str, object], setting: str
) -> None:
    one = told_of(accounts["dev"], kind, properties)
    assert (one.kind, one.setting, one.addresses) == (kind, setting, (MADE,))


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

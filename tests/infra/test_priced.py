"""What is in the templates has a price, or a reason for none; and every price is used."""

import copy
from datetime import UTC, date, datetime

import pytest

from cufit_ops.costs.bill import bill_of
from cufit_ops.costs.edits import with_entry
from cufit_ops.costs.prices import price_list
from cufit_ops.costs.quantities import fixed, used
from cufit_ops.costs.readable import readable
from cufit_ops.costs.rules import BY_USE, COUNTED, FREE
from cufit_ops.costs.unpriced import unpriced
from cufit_ops.costs.use import EXPECTED
from cufit_ops.resource_schemas import names
from cufit_ops.template_graph import Account
from tests.infra.synthesis import Synthesized
from tests.infra.told_unpriced import Accounts


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


def test_a_gateway_that_costs_more_than_everything_is_priced(accounts: Accounts) -> None:
    account = copy.deepcopy(accounts["dev"])
    resources = account.stacks["Service"]["Resources"]
    resources["Nat"] = {"Type": "AWS::EC2::NatGateway", "Properties": {}}
    resources["Ip"] = {"Type": "AWS::EC2::EIP", "Properties": {}}
    endpoint = {"VpcEndpointType": "Interface", "SubnetIds": ["a", "c"]}
    resources["Ecr"] = {"Type": "AWS::EC2::VPCEndpoint", "Properties": endpoint}
    before, after = (bill_of({"dev": one}).usage_usd for one in (accounts["dev"], account))
    assert after - before == pytest.approx(730 * (0.059 + 0.005 + 2 * 0.013))


def test_every_rule_is_of_a_type_that_exists() -> None:
    """By cfn-lint's copy of CloudFormation's types."""
    kinds = {*COUNTED, *BY_USE, *FREE}
    assert not [kind for kind in kinds if not names(kind)]
    assert len(kinds) == len(COUNTED) + len(BY_USE) + len(FREE)

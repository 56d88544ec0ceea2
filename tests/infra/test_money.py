"""What a change costs, of all environments of an account together."""

import re
import tomllib
from collections.abc import Mapping
from typing import Any

import pytest

from cufit_ops.costs.edits import with_size
from cufit_ops.review.change import Change, Side
from cufit_ops.review.findings import Finding, Gate, Rank, Topic
from cufit_ops.review.money import findings
from cufit_ops.template_graph import Account
from tests.infra.conftest import FIXTURES
from tests.infra.synthesis import Synthesized

Sides = dict[str, Side]


@pytest.fixture
def sides(samples: Mapping[str, Synthesized]) -> Sides:
    files = {
        name: tomllib.loads((FIXTURES / f"{name}.toml").read_text(encoding="utf-8"))
        for name in samples
    }
    return {name: Side(one.account, None, files[name]) for name, one in samples.items()}


def changes(base: Sides, head: Sides) -> list[Change]:
    names = sorted({*base, *head})
    return [Change(name, base.get(name), head.get(name), []) for name in names]


def resized(side: Side, cpu: int, memory: int, **budget: Any) -> Side:
    configuration = dict(side.configuration or {})
    if budget:
        configuration["budget"] = {**configuration["budget"], **budget}
    return Side(with_size(side.account, cpu, memory), None, configuration)


def shown(found: list[Finding]) -> list[Finding]:
    return [finding for finding in found if finding.rank is not Rank.DETAIL]


def test_nothing_is_said_of_a_change_that_costs_nothing(sides: Sides) -> None:
    assert [*findings(changes(sides, sides))] == []


def test_less_than_a_few_cents_is_folded(sides: Sides) -> None:
    stacks = {name: dict(one) for name, one in sides["prod"].account.stacks.items()}
    stacks["Data"] = {**stacks["Data"], "Resources": dict(stacks["Data"]["Resources"])}
    stacks["Data"]["Resources"]["Index"] = {
        "Type": "AWS::Events::Rule",
        "Properties": {
            "ScheduleExpression": "rate(10 minutes)",
            "Targets": [{"Arn": {"Fn::GetAtt": ["Nothing", "Arn"]}}],
        },
    }
    prod = Side(Account.made_of(stacks), None, sides["prod"].configuration)

    assert shown([*findings(changes(sides, {**sides, "prod": prod}))]) == []


def test_all_environments_of_an_account_count_together(sides: Sides) -> None:
    """Neither is above the limit by itself."""
    head = {name: resized(side, 512, 2048) for name, side in sides.items()}
    alone = [[*findings(changes({n: sides[n]}, {n: head[n]}))] for n in sides]
    (total,) = shown([*findings(changes(sides, head))])

    assert not any(finding.gate for found in alone for finding in found)
    assert (total.rank, total.gate) == (Rank.DANGER, Gate.MONTHLY_LIMIT)
    assert total.subject == "dev + prod"
    assert "Fargate tasks" in total.evidence


def test_environments_of_other_accounts_and_laptops_do_not(sides: Sides) -> None:
    apart = {
        "dev": sides["dev"],
        "prod": Side(
            sides["prod"].account,
            None,
            {**(sides["prod"].configuration or {}), "account": "1" * 12},
        ),
    }
    head = {**apart, "dev": resized(sides["dev"], 512, 1024), "local": sides["prod"]}
    (total,) = shown([*findings(changes(apart, head))])
    assert total.subject == "dev"
    assert total.rank is Rank.NOTICE


def test_what_is_above_the_limit_may_become_cheaper(sides: Sides) -> None:
    base = {**sides, "prod": resized(sides["prod"], 2048, 4096)}
    head = {**sides, "prod": resized(sides["prod"], 1024, 2048)}
    (total,) = shown([*findings(changes(base, head))])
    assert (total.rank, total.gate) == (Rank.NOTICE, None)


def test_a_limit_that_is_raised_is_told(sides: Sides) -> None:
    head = {**sides, "dev": resized(sides["dev"], 256, 1024, monthly_usd=60.0)}
    (told,) = shown([*findings(changes(sides, head))])
    assert told.sentence.english == "Changes what the account may cost a month: $37.5 → $60"


def test_a_first_version_says_what_it_costs(sides: Sides) -> None:
    (total,) = shown([*findings(changes({}, sides))])
    assert total.topic is Topic.MONEY
    assert re.match(r"Costs \$3\d\.\d\d a month for dev \+ prod", total.sentence.english)


def test_credits_of_the_head_do_where_the_base_says_nothing(sides: Sides) -> None:
    base = {name: Side(side.account) for name, side in sides.items()}
    head = {**sides, "dev": resized(sides["dev"], 512, 1024)}
    (total,) = shown([*findings(changes(base, head))])
    assert "runway 7.0 → 6.5 months, until 2027-06-1" in total.sentence.english


def test_an_environment_that_is_taken_out_of_the_app_stays_and_costs(sides: Sides) -> None:
    assert [*findings(changes(sides, {"prod": sides["prod"]}))] == []


def test_a_region_without_prices_is_told(sides: Sides) -> None:
    elsewhere = Account.made_of(
        {
            "Data": {
                "Resources": {
                    "Table": {
                        "Type": "AWS::DynamoDB::GlobalTable",
                        "Properties": {"Replicas": [{"Region": "eu-west-1"}]},
                    }
                }
            }
        }
    )
    (told,) = findings(changes(sides, {**sides, "dev": Side(elsewhere)}))
    assert told.rank is Rank.NOTICE
    assert "no prices of region eu-west-1: ops/prices has those of ap-northeast-2" in (
        told.sentence.english
    )

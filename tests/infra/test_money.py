"""What a change costs, of all environments of an account together."""

import copy
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from cufit_ops.costs.edits import with_size
from cufit_ops.review.change import Change, Side
from cufit_ops.review.findings import Finding, Gate, Rank, Topic
from cufit_ops.review.money import findings
from cufit_ops.template_graph import Account
from tests.infra.conftest import FIXTURES
from tests.infra.synthesis import Synthesized

Sides = dict[str, Side]


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    """Before the credits of the samples are spent, and while prices are young."""
    with time_machine.travel(datetime(2026, 12, 1, tzinfo=UTC)):
        yield


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


def test_a_cent_above_the_limit_is_folded_too_but_not_the_one_that_breaks_it(sides: Sides) -> None:
    """Where an account is above it already, a cent shall not ask for a label."""
    stacks = copy.deepcopy(sides["prod"].account.stacks)
    (schedule,) = (
        one["Properties"]
        for one in stacks["Observability"]["Resources"].values()
        if "ScheduleExpression" in one.get("Properties", {})
    )
    schedule["ScheduleExpression"] = "rate(2 minutes)"  # two cents
    prod = Side(Account.made_of(stacks), None, sides["prod"].configuration)
    for limit, shut in ((20.0, False), (31.95, True)):
        base = {**sides, "dev": resized(sides["dev"], 256, 1024, monthly_usd=limit)}
        found = [*findings(changes(base, {**base, "prod": prod}))]
        assert any(one.gate for one in found) is shut, found


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


def test_another_account_is_held_against_the_limit_of_the_one_it_leaves(sides: Sides) -> None:
    """Naming dev's account and enlarging prod at once is one pull request still."""
    named = {**(sides["dev"].configuration or {}), "account": "1" * 12}
    head = {
        "dev": Side(sides["dev"].account, None, named),
        "prod": resized(sides["prod"], 1024, 2048),
    }
    (total,) = shown([*findings(changes(sides, head))])
    assert (total.subject, total.gate) == ("dev + prod", Gate.MONTHLY_LIMIT)


def test_what_is_above_the_limit_may_become_cheaper(sides: Sides) -> None:
    base = {**sides, "prod": resized(sides["prod"], 2048, 4096)}
    head = {**sides, "prod": resized(sides["prod"], 1024, 2048)}
    (total,) = shown([*findings(changes(base, head))])
    assert (total.rank, total.gate) == (Rank.NOTICE, None)


def test_a_limit_that_is_raised_is_told(sides: Sides) -> None:
    head = {**sides, "dev": resized(sides["dev"], 256, 1024, monthly_usd=60.0)}
    (told,) = shown([*findings(changes(sides, head))])
    assert told.sentence.english == "Changes what the account may cost a month: $37.5 → $60"


@pytest.mark.parametrize(
    ("budget", "words"),
    [
        ({"monthly_usd": 500.0}, "above the limit of $37.5, which this change raises to $500;"),
        (None, "above the limit of $37.5, which this change takes away;"),
        ({"vat_percent": 0}, "(Fargate tasks +$18.28), above the limit of $37.5;"),
    ],
)
def test_a_change_does_not_lift_the_limit_it_breaks(
    sides: Sides, budget: dict[str, Any] | None, words: str
) -> None:
    configuration = dict(sides["dev"].configuration or {})
    limits = configuration.pop("budget")
    if budget:
        configuration["budget"] = {**limits, **budget}
    head = {
        "dev": Side(sides["dev"].account, None, configuration),
        "prod": resized(sides["prod"], 1024, 2048),
    }
    total, told = shown([*findings(changes(sides, head))])
    assert (total.rank, total.gate) == (Rank.DANGER, Gate.MONTHLY_LIMIT)
    assert words in total.sentence.english
    assert "runway 7.0 → 4.5 months" in total.sentence.english
    assert told.subject.startswith("budget.")


def test_a_limit_below_what_is_there_says_so(sides: Sides) -> None:
    head = {**sides, "dev": resized(sides["dev"], 256, 1024, monthly_usd=20)}
    (told,) = shown([*findings(changes(sides, head))])
    assert told.sentence.english.endswith("$37.5 → $20, and it costs $31.94")


def test_a_first_version_says_what_it_costs(sides: Sides) -> None:
    (total,) = shown([*findings(changes({}, sides))])
    assert total.topic is Topic.MONEY
    assert re.match(r"Costs \$3\d\.\d\d a month for dev \+ prod", total.sentence.english)


@pytest.mark.parametrize(
    "day", [datetime(2027, 7, 4, tzinfo=UTC), datetime(2028, 2, 29, tzinfo=UTC)]
)
def test_credits_that_are_spent_are_no_runway(sides: Sides, day: datetime) -> None:
    head = {**sides, "dev": resized(sides["dev"], 512, 1024)}
    with time_machine.travel(day):
        total, *rest = findings(changes(sides, head))
    assert (
        "; no credits are left since 2027-07-03, as far as [budget] knows: renew credits_usd and "
        "credits_from; with 10 %"
    ) in total.sentence.english
    assert "runway" not in total.sentence.english
    assert [finding.rank for finding in rest] == [Rank.DETAIL] * len(rest)


def test_old_prices_are_no_news_where_nothing_costs_otherwise(sides: Sides) -> None:
    with time_machine.travel(datetime(2028, 2, 29, tzinfo=UTC)):
        assert [*findings(changes(sides, sides))] == []
        head = {**sides, "dev": resized(sides["dev"], 512, 1024)}
        *_, told = findings(changes(sides, head))
    assert "prices of ops/prices/ap-northeast-2.json that were read more" in told.sentence.english


def test_credits_of_the_head_do_where_the_base_says_nothing(sides: Sides) -> None:
    base = {name: Side(side.account) for name, side in sides.items()}
    head = {**sides, "dev": resized(sides["dev"], 512, 1024)}
    (total,) = shown([*findings(changes(base, head))])
    assert "runway 7.0 → 6.5 months, until 2027-06-1" in total.sentence.english


def test_an_environment_that_is_taken_out_of_the_app_stays_and_costs(sides: Sides) -> None:
    assert [*findings(changes(sides, {"prod": sides["prod"]}))] == []


def abroad(side: Side) -> Side:
    replicas = {"Replicas": [{"Region": "eu-west-1"}]}
    table = {"Type": "AWS::DynamoDB::GlobalTable", "Properties": replicas}
    account = Account.made_of({"Data": {"Resources": {"Table": table}}})
    return Side(account, None, side.configuration)


def test_a_region_without_prices_is_told_and_hides_nothing_else(sides: Sides) -> None:
    """Its environment was priced, so nobody knows any more whether the limit holds."""
    head = {"dev": abroad(sides["dev"]), "prod": resized(sides["prod"], 1024, 2048)}
    total, told = shown([*findings(changes(sides, head))])
    assert (told.rank, told.gate, told.subject) == (Rank.DANGER, Gate.MONTHLY_LIMIT, "dev")
    assert "no prices of region eu-west-1: ops/prices has those of ap-northeast-2" in (
        told.sentence.english
    )
    assert "no prices" not in told.sentence.korean
    assert re.search(
        r"\$24\.6\d → \$42\.\d\d a month for prod \(Fargate tasks \+\$18\.28\), above",
        total.sentence.english,
    )


def test_a_region_that_never_had_prices_closes_no_gate(sides: Sides) -> None:
    everywhere = {name: abroad(side) for name, side in sides.items()}
    found = shown([*findings(changes(everywhere, everywhere))])
    assert [(one.rank, one.gate) for one in found] == [(Rank.NOTICE, None)] * 2

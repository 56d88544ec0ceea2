"""Services may publish to the topics they are told to: a topic's policy replaces SNS's default."""

import copy
from collections.abc import Iterator
from typing import Any

from cufit_ops.template_graph import Account, Address
from tests.infra.synthesis import Synthesized, as_list, plain

ALARM_ACTIONS = ("AlarmActions", "OKActions", "InsufficientDataActions")

CLOUDWATCH, BUDGETS = "cloudwatch.amazonaws.com", "budgets.amazonaws.com"
SOURCES = {
    CLOUDWATCH: "cloudwatch:REGION:ACCOUNT:alarm:*",
    BUDGETS: "budgets::ACCOUNT:*",
}
"""The ARNs each service publishes for, behind their partition."""

Edge = tuple[Address, str]
"""A topic, and the service that publishes to it."""


def _edges(account: Account) -> set[Edge]:
    alarms = {
        (topic, CLOUDWATCH)
        for (stack, _), alarm in account.of("AWS::CloudWatch::Alarm")
        for actions in ALARM_ACTIONS
        for topic in account.referred(stack, alarm.get(actions))
    }
    budgets = {
        (topic, BUDGETS)
        for (stack, _), budget in account.of("AWS::Budgets::Budget")
        for topic in account.referred(stack, budget["NotificationsWithSubscribers"])
    }
    return alarms | budgets


def _statements(account: Account, topic: Address) -> Iterator[tuple[Address, dict[str, Any]]]:
    """What the policies of `topic` say, each with the policy's address."""
    for address, policy in account.of("AWS::SNS::TopicPolicy"):
        if topic in account.referred(address[0], policy["Topics"]):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield address, statement


def _allows(environment: Synthesized, edge: Edge, stack: str, statement: dict[str, Any]) -> bool:
    """Whether `statement` allows just `edge`: for this account, and for what the service sends."""
    topic, service = edge
    owner = environment.settings.account or "{AccountId}"
    region = environment.settings.region
    source = SOURCES[service].replace("REGION", region).replace("ACCOUNT", owner)
    conditions = {
        (operator, key): environment.written_out(stack, value)
        for operator, condition in statement.get("Condition", {}).items()
        for key, value in condition.items()
    }
    _arn, _, from_partition = conditions.pop(("ArnLike", "aws:SourceArn"), "").partition(":")
    return (
        statement["Effect"] == "Allow"
        and statement["Principal"] == {"Service": service}
        and as_list(statement["Action"]) == ["sns:Publish"]
        and [*environment.account.referred(stack, statement["Resource"])] == [topic]
        and from_partition.partition(":")[2] == source
        and conditions == {("StringEquals", "aws:SourceAccount"): owner}
    )


def _refused(environment: Synthesized, account: Account) -> set[Edge]:
    return {
        edge
        for edge in _edges(account)
        if not any(
            _allows(environment, edge, stack, statement)
            for (stack, _), statement in _statements(account, edge[0])
        )
    }


def test_alarms_and_budgets_may_publish_to_their_topics(environment: Synthesized) -> None:
    edges = {(plain(topic), service) for topic, service in _edges(environment.account)}
    expected = {
        ("Observability/Alarms", CLOUDWATCH),
        ("Budget/Brake", CLOUDWATCH),
        ("Budget/Brake", BUDGETS),
    }
    assert edges == expected | (
        {("Budget/Notices", BUDGETS)} if environment.settings.budget else set()
    )
    assert not _refused(environment, environment.account)


def test_a_missing_statement_is_found(environment: Synthesized) -> None:
    for edge in _edges(environment.account):
        account = copy.deepcopy(environment.account)
        for address, statement in [*_statements(account, edge[0])]:
            if statement["Principal"] == {"Service": edge[1]}:
                account.properties(address)["PolicyDocument"]["Statement"].remove(statement)
        assert _refused(environment, account) == {edge}

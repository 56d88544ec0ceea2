"""Which service of AWS does what to which resource, as the templates wire them.

Found in the templates: whoever adds an alarm, a rule or a subscription has another edge here. Two
ways need no policy: S3 tells EventBridge of its objects without one ("Using EventBridge", S3 user
guide), and SQS itself moves messages to a dead-letter queue.
"""

from collections.abc import Iterator
from typing import Any

from cufit_ops.template_graph import Address
from tests.infra.simulated.policies import RESOURCE, TRUST, Policies
from tests.infra.simulated.requests import OTHER_SERVICE, STRANGER, Request
from tests.infra.synthesis import plain

ALARM_ACTIONS = ("AlarmActions", "OKActions", "InsufficientDataActions")

Edge = tuple[Request, list[Request]]
"""What a service does, and what must be refused beside it."""


def edges(policies: Policies) -> Iterator[Edge]:
    yield from _notices(policies)
    yield from _subscriptions(policies)
    yield from _rules(policies)
    yield from _routes(policies)
    yield from _trusts(policies)


def _edge(
    policies: Policies,
    why: str,
    service: str,
    action: str,
    target: Address,
    source: str | None = None,
    *wrong_sources: str,
    guard: str = RESOURCE,
) -> Edge:
    """`source` is an ARN; the service tells it, with its account, where it acts for a resource."""
    naming = policies.naming
    context = {"aws:SourceArn": source, "aws:SourceAccount": naming.account} if source else {}
    request = Request(
        f"{why} → {plain(target)}",
        service,
        action,
        naming.arn_of(target),
        context,
        guard=(guard, target),
    )
    refused = [request.but("by another service", principal=OTHER_SERVICE)]
    if source:
        foreign = source.replace(f":{naming.account}:", f":{STRANGER}:")
        refused += [
            request.with_context(
                f"for {wrong}", **{"aws:SourceArn": wrong, "aws:SourceAccount": account}
            )
            for wrong, account in (
                (foreign, STRANGER),
                *((wrong, naming.account) for wrong in wrong_sources),
            )
        ]
    return request, refused


def _notices(policies: Policies) -> Iterator[Edge]:
    """Alarms and budgets to topics."""
    account, naming = policies.environment.account, policies.naming
    service = "cloudwatch.amazonaws.com"
    for alarm, properties in account.of("AWS::CloudWatch::Alarm"):
        source = naming.arn_of(alarm)
        for topic in {
            topic
            for actions in ALARM_ACTIONS
            for topic in account.referred(alarm[0], properties.get(actions))
        }:
            wrong = source.replace(":alarm:", ":insight-rule/")
            yield _edge(policies, plain(alarm), service, "sns:Publish", topic, source, wrong)
    for budget, properties in account.of("AWS::Budgets::Budget"):
        source = naming.arn("budgets", f"budget/{naming.name_of(budget)}", region="")
        for topic in {*account.referred(budget[0], properties["NotificationsWithSubscribers"])}:
            wrong = source.replace(":budgets:", ":billing:")
            service = "budgets.amazonaws.com"
            yield _edge(policies, plain(budget), service, "sns:Publish", topic, source, wrong)


def _subscriptions(policies: Policies) -> Iterator[Edge]:
    account, naming = policies.environment.account, policies.naming
    for (stack, _), properties in account.of("AWS::SNS::Subscription"):
        if properties["Protocol"] in ("email", "https"):
            continue  # leaves AWS
        if properties["Protocol"] != "lambda":
            raise NotImplementedError(f"a subscription by {properties['Protocol']}")
        source = naming.value(stack, properties["TopicArn"])
        for function in account.referred(stack, properties["Endpoint"]):
            yield _invocation(policies, source, "sns.amazonaws.com", function, f"{source}-other")


def _rules(policies: Policies) -> Iterator[Edge]:
    account, naming = policies.environment.account, policies.naming
    service = "events.amazonaws.com"
    for rule, properties in account.of("AWS::Events::Rule"):
        source = naming.arn_of(rule)
        for target in properties["Targets"]:
            for address in account.referred(rule[0], target["Arn"]):
                yield _to(policies, address, source, service)
            dead_letters = target.get("DeadLetterConfig", {}).get("Arn")
            for queue in account.referred(rule[0], dead_letters):
                yield _to(policies, queue, source, service)


def _to(policies: Policies, target: Address, source: str, service: str) -> Edge:
    kind = policies.environment.account.stacks[target[0]]["Resources"][target[1]]["Type"]
    if kind == "AWS::SNS::Topic":
        # EventBridge tells SNS neither its rule nor its account ("You can't use Condition blocks in
        # Amazon SNS topic policies for EventBridge", EventBridge user guide).
        return _edge(policies, source, service, "sns:Publish", target)
    action = {
        "AWS::Lambda::Function": "lambda:InvokeFunction",
        "AWS::SQS::Queue": "sqs:SendMessage",
    }[kind]
    if action == "sns:Publish":
        # EventBridge tells SNS neither its account nor its rule ("You can't use Condition blocks in
        # Amazon SNS topic policies for EventBridge", its guide on resource-based policies).
        return _edge(policies, source, service, action, target)
    return _edge(policies, source, service, action, target, source, f"{source}-other")


def _invocation(
    policies: Policies, source: str, service: str, function: Address, *wrong: str
) -> Edge:
    return _edge(policies, source, service, "lambda:InvokeFunction", function, source, *wrong)


def _routes(policies: Policies) -> Iterator[Edge]:
    """The HTTP API to functions; to the service it goes by the VPC link, without a policy."""
    account, naming = policies.environment.account, policies.naming
    integrations = dict(account.of("AWS::ApiGatewayV2::Integration"))
    for route, properties in account.of("AWS::ApiGatewayV2::Route"):
        for referred in account.referred(route[0], properties["Target"]):
            uri = integrations.get(referred, {}).get("IntegrationUri")
            for target in account.referred(route[0], uri):
                if target not in dict(account.of("AWS::Lambda::Function")):
                    continue
                method, _, path = str(properties["RouteKey"]).partition(" ")
                api = naming.value(route[0], properties["ApiId"])
                source = naming.arn("execute-api", f"{api}/$default/{method}{path}")
                wrong = source.replace(f":{api}/", ":other/"), f"{source}/other"
                service = "apigateway.amazonaws.com"
                yield _invocation(policies, source, service, target, *wrong)


def _trusts(policies: Policies) -> Iterator[Edge]:
    """Which service takes which role."""
    for service, role, source, wrong in _takers(policies):
        sources = [source, wrong] if source and wrong else []
        yield _edge(policies, service, service, "sts:AssumeRole", role, *sources, guard=TRUST)


def _takers(policies: Policies) -> Iterator[tuple[str, Address, str | None, str | None]]:
    account, naming = policies.environment.account, policies.naming

    def roles(address: Address, value: Any) -> Iterator[Address]:
        return account.referred(address[0], value)

    for function, properties in account.of("AWS::Lambda::Function"):
        for role in roles(function, properties["Role"]):
            yield "lambda.amazonaws.com", role, None, None
    for task, properties in account.of("AWS::ECS::TaskDefinition"):
        for role in roles(task, [properties["TaskRoleArn"], properties["ExecutionRoleArn"]]):
            yield "ecs-tasks.amazonaws.com", role, None, None
    for base, properties in account.of("AWS::Bedrock::KnowledgeBase"):
        for role in roles(base, properties["RoleArn"]):
            source = naming.arn_of(base)
            wrong = source.replace(":knowledge-base/", ":agent/")
            yield "bedrock.amazonaws.com", role, source, wrong
    for schedule, properties in account.of("AWS::Scheduler::Schedule"):
        for role in roles(schedule, properties["Target"]["RoleArn"]):
            yield "scheduler.amazonaws.com", role, None, None

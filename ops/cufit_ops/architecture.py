"""Draw the architecture from the synthesized templates, into every page that shows it.

    python -m cufit_ops.architecture

Nodes are resources; arrows are event sources, routes, subscriptions and permissions. A test of
tests/infra fails when a page shows another picture than the templates give.
"""

import importlib
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from cufit_ops.template_graph import Account, Address
from cufit_ops.workspace import ROOT
from stacks.config_files import load_environment

ENVIRONMENT = load_environment(ROOT / "docs/architecture.toml")
"""Drawn; none of config/, which operators change."""
BEGIN = "<!-- architecture: drawn by `python -m cufit_ops.architecture` -->"
END = "<!-- /architecture -->"
STACKS = ("Service", "Photos", "Matching", "Data", "Knowledge", "Observability", "Budget")

_PEOPLE, _MODEL, _MAIL = "people", "model", "mail"
_OUTSIDE = {
    _PEOPLE: '(("makers,<br/>candidates"))',
    _MODEL: '(("Bedrock<br/>model"))',
    _MAIL: '(("e-mail"))',
}
_FIXED = {
    "AWS::ApiGatewayV2::Api": '(["HTTP API"])',
    "AWS::ECS::Service": '["Fargate service"]',
    "AWS::S3::Bucket": '[("photo bucket")]',
    "AWS::S3Vectors::Index": '[("S3 Vectors index")]',
    "AWS::Bedrock::KnowledgeBase": '["knowledge base"]',
    "AWS::SSM::Parameter": '["brake"]',
    "AWS::Budgets::Budget": '["monthly budget"]',
}
_TOGETHER = {
    "AWS::DynamoDB::GlobalTable": ("Tables", '[("{count} table{s}")]'),
    "AWS::CloudWatch::Alarm": ("AllAlarms", '["{count} alarm{s}"]'),
}
"""Drawn as one node however many there are."""
_OWN_WORDS = {
    "AWS::SQS::Queue": '[["{words}"]]',
    "AWS::SNS::Topic": '(["{words} topic"])',
}
_EVENTS_OF = {"aws.s3": "uploaded", "aws.ecs": "deployment failed, tasks missing"}
_LEFT_OUT = ("logs:", "sqs:Receive", "sqs:Delete", "sqs:Get", "s3vectors:")
"""Permissions that repeat another arrow, or say nothing about how things work together."""


class Picture:
    """Nodes by stack, and arrows between them in the order they are found."""

    def __init__(self, account: Account) -> None:
        self.account = account
        self.nodes: dict[str, dict[str, str]] = {stack: {} for stack in STACKS}
        self.edges: dict[tuple[str, str], str] = {}
        """(from, to) → the arrow with its label."""
        self._name_of: dict[Address, str] = {}
        self._make_nodes()
        for draw in _ARROWS:
            draw(self)

    def arrow(self, start: str, end: str, label: str = "", line: str = "-->") -> None:
        if start != end:
            self.edges.setdefault((start, end), f'{line}|"{label}"|' if label else line)

    def named(self, stack: str, value: Any) -> Iterator[str]:
        """The nodes of the resources that `value`, part of a template of `stack`, refers to."""
        for address in self.account.referred(stack, value):
            if address in self._name_of:
                yield self._name_of[address]

    def name(self, address: Address) -> str:
        return self._name_of[address]

    def _make_nodes(self) -> None:
        for stack in STACKS:
            for logical_id, kind, properties in self.account.stack(stack):
                made = self._node(stack, logical_id, kind, properties)
                if made:
                    self._name_of[stack, logical_id], shape = made
                    self.nodes[stack][made[0]] = shape

    def _node(
        self, stack: str, logical_id: str, kind: str, properties: Any
    ) -> tuple[str, str] | None:
        if (stack, kind) == ("Knowledge", "AWS::SSM::Parameter"):
            return None  # ids for other stacks' deployments; nothing that runs reads them
        if kind in _FIXED:
            return kind.split("::")[1] + kind.split("::")[2], _FIXED[kind]
        if kind in _TOGETHER:
            name, shape = _TOGETHER[kind]
            count = sum(k == kind for _, k, _ in self.account.stack(stack))
            return stack + name, shape.format(count=count, s="" if count == 1 else "s")
        if kind in _OWN_WORDS:
            plain = re.sub(r"[0-9A-F]{8}$", "", logical_id)
            return stack + plain, _OWN_WORDS[kind].format(words=_words(plain))
        if kind == "AWS::Lambda::Function":
            name = properties["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]
            return name, f'["λ {name}"]'
        return None

    def mermaid(self) -> str:
        lines = ["flowchart LR"]
        lines += [f"    {name}{shape}" for name, shape in _OUTSIDE.items()]
        for stack, nodes in self.nodes.items():
            lines += [f"    subgraph {stack}"]
            lines += [f"        {name}{shape}" for name, shape in nodes.items()]
            lines += ["    end"]
        lines += [f"    {start} {arrow} {end}" for (start, end), arrow in self.edges.items()]
        return "\n".join(lines)


def _words(name: str) -> str:
    """MatchRequestsDeadLetters → match requests dead letters; a queue's own word is left out."""
    return re.sub(r"(?<!^)([A-Z])", r" \1", name.removesuffix("Queue")).lower()


def _routes(picture: Picture) -> None:
    account = picture.account
    for address, route in account.of("AWS::ApiGatewayV2::Route"):
        stack = address[0]
        (api,) = picture.named(stack, route["ApiId"])
        picture.arrow(_PEOPLE, api)
        for integration in account.referred(stack, route["Target"]):
            properties = account.properties(integration)
            if properties.get("ConnectionType") == "VPC_LINK":
                for service, _ in account.of("AWS::ECS::Service"):
                    picture.arrow(api, picture.name(service), "VPC link")
            else:
                for function in picture.named(stack, properties):
                    picture.arrow(api, function, route["RouteKey"])


def _event_sources(picture: Picture) -> None:
    for (stack, _), mapping in picture.account.of("AWS::Lambda::EventSourceMapping"):
        for queue in picture.named(stack, mapping["EventSourceArn"]):
            for function in picture.named(stack, mapping["FunctionName"]):
                picture.arrow(queue, function)
    for (stack, _), rule in picture.account.of("AWS::Events::Rule"):
        for source in picture.named(stack, rule.get("EventPattern")):
            for target in picture.named(stack, [target["Arn"] for target in rule["Targets"]]):
                picture.arrow(source, target, _EVENTS_OF[rule["EventPattern"]["source"][0]])


def _failures(picture: Picture) -> None:
    for address, queue in picture.account.of("AWS::SQS::Queue"):
        for dead_letters in picture.named(address[0], queue.get("RedrivePolicy")):
            attempts = queue["RedrivePolicy"]["maxReceiveCount"]
            picture.arrow(picture.name(address), dead_letters, f"after {attempts} attempts", "-.->")
    for (stack, _), config in picture.account.of("AWS::Lambda::EventInvokeConfig"):
        for function in picture.named(stack, config["FunctionName"]):
            for destination in picture.named(stack, config.get("DestinationConfig")):
                picture.arrow(function, destination, "given up", "-.->")


def _permissions(picture: Picture) -> None:
    for owner, role in picture.account.owners():
        for (stack, _), policy in picture.account.of("AWS::IAM::Policy"):
            if role not in picture.account.referred(stack, policy["Roles"]):
                continue
            for statement in policy["PolicyDocument"]["Statement"]:
                _permission(picture, picture.name(owner), stack, statement)


def _permission(picture: Picture, owner: str, stack: str, statement: Any) -> None:
    actions = statement["Action"]
    actions = [actions] if isinstance(actions, str) else actions
    if all(action.startswith(_LEFT_OUT) for action in actions):
        return
    for used in picture.named(stack, statement["Resource"]):
        picture.arrow(owner, used)
    if "bedrock:InvokeModel" in actions:
        picture.arrow(owner, _MODEL)


def _vectors(picture: Picture) -> None:
    for address, knowledge_base in picture.account.of("AWS::Bedrock::KnowledgeBase"):
        for index in picture.named(address[0], knowledge_base["StorageConfiguration"]):
            picture.arrow(picture.name(address), index)


def _notices(picture: Picture) -> None:
    account = picture.account
    for kind, where in (
        ("AWS::CloudWatch::Alarm", "AlarmActions"),
        ("AWS::Budgets::Budget", "NotificationsWithSubscribers"),
    ):
        for address, source in account.of(kind):
            for topic in picture.named(address[0], source[where]):
                picture.arrow(picture.name(address), topic)
    for (stack, _), subscription in account.of("AWS::SNS::Subscription"):
        for topic in picture.named(stack, subscription["TopicArn"]):
            if subscription["Protocol"] == "email":
                picture.arrow(topic, _MAIL)
            for function in picture.named(stack, subscription["Endpoint"]):
                picture.arrow(topic, function)


def _heartbeat(picture: Picture) -> None:
    """A function that is told an API's address calls it."""
    for address, function in picture.account.of("AWS::Lambda::Function"):
        for (stack, logical_id), _ in picture.account.of("AWS::ApiGatewayV2::Api"):
            if (stack, logical_id) in picture.account.referred(address[0], function["Environment"]):
                picture.arrow(picture.name(address), picture.name((stack, logical_id)))


_ARROWS: tuple[Callable[[Picture], None], ...] = (
    _routes, _event_sources, _failures, _permissions, _vectors, _notices, _heartbeat,
)  # fmt: skip


def pages() -> list[Path]:
    """Every page that shows the picture."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    return sorted(page for page in found if BEGIN in page.read_text(encoding="utf-8"))


def drawing(account: Account) -> str:
    """The picture as Markdown."""
    return f"```mermaid\n{Picture(account).mermaid()}\n```"


def with_drawing(page: str, drawn: str) -> str:
    """`page` with what is between the markers replaced."""
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    return f"{before}{BEGIN}\n{drawn}\n{END}{after}"


def main() -> int:
    app = importlib.import_module("app")  # starts Node, which tests that only compare need not
    with tempfile.TemporaryDirectory() as folder:
        app.build([ENVIRONMENT], outdir=folder).synth()
        drawn = drawing(Account.of_environment(Path(folder), ENVIRONMENT.name))
    for page in pages():
        page.write_text(with_drawing(page.read_text(encoding="utf-8"), drawn), encoding="utf-8")
        sys.stderr.write(f"{page.relative_to(ROOT)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What the bill of a template leaves out: types without a rule, and settings that cost more."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from cufit_ops.costs.clock import every_minutes
from cufit_ops.costs.readable import Readable
from cufit_ops.costs.rules import BY_USE, COUNTED, FREE, Properties, members
from cufit_ops.costs.tasks import not_understood, of_elsewhere, whole
from cufit_ops.costs.use import FUNCTIONS
from cufit_ops.template_graph import Account, Address

NAMED = 2
"""Resources that are named; of more their number is said."""
COUNTED_BY = "ecs:service:DesiredCount"
"""What a scalable target may scale here."""


@dataclass(frozen=True)
class Unpriced:
    """A resource of which nobody has said what it costs, or a setting that costs more than that."""

    kind: str
    addresses: tuple[Address, ...]
    setting: str = ""

    @property
    def named(self) -> str:
        """The first of them."""
        return ", ".join("/".join(one) for one in self.addresses[:NAMED])

    @property
    def more(self) -> int:
        """How many there are besides."""
        return max(len(self.addresses) - NAMED, 0)

    def __str__(self) -> str:
        rest = f" and {self.more} more" if self.more else ""
        with_ = f" with {self.setting}" if self.setting else ""
        return f"{self.kind}{with_} ({self.named}{rest})"


def _insights(table: Properties) -> bool:
    return table.get("ContributorInsightsSpecification", {}).get("Enabled") is True


SCHEDULE = "a schedule that is not understood"
ELSEWHERE = "a task definition of elsewhere"
DIMENSION = "another dimension than the number of tasks"
UNREAD = "a value that cannot be read here"
_COSTLY: tuple[tuple[str, str, Callable[[Properties], object]], ...] = (
    ("AWS::ApiGatewayV2::Api", "web sockets", lambda p: p.get("ProtocolType") == "WEBSOCKET"),
    ("AWS::ApiGatewayV2::Stage", "detailed metrics",
     lambda p: p.get("DefaultRouteSettings", {}).get("DetailedMetricsEnabled")),
    ("AWS::CertificateManager::Certificate", "a private authority",
     lambda p: "CertificateAuthorityArn" in p),
    ("AWS::CloudWatch::Alarm", "a period below a minute", lambda p: _seconds(p) < 60),
    ("AWS::DynamoDB::GlobalTable", "replicas", lambda p: members(p, "Replicas") > 1),
    ("AWS::DynamoDB::GlobalTable", "provisioned capacity",
     lambda p: p.get("BillingMode") != "PAY_PER_REQUEST"),
    ("AWS::DynamoDB::GlobalTable", "another table class",
     lambda p: any("TableClass" in one for one in p.get("Replicas", []))),
    ("AWS::DynamoDB::GlobalTable", "Contributor Insights",
     lambda p: any(_insights(one) for one in p.get("Replicas", []))),
    ("AWS::DynamoDB::Table", "provisioned capacity",
     lambda p: p.get("BillingMode") != "PAY_PER_REQUEST"),
    ("AWS::DynamoDB::Table", "another table class", lambda p: "TableClass" in p),
    ("AWS::DynamoDB::Table", "Contributor Insights", _insights),
    ("AWS::ECS::Cluster", "Container Insights",
     lambda p: any(one.get("Value", "disabled") != "disabled"
                   for one in p.get("ClusterSettings", []))),
    ("AWS::ECS::TaskDefinition", "more than 20 GiB of storage", lambda p: "EphemeralStorage" in p),
    ("AWS::ECS::Service", "launch type EC2", lambda p: p.get("LaunchType") == "EC2"),
    ("AWS::ECS::Service", "a number of tasks that is not understood",
     lambda p: not str(p.get("DesiredCount", 1)).isdecimal()),
    ("AWS::ECS::Service", "volumes", lambda p: p.get("VolumeConfigurations")),
    ("AWS::ECS::TaskDefinition", "Windows",
     lambda p: "WINDOWS" in p.get("RuntimePlatform", {}).get("OperatingSystemFamily", "")),
    ("AWS::ECS::TaskDefinition", "a size that is not understood",
     lambda p: not (whole(p.get("Cpu")) and whole(p.get("Memory")))),
    ("AWS::ElasticLoadBalancingV2::LoadBalancer", "type gateway",
     lambda p: p.get("Type") == "gateway"),
    ("AWS::Events::Rule", "an event bus of its own",
     lambda p: p.get("EventBusName", "default") != "default"),
    ("AWS::Events::Rule", SCHEDULE,
     lambda p: "ScheduleExpression" in p and not every_minutes(p)),
    ("AWS::Events::Rule", "tasks that it starts",
     lambda p: any("EcsParameters" in target for target in p.get("Targets", []))),
    ("AWS::Lambda::Alias", "provisioned concurrency",
     lambda p: "ProvisionedConcurrencyConfig" in p),
    ("AWS::Lambda::Version", "provisioned concurrency",
     lambda p: "ProvisionedConcurrencyConfig" in p),
    ("AWS::Lambda::EventSourceMapping", "provisioned pollers",
     lambda p: "ProvisionedPollerConfig" in p),
    ("AWS::Lambda::Function", "a use that nobody has estimated",
     lambda p: str(p.get("Handler")).partition(".")[0] not in FUNCTIONS),
    ("AWS::Lambda::Function", "SnapStart",
     lambda p: p.get("SnapStart", {}).get("ApplyOn", "None") != "None"),
    ("AWS::Lambda::Function", "durable runs", lambda p: p.get("DurableConfig")),
    ("AWS::Lambda::Function", "instances of its own", lambda p: p.get("CapacityProviderConfig")),
    ("AWS::Lambda::Function", "more than 512 MiB of storage",
     lambda p: whole(p.get("EphemeralStorage", {}).get("Size", 512)) != 512),
    ("AWS::Logs::LogGroup", "data protection", lambda p: "DataProtectionPolicy" in p),
    ("AWS::S3::Bucket", "versions or replicas",
     lambda p: "ReplicationConfiguration" in p
     or p.get("VersioningConfiguration", {}).get("Status") == "Enabled"),
    *(("AWS::S3::Bucket", setting, lambda p, setting=setting: p.get(setting))
      for setting in ("AccelerateConfiguration", "AnalyticsConfigurations",
                      "IntelligentTieringConfigurations", "InventoryConfigurations",
                      "MetricsConfigurations")),
    ("AWS::Scheduler::Schedule", "what it starts", lambda p: p.get("State") != "DISABLED"),
    ("AWS::SNS::Subscription", "text messages", lambda p: p.get("Protocol") == "sms"),
    ("AWS::SNS::Topic", "first in, first out", lambda p: p.get("FifoTopic")),
    ("AWS::SQS::Queue", "first in, first out", lambda p: p.get("FifoQueue")),
    ("AWS::SSM::Parameter", "tier Advanced",
     lambda p: p.get("Tier", "Standard") not in ("Standard", "Intelligent-Tiering")),
)  # fmt: skip
"""Settings that cost and have no row in the price lists."""


def _seconds(alarm: Properties) -> int:
    return whole(alarm.get("Period", 60)) or 60


def settings() -> set[str]:
    """What is said after `with`."""
    return {setting for _, setting, _ in _COSTLY} | {SCHEDULE, DIMENSION, ELSEWHERE, UNREAD}


def unpriced(read: Readable) -> list[Unpriced]:
    """What is in the templates and not in the bill."""
    of_deployments = (Unpriced(kind, (address,), UNREAD) for address, kind in read.left_out)
    return [*_unknown(read.account), *_dearer(read.account), *of_deployments]


def _unknown(account: Account) -> Iterator[Unpriced]:
    known = {*COUNTED, *BY_USE, *FREE}
    for stack in account.stacks:
        for logical_id, kind, _ in account.stack(stack):
            if kind not in known:
                yield Unpriced(kind, ((stack, logical_id),))


def _dearer(account: Account) -> Iterator[Unpriced]:
    for kind, setting, is_set in _COSTLY:
        for address, properties in account.of(kind):
            if is_set(properties):
                yield Unpriced(kind, (address,), setting)
    kind = "AWS::ApplicationAutoScaling::ScalableTarget"
    for address, target in account.of(kind):
        if target.get("ScalableDimension", COUNTED_BY) != COUNTED_BY:
            yield Unpriced(kind, (address,), DIMENSION)
    for address in of_elsewhere(account):
        yield Unpriced("AWS::ECS::Service", (address,), ELSEWHERE)
    for address in not_understood(account):
        yield Unpriced(kind, (address,), SCHEDULE)


def together(some: Iterable[Unpriced]) -> Iterator[Unpriced]:
    """One for each kind and setting, with all addresses."""
    found: dict[tuple[str, str], list[Address]] = {}
    for one in some:
        found.setdefault((one.kind, one.setting), []).extend(one.addresses)
    return (Unpriced(kind, tuple(every), setting) for (kind, setting), every in found.items())

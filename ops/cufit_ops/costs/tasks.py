"""The tasks of a template: how many, how large, and at which hours of a month."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cufit_contracts.office_hours import WEEKDAYS
from cufit_ops.costs import use as of
from cufit_ops.template_graph import Account, Address

HOURS = 730
"""Of a month, as AWS counts."""
DAY_MINUTES = 24 * 60
WEEK_MINUTES = 7 * DAY_MINUTES
_CRON = re.compile(r"cron\((\d+) (\d+) [?*] \* ([A-Z,*?-]+) \*\)")


@dataclass(frozen=True)
class Tasks:
    """Of one ECS service."""

    cpu: int
    """CPU units; 1024 are one vCPU."""
    memory: int
    """MiB."""
    x86: bool
    most: int
    """How many run while the service is on."""
    hours: float
    """Of tasks a month: two tasks all the time are 1,460."""
    rolling_hours: float
    """Of the tasks that come while others still run, at deployments."""
    addressed: bool
    """Each has a public IPv4 address."""
    spot: bool
    """Some may be taken away. Priced like the others: Seoul's Spot price was not found, and it is
    less."""

    @property
    def paid_hours(self) -> float:
        return self.hours + self.rolling_hours

    @property
    def hours_on(self) -> float:
        """Of a month in which tasks run."""
        return self.hours / self.most if self.most else 0.0


def tasks_of(account: Account) -> Iterator[Tasks]:
    """Of every ECS service on Fargate."""
    for address, service in account.of("AWS::ECS::Service"):
        if definition := _definition(account, address, service):
            yield _tasks(account, address, service, definition)


def of_elsewhere(account: Account) -> Iterator[Address]:
    """Services whose task definition is not among the templates, or one of several there; they are
    not counted."""
    for address, service in account.of("AWS::ECS::Service"):
        if not _definition(account, address, service):
            yield address


def _definition(
    account: Account, address: Address, service: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    known = dict(account.of("AWS::ECS::TaskDefinition"))
    named = {*account.referred(address[0], service.get("TaskDefinition"))} & known.keys()
    return known[named.pop()] if len(named) == 1 else None


def _tasks(
    account: Account, address: Address, service: Mapping[str, Any], task: Mapping[str, Any]
) -> Tasks:
    most, share = _counted(account, address, service)
    configuration = service.get("DeploymentConfiguration", {})
    more = max(whole(configuration.get("MaximumPercent", 200)) / 100 - 1, 0)
    network = service.get("NetworkConfiguration", {}).get("AwsvpcConfiguration", {})
    platform = task.get("RuntimePlatform", {})
    providers = service.get("CapacityProviderStrategy", [])
    return Tasks(
        cpu=whole(task.get("Cpu")),
        memory=whole(task.get("Memory")),
        x86=platform.get("CpuArchitecture", "X86_64") != "ARM64",
        most=most,
        hours=HOURS * share,
        rolling_hours=most * more * of.DEPLOYMENTS * of.ROLL_MINUTES / 60,
        addressed=network.get("AssignPublicIp") == "ENABLED",
        spot=any(one.get("CapacityProvider") == "FARGATE_SPOT" for one in providers),
    )


def _counted(
    account: Account, service: Address, properties: Mapping[str, Any]
) -> tuple[int, float]:
    """How many tasks there are at most, and on the average of a week."""
    count = whole(properties.get("DesiredCount", 1))
    for (stack, _), target in account.of("AWS::ApplicationAutoScaling::ScalableTarget"):
        if service not in account.referred(stack, target.get("ResourceId")):
            continue
        actions = target.get("ScheduledActions", [])
        changes = sorted(change for action in actions for change in _changes(action))
        if not changes:
            least = whole(target.get("MinCapacity", count))
            return max(count, least), max(count, least)
        return max(number for _, number in changes), _average(changes)
    return count, count


def _average(changes: list[tuple[int, int]]) -> float:
    """Of a week, in which the last change of one holds until the first of the next."""
    ends = [minute for minute, _ in changes[1:]] + [changes[0][0] + WEEK_MINUTES]
    spans = zip(changes, ends, strict=True)
    return sum((end - start) * number for (start, number), end in spans) / WEEK_MINUTES


def _changes(action: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    """Minute of the week, and the number of tasks from then on."""
    number = action.get("ScalableTargetAction", {}).get("MinCapacity")
    cron = _CRON.fullmatch(str(action.get("Schedule", "")))
    if not str(number).isdecimal() or not cron:
        return
    minute, hour, days = cron.groups()
    if not {*re.findall("[A-Z]+", days)} <= {*WEEKDAYS}:
        return
    for day in _days(days):
        yield day * DAY_MINUTES + int(hour) * 60 + int(minute), whole(number)


def _days(text: str) -> Iterator[int]:
    if text in ("*", "?"):
        yield from range(7)
        return
    for part in text.split(","):
        first, _, last = part.partition("-")
        yield from range(WEEKDAYS.index(first), WEEKDAYS.index(last or first) + 1)


def whole(value: Any) -> int:
    """As templates write whole numbers, in digits or in a text of digits; 0 for anything else."""
    return int(value) if str(value).isdecimal() else 0


def not_understood(account: Account) -> Iterator[Address]:
    """Targets with a schedule that is not read here; tasks are counted as if it were not there."""
    for address, target in account.of("AWS::ApplicationAutoScaling::ScalableTarget"):
        for action in target.get("ScheduledActions", []):
            if not [*_changes(action)]:
                yield address
                break

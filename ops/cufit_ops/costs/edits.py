"""Templates as they would be with another size, number of tasks, entry or hours: enough of them to
be priced without another synthesis, not to be deployed."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any

from cufit_contracts.office_hours import OfficeHours
from cufit_ops.template_graph import Account

_SERVICE = "AWS::ECS::Service"
_TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
_BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"
_NAMESPACE = "AWS::ServiceDiscovery::PrivateDnsNamespace"

Resources = dict[str, dict[str, Any]]


def with_size(account: Account, cpu: int, memory: int) -> Account:
    """CPU units and MiB of each task."""

    def resize(resources: Resources) -> None:
        for resource in resources.values():
            if resource["Type"] == "AWS::ECS::TaskDefinition":
                resource["Properties"] |= {"Cpu": str(cpu), "Memory": str(memory)}

    return _edited(account, resize)


def with_tasks(account: Account, count: int) -> Account:
    """So many while the environment is on."""

    def recount(resources: Resources) -> None:
        for resource in resources.values():
            if resource["Type"] == _SERVICE:
                resource["Properties"]["DesiredCount"] = count
            if resource["Type"] == _TARGET:
                resource["Properties"] |= {"MaxCapacity": count}
                for action in resource["Properties"].get("ScheduledActions", []):
                    if action["ScalableTargetAction"]["MinCapacity"]:
                        action["ScalableTargetAction"] = _capacity(count)

    return _edited(account, recount)


def with_entry(account: Account, entry: str) -> Account:
    """`cloudmap` or `alb`."""
    gone, come = (_BALANCER, _NAMESPACE) if entry == "cloudmap" else (_NAMESPACE, _BALANCER)

    def enter(resources: Resources) -> None:
        if any(resource["Type"] == come for resource in resources.values()):
            return
        for logical_id in [one for one, found in resources.items() if found["Type"] == gone]:
            del resources[logical_id]
        scheme = {"Scheme": "internal"} if come == _BALANCER else {}
        resources["OtherEntry"] = {"Type": come, "Properties": scheme}

    return _edited(account, enter)


def with_hours(account: Account, hours: OfficeHours | None) -> Account:
    """When tasks run; None: always."""

    def reschedule(resources: Resources) -> None:
        services = [one for one, found in resources.items() if found["Type"] == _SERVICE]
        for logical_id in services:
            count = max(_most(resources), 1)
            for one in [one for one, found in resources.items() if found["Type"] == _TARGET]:
                del resources[one]
            resources[logical_id]["Properties"]["DesiredCount"] = count
            if hours is not None:
                resources["OtherHours"] = {
                    "Type": _TARGET,
                    "Properties": {
                        "ResourceId": {"Fn::GetAtt": [logical_id, "Name"]},
                        "ScheduledActions": [
                            _action(hours, hours.opens, count),
                            _action(hours, hours.closes, 0),
                        ],
                    },
                }

    return _edited(account, reschedule)


def _most(resources: Resources) -> int:
    actions = [
        action["ScalableTargetAction"]["MinCapacity"]
        for resource in resources.values()
        if resource["Type"] == _TARGET
        for action in resource["Properties"].get("ScheduledActions", [])
    ]
    counts = [
        resource["Properties"].get("DesiredCount", 1)
        for resource in resources.values()
        if resource["Type"] == _SERVICE
    ]
    return int(max(actions or counts))


def _action(hours: OfficeHours, at: Any, count: int) -> Mapping[str, Any]:
    schedule = f"cron({at.minute} {at.hour} ? * {','.join(hours.days)} *)"
    return {"Schedule": schedule, "ScalableTargetAction": _capacity(count)}


def _capacity(count: int) -> dict[str, int]:
    return {"MinCapacity": count, "MaxCapacity": count}


def _edited(account: Account, edit: Callable[[Resources], None]) -> Account:
    """Only the stack that has the service is copied."""
    stacks = dict(account.stacks)
    for name in {stack for (stack, _), _ in account.of(_SERVICE)}:
        stacks[name] = deepcopy(stacks[name])
        edit(stacks[name]["Resources"])
    return Account(stacks, account.exports)

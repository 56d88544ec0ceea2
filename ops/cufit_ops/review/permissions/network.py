"""Who may reach what over the network: routes, addresses, load balancers, and security groups."""

from collections.abc import Iterator, Mapping
from typing import Any

from cufit_ops.review.findings import Finding
from cufit_ops.review.names import with_particle
from cufit_ops.review.permissions import security_groups
from cufit_ops.review.permissions.exposure import detail, wider
from cufit_ops.review.permissions.objects import Objects
from cufit_ops.review.permissions.security_groups import EVERYWHERE, named, resources_of
from cufit_ops.review.permissions.sources import Sources
from cufit_ops.review.permissions.statements import is_true, listed
from cufit_ops.review.permissions.words import Words

Properties = Mapping[str, Any]


def findings(base: Sources, head: Sources, objects: Objects) -> Iterator[Finding]:
    yield from security_groups.findings(base, head, objects)
    for kind, tell in (
        ("AWS::EC2::Route", _route),
        ("AWS::EC2::Subnet", _subnet),
        ("AWS::EC2::SubnetRouteTableAssociation", _association),
        ("AWS::ElasticLoadBalancingV2::LoadBalancer", _load_balancer),
        ("AWS::ECS::Service", _service),
    ):
        before, after = resources_of(base, kind), resources_of(head, kind)
        for name, new in after.items():
            old = before.get(name)
            if old is None and _is_one_more(base, kind, new):
                yield detail(
                    objects.subject(name),
                    "the network gets one more part, as those that are there",
                    "네트워크에 기존과 같은 구성의 영역이 하나 더 생깁니다",
                    str(dict(new)),
                )
            elif old != new:
                yield from tell(objects, name, old, new)


_PLACES = ("CidrBlock", "AvailabilityZone", "RouteTableId", "Tags")
"""What differs between parts of the network that are alike."""


def _is_one_more(base: Sources, kind: str, new: Properties) -> bool:
    """Whether a new subnet, or a route of a new table, is as one that was there before."""
    tables = {base.names.name(one) for one, _ in base.names.account.of("AWS::EC2::RouteTable")}
    if kind not in ("AWS::EC2::Subnet", "AWS::EC2::Route") or new.get("RouteTableId") in tables:
        return False
    return any(
        all(one.get(key) == new.get(key) for key in {*one, *new} if key not in _PLACES)
        for one in resources_of(base, kind).values()
    )


def _route(
    objects: Objects, name: str, old: Properties | None, new: Properties
) -> Iterator[Finding]:
    to = str(new.get("DestinationCidrBlock") or new.get("DestinationIpv6CidrBlock") or "elsewhere")
    gate = (
        "GatewayId",
        "NatGatewayId",
        "VpcPeeringConnectionId",
        "TransitGatewayId",
        "NetworkInterfaceId",
        "InstanceId",
        "EgressOnlyInternetGatewayId",
    )
    way = next((f"{one}: {new[one]}" for one in gate if one in new), "")
    where = Words("the internet", "인터넷") if to in EVERYWHERE else Words(to, f"{to} 네트워크")
    yield wider(
        objects.subject(name),
        f"a part of the network gets a way to {where.english} ({way})",
        f"네트워크 일부에 {with_particle(where.korean, '으로/로')} 가는 길이 생깁니다 ({way})",
        f"{old} → {dict(new)}",
    )


def _association(
    objects: Objects, name: str, old: Properties | None, new: Properties
) -> Iterator[Finding]:
    was, now = (old or {}).get("RouteTableId"), new.get("RouteTableId")
    if old is not None and was != now:
        yield wider(
            objects.subject(name),
            "a part of the network goes by other routes, which could not be compared",
            "네트워크 일부가 다른 경로 표를 따르게 되며, 비교할 수 없습니다",
            f"RouteTableId: {was} → {now}",
        )


def _subnet(
    objects: Objects, name: str, old: Properties | None, new: Properties
) -> Iterator[Finding]:
    now, was = (
        is_true(new.get("MapPublicIpOnLaunch")),
        is_true((old or {}).get("MapPublicIpOnLaunch")),
    )
    if now and not was:
        yield wider(
            objects.subject(name),
            "whatever starts in this subnet gets a public address",
            "이 서브넷에서 시작하는 모든 것이 공인 주소를 받습니다",
            "MapPublicIpOnLaunch: true",
        )


def _load_balancer(
    objects: Objects, name: str, old: Properties | None, new: Properties
) -> Iterator[Finding]:
    # A load balancer that says nothing faces the internet (CloudFormation's documentation).
    now = str(new.get("Scheme", "internet-facing"))
    was = str(old.get("Scheme", "internet-facing")) if old is not None else "internal"
    if now == "internet-facing" and was != now:
        yield wider(
            objects.subject(name),
            "the load balancer may now be reached from the internet",
            "로드 밸런서가 이제 인터넷에서 접속할 수 있게 됩니다",
            f"Scheme: {was} → {now}",
        )
    elif was == "internet-facing" and now != was:
        yield detail(
            objects.subject(name),
            "the load balancer is no longer on the internet",
            "로드 밸런서가 이제 인터넷에 노출되지 않습니다",
            f"Scheme: {was} → {now}",
        )


def _service(
    objects: Objects, name: str, old: Properties | None, new: Properties
) -> Iterator[Finding]:
    now, was = _public(new), _public(old or {})
    if now and not was:
        yield wider(
            objects.subject(name),
            "tasks of the service get public addresses",
            "서비스 작업이 공인 주소를 받습니다",
            "AssignPublicIp: ENABLED",
        )
    if is_true(new.get("EnableExecuteCommand")) and not is_true(
        (old or {}).get("EnableExecuteCommand")
    ):
        yield wider(
            objects.subject(name),
            "whoever may call ecs:ExecuteCommand can open a shell in the running service",
            "ecs:ExecuteCommand 권한이 있으면 실행 중인 서비스에 셸로 접속할 수 있게 됩니다",
            "EnableExecuteCommand: true",
        )
    before, after = _security(old or {}), _security(new)
    if old is not None and after - before:
        yield wider(
            objects.subject(name),
            "the service gets other security groups: "
            f"{', '.join(named(one, objects).english for one in sorted(after - before))}",
            "서비스에 다른 보안 그룹이 적용됩니다: "
            f"{', '.join(named(one, objects).korean for one in sorted(after - before))}",
            f"{sorted(before)} → {sorted(after)}",
        )


def _awsvpc(service: Properties) -> Properties:
    found: Properties = (service.get("NetworkConfiguration") or {}).get("AwsvpcConfiguration") or {}
    return found


def _public(service: Properties) -> bool:
    return str(_awsvpc(service).get("AssignPublicIp")) == "ENABLED"


def _security(service: Properties) -> set[str]:
    return {str(one) for one in listed(_awsvpc(service).get("SecurityGroups"))}

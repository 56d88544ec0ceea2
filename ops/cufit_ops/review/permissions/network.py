"""Who may reach what over the network: security groups, routes, addresses, load balancers."""

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cufit_ops.review.findings import Finding
from cufit_ops.review.permissions.exposure import detail, wider
from cufit_ops.review.permissions.objects import Objects
from cufit_ops.review.permissions.sources import Sources
from cufit_ops.review.permissions.statements import listed, mappings
from cufit_ops.review.permissions.words import Words

Properties = Mapping[str, Any]

EVERYWHERE = ("0.0.0.0/0", "::/0")
_ALL = "-1"
_PORTS = (0, 65535)


@dataclass(frozen=True)
class Rule:
    """One line of a security group."""

    group: str
    is_in: bool
    peer: str
    """A range of addresses, or a group."""
    protocol: str
    ports: tuple[int, int]

    def holds(self, other: "Rule") -> bool:
        return (
            (self.group, self.is_in) == (other.group, other.is_in)
            and self.protocol in (_ALL, other.protocol)
            and (self.protocol == _ALL or (self.ports[0] <= other.ports[0]
                                           and other.ports[1] <= self.ports[1]))
            and _within(other.peer, self.peer)
        )  # fmt: skip

    @property
    def words(self) -> Words:
        if self.protocol == _ALL or self.ports == _PORTS:
            return Words("every port", "모든 포트")
        if self.ports[0] == self.ports[1]:
            return Words(f"port {self.ports[0]}", f"{self.ports[0]}번 포트")
        return Words(f"ports {self.ports[0]}-{self.ports[1]}",
                     f"{self.ports[0]}-{self.ports[1]}번 포트")  # fmt: skip


def findings(base: Sources, head: Sources, objects: Objects) -> Iterator[Finding]:
    yield from _rules(base, head, objects)
    for kind, tell in (("AWS::EC2::Route", _route), ("AWS::EC2::Subnet", _subnet),
                       ("AWS::ElasticLoadBalancingV2::LoadBalancer", _load_balancer),
                       ("AWS::ECS::Service", _service)):  # fmt: skip
        before, after = _of(base, kind), _of(head, kind)
        for name, new in after.items():
            old = before.get(name)
            if old != new:
                yield from tell(objects, name, old, new)


def _rules(base: Sources, head: Sources, objects: Objects) -> Iterator[Finding]:
    before, after = set(_of_groups(base)), set(_of_groups(head))
    made_before = {rule.group for rule in before} | set(_groups(base))
    told: dict[str, Finding] = {}
    for rule in sorted(after - before, key=str):
        if not any(one.holds(rule) for one in before):
            finding = _told(rule, objects, is_new=rule.group not in made_before)
            told.setdefault(finding.sentence.english, finding)
    yield from told.values()
    still = set(_groups(head))
    for rule in sorted(before - after, key=str):
        if rule.group in still and not any(one.holds(rule) for one in after):
            what, peer = _named(rule.group, objects), _peer(rule.peer, objects)
            english = (f"{peer.english} may no longer reach {what.english} on {rule.words.english}"
                       if rule.is_in else
                       f"{what.english} may no longer reach {peer.english} on {rule.words.english}")  # fmt: skip
            korean = (f"{peer.subject} 이제 {what.korean}의 {rule.words.korean}에 접속할 수 없습니다"
                      if rule.is_in else
                      f"{what.subject} 이제 {peer.korean}의 {rule.words.korean}에 접속할 수 없습니다")  # fmt: skip
            yield detail(objects.subject(rule.group), english, korean, str(rule))


def _told(rule: Rule, objects: Objects, *, is_new: bool) -> Finding:
    what, peer = _named(rule.group, objects), _peer(rule.peer, objects)
    ports = rule.words
    if rule.is_in:
        english = f"{peer.english} may now reach {what.english} on {ports.english}"
        korean = f"{peer.subject} 이제 {what.korean}의 {ports.korean}에 접속할 수 있습니다"
    else:
        if rule.peer in EVERYWHERE:
            peer = Words("any place on the internet", "인터넷의 모든 곳")
        english = f"{what.english} may now reach {peer.english} on {ports.english}"
        korean = f"{what.subject} 이제 {peer.korean}의 {ports.korean}에 접속할 수 있습니다"
    subject = objects.subject(rule.group)
    if is_new and not (rule.is_in and rule.peer in EVERYWHERE):
        return detail(subject, english, korean, str(rule))
    return wider(subject, english, korean, str(rule))


def _of_groups(side: Sources) -> Iterator[Rule]:
    # A group lets everything out until a rule says what (CloudFormation's documentation of
    # AWS::EC2::SecurityGroup and AWS::EC2::SecurityGroupEgress).
    limited = {
        str(given.get("GroupId")).replace(".GroupId}", "}")
        for given in _of(side, "AWS::EC2::SecurityGroupEgress").values()
    }
    for name, group in _of(side, "AWS::EC2::SecurityGroup").items():
        for part, is_in in (("SecurityGroupIngress", True), ("SecurityGroupEgress", False)):
            for given in mappings(group.get(part)):
                yield _rule(f"{name}", is_in, given)
        if name not in limited and not group.get("SecurityGroupEgress"):
            yield from (Rule(name, False, where, _ALL, _PORTS) for where in EVERYWHERE)
    for kind, is_in in (("AWS::EC2::SecurityGroupIngress", True),
                        ("AWS::EC2::SecurityGroupEgress", False)):  # fmt: skip
        for given in _of(side, kind).values():
            yield _rule(str(given.get("GroupId")).replace(".GroupId}", "}"), is_in, given)


def _rule(group: str, is_in: bool, given: Properties) -> Rule:
    side = "Source" if is_in else "Destination"
    peers = ("CidrIp", "CidrIpv6", f"{side}SecurityGroupId", f"{side}SecurityGroupName",
             f"{side}PrefixListId")  # fmt: skip
    peer = next((str(given[one]) for one in peers if one in given), "what is not named here")
    low, high = given.get("FromPort", -1), given.get("ToPort", -1)
    try:
        ports = (int(low), int(high))
    except (TypeError, ValueError):
        ports = _PORTS
    return Rule(group, is_in, peer.replace(".GroupId}", "}"), str(given.get("IpProtocol", _ALL)),
                _PORTS if ports[0] < 0 else ports)  # fmt: skip


def _within(narrow: str, wide: str) -> bool:
    if narrow == wide:
        return True
    try:
        inner, outer = ipaddress.ip_network(narrow, False), ipaddress.ip_network(wide, False)
    except ValueError:
        return False
    return inner.version == outer.version and inner.subnet_of(outer)  # type: ignore[arg-type]


def _groups(side: Sources) -> list[str]:
    return list(_of(side, "AWS::EC2::SecurityGroup"))


_GROUPS = {
    "Service/NetworkTaskSecurityGroup": Words("the service", "서비스"),
    "Service/NetworkLinkSecurityGroup": Words(
        "the API's link to the service", "API와 서비스의 연결"
    ),
}


def _named(group: str, objects: Objects) -> Words:
    if (known := _GROUPS.get(objects.subject(group))) is not None:
        return known
    if group in objects.arns:
        return objects.named(*objects.arns[group])
    return Words(f"what is behind {group}", f"{group} 뒤의 자원")


def _peer(peer: str, objects: Objects) -> Words:
    if peer in EVERYWHERE:
        return Words("anyone on the internet", "인터넷의 누구나")
    if peer.startswith("{"):
        return _named(peer, objects)
    return Words(f"addresses of {peer}", f"{peer} 주소")


def _route(
    objects: Objects, name: str, old: Properties | None, new: Properties
) -> Iterator[Finding]:
    to = str(new.get("DestinationCidrBlock") or new.get("DestinationIpv6CidrBlock") or "elsewhere")
    gate = ("GatewayId", "NatGatewayId", "VpcPeeringConnectionId", "TransitGatewayId",
            "NetworkInterfaceId", "InstanceId", "EgressOnlyInternetGatewayId")  # fmt: skip
    way = next((f"{one}: {new[one]}" for one in gate if one in new), "")
    where = Words("the internet", "인터넷") if to in EVERYWHERE else Words(to, f"{to} 네트워크")
    yield wider(
        objects.subject(name), f"a part of the network gets a way to {where.english} ({way})",
        f"네트워크 일부에 {where.korean}(으)로 가는 길이 생깁니다 ({way})", f"{old} → {dict(new)}",
    )  # fmt: skip


def _subnet(
    objects: Objects, name: str, old: Properties | None, new: Properties
) -> Iterator[Finding]:
    now, was = _true(new.get("MapPublicIpOnLaunch")), _true((old or {}).get("MapPublicIpOnLaunch"))
    if now and not was:
        yield wider(objects.subject(name), "whatever starts in this subnet gets a public address",
                    "이 서브넷에서 시작하는 모든 것이 공인 주소를 받습니다",
                    "MapPublicIpOnLaunch: true")  # fmt: skip


def _load_balancer(
    objects: Objects, name: str, old: Properties | None, new: Properties
) -> Iterator[Finding]:
    # A load balancer that says nothing faces the internet (CloudFormation's documentation).
    now = str(new.get("Scheme", "internet-facing"))
    was = str(old.get("Scheme", "internet-facing")) if old is not None else "internal"
    if now == "internet-facing" and was != now:
        yield wider(objects.subject(name), "the load balancer may now be reached from the internet",
                    "로드 밸런서가 이제 인터넷에서 접속할 수 있게 됩니다", f"Scheme: {was} → {now}")  # fmt: skip
    elif was == "internet-facing" and now != was:
        yield detail(objects.subject(name), "the load balancer is no longer on the internet",
                     "로드 밸런서가 이제 인터넷에 노출되지 않습니다", f"Scheme: {was} → {now}")  # fmt: skip


def _service(
    objects: Objects, name: str, old: Properties | None, new: Properties
) -> Iterator[Finding]:
    now, was = _public(new), _public(old or {})
    if now and not was:
        yield wider(objects.subject(name), "tasks of the service get public addresses",
                    "서비스 작업이 공인 주소를 받습니다", "AssignPublicIp: ENABLED")  # fmt: skip
    if _true(new.get("EnableExecuteCommand")) and not _true(
        (old or {}).get("EnableExecuteCommand")
    ):
        yield wider(objects.subject(name), "whoever may call ecs:ExecuteCommand can open a shell in "
                    "the running service", "ecs:ExecuteCommand 권한이 있으면 실행 중인 서비스에 "
                    "셸로 접속할 수 있게 됩니다", "EnableExecuteCommand: true")  # fmt: skip
    before, after = _security(old or {}), _security(new)
    if old is not None and after - before:
        yield wider(objects.subject(name), "the service gets other security groups: "
                    f"{', '.join(_named(one, objects).english for one in sorted(after - before))}",
                    "서비스에 다른 보안 그룹이 적용됩니다: "
                    f"{', '.join(_named(one, objects).korean for one in sorted(after - before))}",
                    f"{sorted(before)} → {sorted(after)}")  # fmt: skip


def _awsvpc(service: Properties) -> Properties:
    found: Properties = (service.get("NetworkConfiguration") or {}).get("AwsvpcConfiguration") or {}
    return found


def _public(service: Properties) -> bool:
    return str(_awsvpc(service).get("AssignPublicIp")) == "ENABLED"


def _security(service: Properties) -> set[str]:
    groups = listed(_awsvpc(service).get("SecurityGroups"))
    return {str(one).replace(".GroupId}", "}") for one in groups}


def _true(value: Any) -> bool:
    return str(value).lower() == "true"


def _of(side: Sources, kind: str) -> dict[str, Properties]:
    return {
        side.names.arn(address): side.names.value(address[0], properties)
        for address, properties in side.names.account.of(kind)
    }

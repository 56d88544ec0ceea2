"""Security groups: who may reach what on which port."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cufit_ops.review.findings import Finding
from cufit_ops.review.permissions.conditions import within
from cufit_ops.review.permissions.exposure import detail, wider
from cufit_ops.review.permissions.objects import Objects
from cufit_ops.review.permissions.sources import Sources
from cufit_ops.review.permissions.statements import mappings
from cufit_ops.review.permissions.words import Words

Properties = Mapping[str, Any]

EVERYWHERE = ("0.0.0.0/0", "::/0")
_ALL = "-1"
_PORTS = (0, 65535)
_NOBODY = "255.255.255.255/32"
"""What CDK writes where a group lets nothing out (aws-ec2, security-group.ts, MATCH_NO_TRAFFIC)."""
_ICMP = "icmp"
_NUMBERS = {"1": _ICMP, "6": "tcp", "17": "udp", "58": "icmpv6"}
"""Protocols that a rule may give by their number (CloudFormation's documentation)."""


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
            and self.lets(other)
            and within(other.peer, self.peer)
        )

    def lets(self, other: "Rule") -> bool:
        """Whether the other's protocol and ports are among these."""
        return self.protocol == _ALL or (
            self.protocol == other.protocol
            and self.ports[0] <= other.ports[0]
            and other.ports[1] <= self.ports[1]
        )

    @property
    def words(self) -> Words:
        if self.protocol.startswith(_ICMP):
            return Words("ICMP (ping)", "ICMP(ping)")
        if self.protocol == _ALL or self.ports == _PORTS:
            return Words("every port", "모든 포트")
        if self.ports[0] == self.ports[1]:
            return Words(f"port {self.ports[0]}", f"{self.ports[0]}번 포트")
        return Words(
            f"ports {self.ports[0]}-{self.ports[1]}", f"{self.ports[0]}-{self.ports[1]}번 포트"
        )


def findings(base: Sources, head: Sources, objects: Objects) -> Iterator[Finding]:
    before, after = set(_of_groups(base)), set(_of_groups(head))
    steps = _steps(before)
    made_before = {rule.group for rule in before} | set(_groups(base))
    told: dict[str, Finding] = {}
    for rule in sorted(after - before, key=str):
        if not any(one.holds(rule) for one in before):
            known = rule.group not in made_before or _leads(steps, rule)
            finding = _told(rule, objects, is_known=known)
            told.setdefault(finding.sentence.english, finding)
    yield from told.values()
    still = set(_groups(head))
    for rule in sorted(before - after, key=str):
        if rule.group in still and not any(one.holds(rule) for one in after):
            what, peer = named(rule.group, objects), _peer(rule.peer, objects)
            ports = rule.words
            if rule.is_in:
                who, to = peer, what
            else:
                who, to = what, peer
            english = f"{who.english} may no longer reach {to.english} on {ports.english}"
            korean = f"{who.subject} 이제 {to.korean}의 {ports.korean}에 접속할 수 없습니다"
            yield detail(objects.subject(rule.group), english, korean, str(rule))


def _steps(rules: Iterable[Rule]) -> dict[str, set[Rule]]:
    """Group → the rules of groups that let it in."""
    found: dict[str, set[Rule]] = defaultdict(set)
    for rule in rules:
        if rule.is_in:
            found[rule.peer].add(rule)
    return found


def _leads(steps: Mapping[str, set[Rule]], rule: Rule) -> bool:
    """Whether one group reached the other on these ports before, through others."""
    start, end = (rule.peer, rule.group) if rule.is_in else (rule.group, rule.peer)
    seen, left = {start}, [start]
    while left:
        for step in steps.get(left.pop(), ()):
            if step.group == end and step.lets(rule):
                return True
            if step.group not in seen:
                seen.add(step.group)
                left.append(step.group)
    return False


def _told(rule: Rule, objects: Objects, *, is_known: bool) -> Finding:
    """`is_known`: the group is made by the change, or what the rule opens was reached before."""
    what, peer = named(rule.group, objects), _peer(rule.peer, objects)
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
    if is_known and not (rule.is_in and rule.peer in EVERYWHERE):
        return detail(subject, english, korean, str(rule))
    return wider(subject, english, korean, str(rule))


def _of_groups(side: Sources) -> Iterator[Rule]:
    return (rule for rule in _written(side) if rule.peer != _NOBODY)


def _written(side: Sources) -> Iterator[Rule]:
    # A group lets everything out until a rule says what (CloudFormation's documentation of
    # AWS::EC2::SecurityGroup and AWS::EC2::SecurityGroupEgress).
    limited = {
        str(given.get("GroupId"))
        for given in resources_of(side, "AWS::EC2::SecurityGroupEgress").values()
    }
    for name, group in resources_of(side, "AWS::EC2::SecurityGroup").items():
        for part, is_in in (("SecurityGroupIngress", True), ("SecurityGroupEgress", False)):
            for given in mappings(group.get(part)):
                yield _rule(name, is_in, given)
        if name not in limited and not group.get("SecurityGroupEgress"):
            yield from (Rule(name, False, where, _ALL, _PORTS) for where in EVERYWHERE)
    for kind, is_in in (
        ("AWS::EC2::SecurityGroupIngress", True),
        ("AWS::EC2::SecurityGroupEgress", False),
    ):
        for given in resources_of(side, kind).values():
            yield _rule(str(given.get("GroupId")), is_in, given)


def _rule(group: str, is_in: bool, given: Properties) -> Rule:
    side = "Source" if is_in else "Destination"
    peers = (
        "CidrIp",
        "CidrIpv6",
        f"{side}SecurityGroupId",
        f"{side}SecurityGroupName",
        f"{side}PrefixListId",
    )
    peer = next((str(given[one]) for one in peers if one in given), "what is not named here")
    low, high = given.get("FromPort", -1), given.get("ToPort", -1)
    protocol = str(given.get("IpProtocol", _ALL)).lower()
    protocol = _NUMBERS.get(protocol, protocol)
    if protocol.startswith(_ICMP) and str(low) != "-1":
        # Type and code, not a range.
        protocol, low = f"{protocol} {low}/{high}", -1
    try:
        ports = (int(low), int(high))
    except (TypeError, ValueError):
        ports = _PORTS
    return Rule(
        group,
        is_in,
        peer,
        protocol,
        _PORTS if ports[0] < 0 else ports,
    )


def _groups(side: Sources) -> list[str]:
    return list(resources_of(side, "AWS::EC2::SecurityGroup"))


_GROUPS = {
    "Service/NetworkTaskSecurityGroup": Words("the service", "서비스"),
    "Service/NetworkLinkSecurityGroup": Words(
        "the API's link to the service", "API와 서비스의 연결"
    ),
}


def named(group: str, objects: Objects) -> Words:
    if (known := _GROUPS.get(objects.subject(group))) is not None:
        return known
    if group in objects.arns:
        return objects.named(*objects.arns[group])
    return Words(f"what is behind {group}", f"{group} 뒤의 자원")


def _peer(peer: str, objects: Objects) -> Words:
    if peer in EVERYWHERE:
        return Words("anyone on the internet", "인터넷의 누구나")
    if peer.startswith("{"):
        return named(peer, objects)
    return Words(f"addresses of {peer}", f"{peer} 주소")


def resources_of(side: Sources, kind: str) -> dict[str, Properties]:
    """Properties by ARN, or what stands for it."""
    return {
        side.names.arn(address): side.names.value(address[0], properties)
        for address, properties in side.names.account.of(kind)
    }

"""The ways of requests to the service, and of its tasks to the internet: no image is pulled and
nothing of AWS answers without that."""

from collections.abc import Iterator
from typing import Any

from cufit_ops.review.findings import Finding, Rank, Sentence, Topic
from cufit_ops.review.names import address
from cufit_ops.review.replacement import replaced
from cufit_ops.template_graph import Account, Address

_ROUTE = "AWS::EC2::Route"
_ASSOCIATION = "AWS::EC2::SubnetRouteTableAssociation"
_INGRESS = "AWS::EC2::SecurityGroupIngress"
_GROUP = "AWS::EC2::SecurityGroup"
_PUBLIC = "AssignPublicIp"
_ATTACHMENT = "AWS::EC2::VPCGatewayAttachment"
_SERVICE = "AWS::ECS::Service"
_NAT = "AWS::EC2::NatGateway"
_BETWEEN = (
    "AWS::ApiGatewayV2::VpcLink", "AWS::ServiceDiscovery::PrivateDnsNamespace",
    "AWS::ServiceDiscovery::Service", "AWS::ECS::Cluster", "AWS::ECS::Service",
    "AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::ElasticLoadBalancingV2::TargetGroup",
)  # fmt: skip
"""Between the API and the tasks."""


def findings(base: Account, head: Account) -> Iterator[Finding]:
    yield from _anew(base, head)
    now = _ways_out(head)
    for subnet in _ways_out(base) - now:
        if head.resource(subnet):
            yield _finding(subnet, f"{'/'.join(subnet)}: no default route left")
    before, after = dict(_attached(base)), dict(_attached(head))
    for network, attachment in before.items():
        if head.resource(network) and network not in after:
            yield _finding(attachment, f"{'/'.join(network)}: no internet gateway left")
    for where, service in base.of(_SERVICE):
        if where not in dict(head.of(_SERVICE)):
            continue
        if _let_in(base, where) and not _let_in(head, where):
            sentence = Sentence(
                "Nothing reaches the service any more: its security group lets no request in",
                "어떤 요청도 서비스에 닿지 않습니다. 보안 그룹이 들어오는 요청을 모두 막습니다",
            )
            yield Finding(Topic.DATA, Rank.DANGER, address(*where), sentence, "ingress: none left")
        if (ports := _ports(head, where)) and len(ports) > 1 and len(_ports(base, where)) < 2:
            sentence = Sentence(
                "Nothing reaches the service any more: requests are sent to another port than the "
                "one it listens on",
                "어떤 요청도 서비스에 닿지 않습니다. 서비스가 듣는 포트와 요청을 보내는 포트가 "
                "다릅니다",
            )
            evidence = "\n".join(f"{what}: {port}" for port, what in sorted(ports.items()))
            yield Finding(Topic.DATA, Rank.DANGER, address(*where), sentence, evidence)
        old, new = _network(service), _network(dict(head.of(_SERVICE))[where])
        if old.get(_PUBLIC) == "ENABLED" != new.get(_PUBLIC) and not [*head.of(_NAT)]:
            yield _finding(where, f"{_PUBLIC}: no longer ENABLED, and there is no NAT gateway")


def _anew(base: Account, head: Account) -> Iterator[Finding]:
    """One sentence for all of a stack that is replaced or gets another logical id."""
    for stack, template in base.stacks.items():
        after = head.stacks.get(stack, {}).get("Resources", {})
        made = replaced(template, head.stacks[stack]) if after else set()
        parts = [
            logical_id
            for logical_id, resource in template.get("Resources", {}).items()
            if resource["Type"] in _BETWEEN
            and (logical_id in made or logical_id not in after)
            and any(one["Type"] == resource["Type"] for one in after.values())
        ]
        if parts:
            sentence = Sentence(
                "Builds the way from the API to the service anew: requests may fail while it "
                "changes",
                "API에서 서비스로 가는 길을 새로 만듭니다. 바뀌는 동안 요청이 실패할 수 있습니다",
            )
            evidence = "\n".join(f"{stack}/{part}: made anew" for part in parts)
            where = address(stack, parts[0])
            yield Finding(Topic.DATA, Rank.NOTICE, where, sentence, evidence)


def _ways_out(account: Account) -> set[Address]:
    """Subnets with a default route."""
    tables = {
        table
        for (stack, _), route in account.of(_ROUTE)
        if route.get("DestinationCidrBlock") == "0.0.0.0/0"
        for table in account.referred(stack, route.get("RouteTableId"))
    }
    return {
        subnet
        for (stack, _), one in account.of(_ASSOCIATION)
        if not tables.isdisjoint(account.referred(stack, one.get("RouteTableId")))
        for subnet in account.referred(stack, one.get("SubnetId"))
    }


def _let_in(account: Account, where: Address) -> bool:
    """Whether a security group of the service at `where` lets anything in."""
    network = _network(dict(account.of(_SERVICE)).get(where, {}))
    groups = {*account.referred(where[0], network.get("SecurityGroups"))}
    inline = {group for group, one in account.of(_GROUP) if one.get("SecurityGroupIngress")}
    separate = {
        group
        for (stack, _), rule in account.of(_INGRESS)
        for group in account.referred(stack, rule.get("GroupId"))
    }
    return not groups.isdisjoint(inline | separate)


def _ports(account: Account, where: Address) -> dict[str, str]:
    """Port → where it is said, of the service at `where`; one when all is well."""
    service = dict(account.of(_SERVICE))[where]
    entries = [*service.get("ServiceRegistries", []), *service.get("LoadBalancers", [])]
    found = {
        str(entry["ContainerPort"]): "ContainerPort"
        for entry in entries
        if "ContainerPort" in entry
    }
    for task in account.referred(where[0], service.get("TaskDefinition")):
        for container in account.properties(task).get("ContainerDefinitions", []):
            for variable in container.get("Environment", []):
                if variable.get("Name") == "CUFIT_PORT":
                    found.setdefault(str(variable.get("Value")), "CUFIT_PORT")
    return found


def _attached(account: Account) -> Iterator[tuple[Address, Address]]:
    for (stack, logical_id), attachment in account.of(_ATTACHMENT):
        for network in account.referred(stack, attachment.get("VpcId")):
            yield network, (stack, logical_id)


def _network(service: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = service.get("NetworkConfiguration", {}).get("AwsvpcConfiguration", {})
    return found


def _finding(where: Address, evidence: str) -> Finding:
    sentence = Sentence(
        "Takes away the service's way to the internet: its tasks pull no image and reach nothing "
        "outside, so a deployment fails and requests too",
        "서비스가 인터넷으로 나가는 길이 없어집니다. 이미지를 받지 못하고 바깥의 어떤 것에도 닿지 "
        "못해 배포와 요청이 모두 실패합니다",
    )
    return Finding(Topic.DATA, Rank.DANGER, address(*where), sentence, evidence)

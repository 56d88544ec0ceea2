"""Who speaks to whom: the link to tasks, tasks to AWS, nobody else, and no way in for people."""

from urllib.parse import urlsplit

from tests.infra.synthesis import Synthesized, as_list, plain

LINK, TASKS = "Service/NetworkLinkSecurityGroup", "Service/NetworkTaskSecurityGroup"
BALANCER = "Service/BalancerSecurityGroup"

NOWHERE = "255.255.255.255/32"
"""Where CDK's rule leads that keeps CloudFormation from adding one to everywhere."""


def _rules(environment: Synthesized, direction: str, other: str) -> set[tuple[str, str, int]]:
    """Group, the other group, and the port of each rule between two security groups."""
    found = set()
    for (stack, _), rule in environment.account.of(f"AWS::EC2::SecurityGroup{direction}"):
        (group,) = environment.account.referred(stack, rule["GroupId"])
        (peer,) = environment.account.referred(stack, rule[other])
        assert (rule["IpProtocol"], rule["FromPort"]) == ("tcp", rule["ToPort"])
        found.add((plain(group), plain(peer), rule["FromPort"]))
    return found


def test_tasks_hear_nobody_but_the_link(environment: Synthesized) -> None:
    """Or to the balancer, which hears nobody but the link."""
    heard = _rules(environment, "Ingress", "SourceSecurityGroupId")
    if environment.settings.entry == "cloudmap":
        assert heard == {(TASKS, LINK, 8080)}
    else:
        assert heard == {(TASKS, BALANCER, 8080), (BALANCER, LINK, 80)}
    groups = environment.properties("AWS::EC2::SecurityGroup")
    assert not [group for group in groups if "SecurityGroupIngress" in group]


def test_nobody_speaks_but_to_whom_they_must(environment: Synthesized) -> None:
    """Tasks to AWS and the issuer over TLS; the link to tasks, or to the balancer, which does."""
    spoken = _rules(environment, "Egress", "DestinationSecurityGroupId")
    if environment.settings.entry == "cloudmap":
        assert spoken == {(LINK, TASKS, 8080)}
    else:
        assert spoken == {(LINK, BALANCER, 80), (BALANCER, TASKS, 8080)}
    issuer = urlsplit(str(environment.settings.auth.issuer)).port or 443
    for group in environment.properties("AWS::EC2::SecurityGroup"):
        anywhere = [
            (rule["CidrIp"], rule["FromPort"], rule["ToPort"])
            for rule in group.get("SecurityGroupEgress", [])
            if rule["CidrIp"] != NOWHERE
        ]
        if group["GroupDescription"] == "Tasks of the service":
            assert {*anywhere} == {("0.0.0.0/0", port, port) for port in {443, issuer}}
        else:
            assert not anywhere


def test_there_is_no_way_into_a_container(environment: Synthesized) -> None:
    assert not environment.only("AWS::ECS::Service").get("EnableExecuteCommand")
    for role, statement in environment.statements():
        assert "ecs:ExecuteCommand" not in as_list(statement["Action"]), plain(role)

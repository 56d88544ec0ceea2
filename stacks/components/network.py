"""Where the service's tasks run: public subnets, so that no NAT gateway ($43 a month) is needed."""

from urllib.parse import urlsplit

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from stacks.components.permissions import acknowledge, acknowledge_template
from stacks.settings import Environment

SERVICE_PORT = 8080
HTTPS = 443


class Network(Construct):
    """A VPC of two zones, and who may speak to whom: API Gateway's link to tasks, nobody else."""

    def __init__(self, scope: Construct, id_: str, *, settings: Environment) -> None:
        super().__init__(scope, id_)
        self.vpc = ec2.Vpc(
            self,
            "Vpc",
            availability_zones=sorted(settings.availability_zones),
            nat_gateways=0,
            subnet_configuration=[
                ec2.SubnetConfiguration(
                    name="public", subnet_type=ec2.SubnetType.PUBLIC, cidr_mask=24
                )
            ],
            # CDK would empty the default security group by a custom resource; nothing uses it.
            restrict_default_security_group=False,
            gateway_endpoints={
                "S3": ec2.GatewayVpcEndpointOptions(service=ec2.GatewayVpcEndpointAwsService.S3),
                "DynamoDb": ec2.GatewayVpcEndpointOptions(
                    service=ec2.GatewayVpcEndpointAwsService.DYNAMODB
                ),
            },
        )
        for subnet in self.vpc.public_subnets:
            _belong_to_its_zone(subnet)
        acknowledge(
            self.vpc, VPC7="Flow logs cost more than the service; access logs say who asked"
        )
        acknowledge_template(
            self.vpc, W3010="VPC links work in some zones only, and only config/ knows which"
        )
        self.link_security_group = self._security_group("LinkSecurityGroup", "Link of API Gateway")
        self.task_security_group = self._security_group("TaskSecurityGroup", "Tasks of the service")
        self._let_tasks_out(urlsplit(str(settings.auth.issuer)).port or HTTPS)

    def _security_group(self, id_: str, description: str) -> ec2.SecurityGroup:
        """Nothing goes out of it but what a rule lets."""
        return ec2.SecurityGroup(
            self, id_, vpc=self.vpc, description=description, allow_all_outbound=False
        )

    def _let_tasks_out(self, issuer_port: int) -> None:
        """AWS and the issuer, over TLS: neither has an address that stays. Names are asked of the
        VPC's resolver, which security groups do not filter, as little as a task's metadata
        ("Security groups for your VPC", VPC user guide)."""
        for port in sorted({HTTPS, issuer_port}):
            self.task_security_group.add_egress_rule(
                ec2.Peer.any_ipv4(), ec2.Port.tcp(port), "AWS and the issuer of tokens"
            )


def _belong_to_its_zone(subnet: ec2.ISubnet) -> None:
    """Name and number a subnet after its zone, not after its place in the list.

    CloudFormation makes the new subnet while the old one stands; numbered by place, as CDK does,
    both would want the same addresses, and the change of a zone would be refused.
    """
    zone = subnet.availability_zone
    letter = zone[-1]
    for child in subnet.node.find_all():
        if isinstance(child, cdk.CfnElement):
            child.override_logical_id(f"PublicSubnet{letter.upper()}{child.node.id}")
        if isinstance(child, ec2.CfnSubnet):
            child.cidr_block = f"10.0.{ord(letter) - ord('a')}.0/24"

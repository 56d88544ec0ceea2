"""How API Gateway reaches the tasks: by Cloud Map, or through an internal load balancer."""

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigw
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_elasticloadbalancingv2 as elb
from aws_cdk import aws_servicediscovery as servicediscovery
from constructs import Construct

from stacks.components.fargate_service import FargateService
from stacks.components.network import SERVICE_PORT, Network
from stacks.components.permissions import acknowledge
from stacks.settings import Environment

INTEGRATION_TIMEOUT = 15
"""Seconds until API Gateway gives up on the service; 30 is its hard limit (HTTP API quotas)."""

ALB_HEALTH_INTERVAL = 5
ALB_HEALTH_TIMEOUT = 3
ALB_HEALTH_COUNT = 2
ALB_DEREGISTRATION_DELAY = 5
"""Seconds, and checks in a row: the balancer has to notice a stopping task while it still serves
(tests/infra/test_service.py)."""


def entry(
    scope: Construct, *, settings: Environment, network: Network, fargate: FargateService
) -> apigw.HttpRouteIntegration:
    """The integration of `entry` in the configuration; both end in the service's port.

    A VPC link cannot change its subnets or security groups, so both kinds use the same one.
    """
    link = apigw.VpcLink(
        scope,
        "VpcLink",
        vpc=network.vpc,
        subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC),
        security_groups=[network.link_security_group],
    )
    if settings.entry == "cloudmap":
        return _by_cloud_map(scope, link, settings, network, fargate)
    return _by_load_balancer(scope, link, network, fargate)


def finish_integrations(api: apigw.HttpApi, fargate: FargateService) -> None:
    """Set in the service's integrations what their constructs do not.

    The timeout: HttpServiceDiscoveryIntegration drops its own (aws-cdk-lib 2.275), which leaves
    30 s. The order: another `entry` has no task behind it until the service has rolled, so the API
    turns to it only then.
    """
    for construct in api.node.find_all():
        if isinstance(construct, apigw.CfnIntegration) and construct.connection_id is not None:
            construct.timeout_in_millis = INTEGRATION_TIMEOUT * 1000
            construct.node.add_dependency(fargate.service)


def _by_cloud_map(
    scope: Construct,
    link: apigw.VpcLink,
    settings: Environment,
    network: Network,
    fargate: FargateService,
) -> apigw.HttpRouteIntegration:
    """API Gateway needs SRV records: they carry the port."""
    namespace = servicediscovery.PrivateDnsNamespace(
        scope, "Namespace", name=f"cufit-{settings.name}.internal", vpc=network.vpc
    )
    discovered = fargate.service.enable_cloud_map(
        name="service",
        cloud_map_namespace=namespace,
        dns_record_type=servicediscovery.DnsRecordType.SRV,
        dns_ttl=cdk.Duration.seconds(10),
        container=fargate.container,
        container_port=SERVICE_PORT,
    )
    network.link_security_group.connections.allow_to(
        network.task_security_group, ec2.Port.tcp(SERVICE_PORT), "API Gateway to the service"
    )
    return integrations.HttpServiceDiscoveryIntegration("Service", discovered, vpc_link=link)


def _by_load_balancer(
    scope: Construct, link: apigw.VpcLink, network: Network, fargate: FargateService
) -> apigw.HttpRouteIntegration:
    balancer_security_group = ec2.SecurityGroup(
        scope,
        "BalancerSecurityGroup",
        vpc=network.vpc,
        description="The internal load balancer",
        allow_all_outbound=False,
    )
    balancer = elb.ApplicationLoadBalancer(
        scope,
        "Balancer",
        vpc=network.vpc,
        internet_facing=False,
        vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC),
        security_group=balancer_security_group,
        drop_invalid_header_fields=True,
        idle_timeout=cdk.Duration.seconds(60),
    )
    acknowledge(balancer, ELB2="The HTTP API in front writes the access log")
    listener = balancer.add_listener("Http", port=80, open=False)
    listener.add_targets(
        "Service",
        port=SERVICE_PORT,
        protocol=elb.ApplicationProtocol.HTTP,
        targets=[
            fargate.service.load_balancer_target(
                container_name=fargate.container.container_name,
                container_port=SERVICE_PORT,
                protocol=ecs.Protocol.TCP,
            )
        ],
        deregistration_delay=cdk.Duration.seconds(ALB_DEREGISTRATION_DELAY),
        health_check=elb.HealthCheck(
            path="/health",
            interval=cdk.Duration.seconds(ALB_HEALTH_INTERVAL),
            timeout=cdk.Duration.seconds(ALB_HEALTH_TIMEOUT),
            healthy_threshold_count=ALB_HEALTH_COUNT,
            unhealthy_threshold_count=ALB_HEALTH_COUNT,
        ),
    )
    network.link_security_group.connections.allow_to(
        balancer_security_group, ec2.Port.tcp(80), "API Gateway to the load balancer"
    )
    return integrations.HttpAlbIntegration("Service", listener, vpc_link=link)

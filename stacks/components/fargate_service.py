"""The service as an ECS service on Fargate: image, environment, health, and a gentle end."""

from collections.abc import Mapping
from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_applicationautoscaling as scaling_schedules
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_ecr_assets as ecr_assets
from aws_cdk import aws_ecs as ecs
from aws_cdk import aws_iam as iam
from constructs import Construct

from cufit_contracts.environment import variable
from cufit_service import health_check, lifetimes
from stacks.components.bundle import ROOT
from stacks.components.log_group import log_group
from stacks.components.network import SERVICE_PORT, Network
from stacks.components.permissions import acknowledge
from stacks.money_settings import Office
from stacks.settings import Environment

STOP_TIMEOUT = int(lifetimes.LAME_DUCK_SECONDS) + int(lifetimes.DRAIN_SECONDS) + 10
"""Seconds until ECS sends SIGKILL; Fargate's limit is 120 (AWS::ECS::TaskDefinition schema)."""
HEALTH_RETRIES = 3
HEALTH_START_PERIOD = 20
"""Seconds. Without a container health check ECS waits 40 s after RUNNING before it counts a task as
healthy."""
COMMAND = ["python", "-m", "cufit_service"]
USER = "10001:10001"
"""Not root, and not in the image's /etc/passwd either."""


class FargateService(Construct):
    """Cluster, task definition and service; the task role starts without any permission."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Environment,
        network: Network,
        environment: Mapping[str, str],
    ) -> None:
        super().__init__(scope, id_)
        self._settings = settings
        self.log_group = log_group(self, "Logs", settings)
        self.cluster = ecs.Cluster(self, "Cluster", vpc=network.vpc)
        _offer_both_capacities(self.cluster)
        acknowledge(
            self.cluster, ECS4="Container Insights bills every metric; the alarms need none of them"
        )
        self.task_definition = self._task_definition()
        self.container = self._container(environment)
        self.task_role = self.task_definition.task_role
        self.service = self._service(network)

    def _task_definition(self) -> ecs.FargateTaskDefinition:
        tasks = iam.ServicePrincipal("ecs-tasks.amazonaws.com")
        definition = ecs.FargateTaskDefinition(
            self,
            "Task",
            cpu=self._settings.fargate.cpu,
            memory_limit_mib=self._settings.fargate.memory,
            runtime_platform=ecs.RuntimePlatform(
                cpu_architecture=ecs.CpuArchitecture.ARM64,
                operating_system_family=ecs.OperatingSystemFamily.LINUX,
            ),
            task_role=iam.Role(self, "TaskRole", assumed_by=tasks),
            execution_role=iam.Role(self, "ExecutionRole", assumed_by=tasks),
            volumes=[ecs.Volume(name="tmp")],
        )
        acknowledge(
            definition,
            ECS2="The variables are names and limits; a secret would come from SSM by `secrets`",
        )
        acknowledge(
            self,
            **{"IAM5[Resource::*]": "ecr:GetAuthorizationToken, to pull, knows no resource"},
        )
        return definition

    def _container(self, environment: Mapping[str, str]) -> ecs.ContainerDefinition:
        container = self.task_definition.add_container(
            "Service",
            container_name="service",
            image=_image(self._settings),
            command=COMMAND,
            user=USER,
            readonly_root_filesystem=True,
            linux_parameters=self._no_capabilities(),
            environment={
                variable(field): value
                for field, value in {"env": self._settings.name, **environment}.items()
            },
            port_mappings=[ecs.PortMapping(container_port=SERVICE_PORT)],
            stop_timeout=cdk.Duration.seconds(STOP_TIMEOUT),
            health_check=ecs.HealthCheck(
                command=["CMD", *health_check.command(SERVICE_PORT)],
                interval=cdk.Duration.seconds(health_check.INTERVAL_SECONDS),
                timeout=cdk.Duration.seconds(health_check.TIMEOUT_SECONDS),
                retries=HEALTH_RETRIES,
                start_period=cdk.Duration.seconds(HEALTH_START_PERIOD),
            ),
            logging=ecs.LogDrivers.aws_logs(
                stream_prefix="service",
                log_group=self.log_group,
                mode=ecs.AwsLogDriverMode.NON_BLOCKING,
            ),
        )
        container.add_mount_points(
            ecs.MountPoint(container_path="/tmp", source_volume="tmp", read_only=False)  # noqa: S108 - inside the container
        )
        return container

    def _no_capabilities(self) -> ecs.LinuxParameters:
        parameters = ecs.LinuxParameters(self, "Linux")
        parameters.drop_capabilities(ecs.Capability.ALL)
        return parameters

    def _service(self, network: Network) -> ecs.FargateService:
        service = ecs.FargateService(
            self,
            "Service",
            cluster=self.cluster,
            task_definition=self.task_definition,
            desired_count=self._settings.fargate.desired_count,
            capacity_provider_strategies=_capacity(spot=self._settings.fargate.spot),
            assign_public_ip=True,  # the way out, instead of a NAT gateway
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PUBLIC),
            security_groups=[network.task_security_group],
            circuit_breaker=ecs.DeploymentCircuitBreaker(enable=True, rollback=True),
            min_healthy_percent=100,
            max_healthy_percent=200,
            propagate_tags=ecs.PropagatedTagSource.SERVICE,
        )
        if self._settings.office_hours:
            self._keep_office_hours(service, self._settings.office_hours)
        return service

    def _keep_office_hours(self, service: ecs.FargateService, office: Office) -> None:
        """Application Auto Scaling sets the count twice a day, by its service-linked role.

        The template then names no count: CloudFormation makes the service with 1 and leaves the
        count alone ever after, so that a deployment at night wakes nobody
        (AWS containers roadmap 493).
        """
        resource = service.node.default_child
        assert isinstance(resource, ecs.CfnService)  # noqa: S101 - what FargateService is made of
        resource.add_property_deletion_override("DesiredCount")
        count = self._settings.fargate.desired_count
        scaling = service.auto_scale_task_count(min_capacity=0, max_capacity=count)
        for name, at, tasks in (("Open", office.opens, count), ("Close", office.closes, 0)):
            hour, minute = at.split(":")
            scaling.scale_on_schedule(
                name,
                schedule=scaling_schedules.Schedule.cron(
                    week_day=",".join(office.days), hour=str(int(hour)), minute=str(int(minute))
                ),
                time_zone=cdk.TimeZone.ASIA_SEOUL,
                min_capacity=tasks,
                max_capacity=tasks,
            )


def _offer_both_capacities(cluster: ecs.Cluster) -> None:
    """On demand and Spot, as a property of the cluster.

    `enable_fargate_capacity_providers` makes a resource beside it that no service depends on. It is
    deleted while the service stands, and ECS refuses: "The specified capacity provider is in use
    and cannot be removed" (aws/aws-cdk#15366, pahud/cdk-fargate-patterns#71).
    """
    resource = cluster.node.default_child
    assert isinstance(resource, ecs.CfnCluster)  # noqa: S101 - what a Cluster is made of
    resource.capacity_providers = ["FARGATE", "FARGATE_SPOT"]


def _capacity(*, spot: bool) -> list[ecs.CapacityProviderStrategy]:
    """With Spot the first task stays on demand, because Spot alone may leave nothing running.

    Without it a strategy as well: from a launch type to a strategy CloudFormation may make another
    service (conditionalCreateOnlyProperties of AWS::ECS::Service).
    """
    if not spot:
        return [ecs.CapacityProviderStrategy(capacity_provider="FARGATE", weight=1)]
    return [
        ecs.CapacityProviderStrategy(capacity_provider="FARGATE", base=1, weight=0),
        ecs.CapacityProviderStrategy(capacity_provider="FARGATE_SPOT", weight=1),
    ]


def _image(settings: Environment) -> ecs.ContainerImage:
    if settings.image.mode == "source":
        return ecs.ContainerImage.from_registry(f"cufit-service:{source_digest(ROOT)}")
    return ecs.ContainerImage.from_asset(
        str(ROOT),  # of which .dockerignore leaves the service and the contracts
        file="service/Dockerfile",
        platform=ecr_assets.Platform.LINUX_ARM64,
    )


def source_digest(checkout: Path) -> str:
    """Of all that an image built from `checkout` would hold.

    It is the tag where no container is built and the checkout itself runs (image.mode =
    "source"): an edit of the service is a new task definition there too.
    """
    return cdk.FileSystem.fingerprint(
        str(checkout),
        exclude=(checkout / ".dockerignore").read_text().splitlines(),
        ignore_mode=cdk.IgnoreMode.DOCKER,
    )

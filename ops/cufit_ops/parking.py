"""Parking an environment: its service runs no task, and everything else stays.

People get 503 meanwhile; photos, queues, functions and tables stand as they are.
"""

from dataclasses import dataclass

from cufit_ops.costs.bill import VAT_PERCENT
from cufit_ops.costs.prices import price_list
from cufit_ops.deployed_environment import AT_ONCE, Deployed
from stacks.settings import Environment, Fargate, is_production


class AlwaysOnError(ValueError):
    """Production is not parked."""


@dataclass(frozen=True, slots=True)
class Tasks:
    """How many the service is to run."""

    before: int
    now: int


def park(deployed: Deployed) -> Tasks:
    """Run no task.

    Raises:
        AlwaysOnError: it is production.
        NotDeployedError: there is no service.
    """
    if is_production(deployed.environment):
        raise AlwaysOnError(f"--env {deployed.environment}: production is always on")
    return set_tasks(deployed, 0)


def set_tasks(deployed: Deployed, count: int) -> Tasks:
    """Have the service run `count` tasks, of the definition it has; no deployment begins by it.

    Raises:
        NotDeployedError: there is no service.
    """
    ecs = deployed.client("ecs", AT_ONCE)
    cluster = deployed.output("Service", "ClusterName")
    service = deployed.output("Service", "ServiceName")
    (found,) = ecs.describe_services(cluster=cluster, services=[service])["services"]
    if found["desiredCount"] != count:
        ecs.update_service(cluster=cluster, service=service, desiredCount=count)
    return Tasks(before=found["desiredCount"], now=count)


def tasks_of(settings: Environment) -> int:
    """How many an environment that is on runs."""
    return max(settings.fargate.desired_count, 1)


def usd_an_hour(fargate: Fargate, tasks: int, region: str) -> float:
    """What that many tasks and their addresses cost, VAT included.

    Raises:
        NoPricesError: nobody has read the prices of `region`.
    """
    price = {meter: row.each for meter, row in price_list(region).prices.items()}
    task = (
        fargate.cpu / 1024 * price["fargate_vcpu_hour"]
        + fargate.memory / 1024 * price["fargate_gb_hour"]
        + price["ipv4_hour"]
    )
    return tasks * task * (1 + VAT_PERCENT / 100)

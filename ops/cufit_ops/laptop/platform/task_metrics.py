"""What ECS measures of a service: AWS/ECS MemoryUtilization and CPUUtilization, once a minute.

Without them the alarm for "no task runs" would go off on every laptop.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

import psutil
from botocore.exceptions import BotoCoreError, ClientError

from cufit_ops.laptop.platform.tasks import FargateService

logger = logging.getLogger(__name__)

PERIOD_SECONDS = 60


async def report(service: FargateService, clients: Callable[[str], Any]) -> None:
    """Put the running task's share of its deployed size, in per cent, until cancelled."""
    while True:
        try:
            await asyncio.to_thread(_put, service, clients("cloudwatch"))
        except (BotoCoreError, ClientError, psutil.Error):
            logger.exception("the task's metrics of this minute are missing")
        await asyncio.sleep(PERIOD_SECONDS)


def _put(service: FargateService, cloudwatch: Any) -> None:
    task = service.current
    if task is None or not task.is_running:
        return  # no task, no metric: the alarm counts on it
    process = psutil.Process(task.process.pid)
    size = task.definition
    shares = {
        "MemoryUtilization": 100 * process.memory_info().rss / (size.memory_mib * 2**20),
        "CPUUtilization": process.cpu_percent(interval=1) / (size.cpu_units / 1024),
    }
    dimensions = [
        {"Name": "ClusterName", "Value": service.cluster},
        {"Name": "ServiceName", "Value": service.name},
    ]
    cloudwatch.put_metric_data(
        Namespace="AWS/ECS",
        MetricData=[
            {"MetricName": name, "Dimensions": dimensions, "Value": share, "Unit": "Percent"}
            for name, share in shares.items()
        ],
    )

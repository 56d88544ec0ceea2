"""What ECS does about a service's desired count, as far as a laptop runs tasks: none, or one."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from cufit_ops.laptop.platform.tasks import FargateService

logger = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 1.0


async def follow(service: FargateService, clients: Callable[[str], Any]) -> None:
    """Stop the task while the count is 0, start one when it is not, until cancelled."""
    while True:
        await asyncio.sleep(LOOK_EVERY_SECONDS)
        try:
            count = await asyncio.to_thread(_desired, clients("ecs"), service.cluster, service.name)
        except (BotoCoreError, ClientError, LookupError):
            continue  # the embedded AWS starts again, or the stack is gone
        try:
            if count == 0 and not service.parked:
                await service.park()
            elif count and service.parked:
                await service.unpark()
        except Exception:
            logger.exception("the service was not scaled to %s; trying again", count)


def _desired(ecs: Any, cluster: str, service: str) -> int:
    described = ecs.describe_services(cluster=cluster, services=[service])["services"]
    return int(described[0]["desiredCount"])

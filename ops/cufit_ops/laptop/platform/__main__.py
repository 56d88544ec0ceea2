"""The background process of the local platform: `python -m cufit_ops.laptop.platform`."""

import asyncio
import logging
import secrets
import signal
from functools import partial
from typing import Any

from cufit_ops.laptop.deployment import stack_outputs
from cufit_ops.laptop.environment import client
from cufit_ops.laptop.platform import desired_count, task_metrics, tasks_left
from cufit_ops.laptop.platform.entry import played
from cufit_ops.laptop.platform.front_door import FrontDoor
from cufit_ops.laptop.platform.http_api import HttpApi, read_http_api
from cufit_ops.laptop.platform.issuer import LocalIssuer
from cufit_ops.laptop.platform.pages import Pages
from cufit_ops.laptop.platform.server import server_of
from cufit_ops.laptop.platform.tasks import FargateService
from cufit_ops.workspace import Workspace

logger = logging.getLogger("cufit_ops.laptop.platform")


class Platform:
    """The front door and the task behind it, as the last deployment describes them."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._clients: dict[str, Any] = {}
        outputs = stack_outputs(workspace)
        self.service = FargateService(
            workspace, self._client, outputs["ClusterName"], outputs["ServiceName"],
            credentials_token=secrets.token_urlsafe(32), played=played(),
        )  # fmt: skip
        self._api = self._read_api(outputs)
        issuer = LocalIssuer.of(workspace)
        self.app = FrontDoor(lambda: self._api, self.service, issuer, self._client).app()
        self.app.routes.extend(Pages(workspace, issuer).routes())

    async def reload(self) -> None:
        """After a deployment: read the API again and roll the task."""
        try:
            outputs = await asyncio.to_thread(stack_outputs, self._workspace)
            self._api = await asyncio.to_thread(self._read_api, outputs)
            await self.service.replace()
        except Exception as error:
            logger.exception("the new deployment does not run; the old task goes on")
            self.service.failures.append(f"{type(error).__name__}: {error}")

    async def report_metrics(self) -> None:
        await task_metrics.report(self.service, self._client)

    async def follow_desired_count(self) -> None:
        await desired_count.follow(self.service, self._client)

    def _client(self, service: str) -> Any:
        return self._clients.setdefault(service, client(service, self._workspace))

    def _read_api(self, outputs: dict[str, str]) -> HttpApi:
        return read_http_api(self._client("apigatewayv2"), outputs["HttpApiId"])


async def serve(workspace: Workspace) -> None:
    platform = Platform(workspace)
    server = server_of(platform.app, workspace.port)
    jobs: set[asyncio.Task[None]] = set()

    def on_hangup() -> None:
        job = asyncio.create_task(platform.reload())
        jobs.add(job)
        job.add_done_callback(jobs.discard)

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGHUP, on_hangup)
    for ending in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(ending, partial(setattr, server, "should_exit", True))
    watcher = await tasks_left.watch()
    serving = asyncio.create_task(server.serve())
    try:
        while not server.started and not serving.done():
            await asyncio.sleep(0.01)  # the task asks this server for credentials as it starts
        if not serving.done():
            await platform.service.start()
            jobs.add(asyncio.create_task(platform.service.watch()))
            jobs.add(asyncio.create_task(platform.report_metrics()))
            jobs.add(asyncio.create_task(platform.follow_desired_count()))
        await serving
    finally:
        server.should_exit = True
        for job in jobs:
            job.cancel()
        await asyncio.gather(*jobs, return_exceptions=True)
        await platform.service.stop()
        await serving
        if watcher.stdin is not None:
            watcher.stdin.close()  # it finds nothing left
        await watcher.wait()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    asyncio.run(serve(Workspace.from_environment()))

"""The process in the container: HTTP and, beside it, the outbox sweeper."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from fastapi import FastAPI

from cufit_service import lifetimes
from cufit_service.bootstrap import Service, build_service, region_of
from cufit_service.entrypoints.background import repeat
from cufit_service.entrypoints.http.app import Lifespan, create_app
from cufit_service.entrypoints.http.context import Context
from cufit_service.entrypoints.json_log import log_to_stdout
from cufit_service.entrypoints.server import LameDuckServer, Lifecycle, server_config
from cufit_service.settings import Settings


def run(settings: Settings, environ: Mapping[str, str]) -> int:
    """Serve until told to stop; the exit code.

    Raises:
        ConfigurationError: the settings contradict each other or AWS_REGION is missing.
    """
    log_to_stdout(settings.log_level)
    service = build_service(settings, region_of(environ))
    lifecycle = Lifecycle()
    context = Context(service.use_cases, service.tokens, service.clock, service.ids, lifecycle)
    app = create_app(context, sweeping(service))
    config = server_config(app, settings.host, settings.port)
    server = LameDuckServer(config, lifecycle, settings.lame_duck)
    server.run()
    return 0 if server.started else 1


def sweeping(service: Service) -> Lifespan:
    """While the application serves, the outbox is swept; afterwards the threads are let go."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        sweeper = asyncio.create_task(
            repeat(service.use_cases.sweep_outbox, every_seconds=lifetimes.SWEEP_EVERY_SECONDS)
        )
        try:
            yield
        finally:
            sweeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sweeper
            service.threads.shutdown(wait=True)

    return lifespan

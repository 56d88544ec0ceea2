"""The process in the container: HTTP and, beside it, sweeper, forgetting and reconciler."""

import asyncio
import gc
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.types import Lifespan

from cufit_service import lifetimes
from cufit_service.bootstrap import Service, build_service
from cufit_service.entrypoints.background import after, repeat
from cufit_service.entrypoints.http.app import create_app
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
    service = build_service(settings, environ)
    lifecycle = Lifecycle()
    context = Context(service.use_cases, service.tokens, service.clock, service.ids, lifecycle)
    app = create_app(context, with_background_work(service))
    config = server_config(app, settings.host, settings.port)
    server = LameDuckServer(config, lifecycle, settings.lame_duck)
    # What is here by now stays to the end: later collections need not look at it, nor at what the
    # warm-up loads.
    gc.freeze()
    gc.enable()
    server.run()
    return 0 if server.started else 1


def with_background_work(service: Service) -> Lifespan[FastAPI]:
    """While the application serves, what time sets in motion; afterwards the clients are closed."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async def warm_up() -> None:
            await service.warm_up()
            # A tenth of a second of processor time, which else the first who reads it costs all.
            await asyncio.to_thread(app.openapi)
            gc.freeze()

        works = (
            (service.use_cases.sweep_outbox, lifetimes.SWEEP_EVERY_SECONDS),
            (service.use_cases.sweep_outbox.forget, lifetimes.SWEEP_EVERY_SECONDS),
            (service.use_cases.reconcile, lifetimes.RECONCILE_EVERY_SECONDS),
            (service.renew_keys, lifetimes.LOOK_AT_KEYS_EVERY_SECONDS),
        )
        tasks = [
            asyncio.create_task(repeat(work, every_seconds=seconds)) for work, seconds in works
        ]
        tasks.append(asyncio.create_task(after(lifetimes.WARM_UP_AFTER_SECONDS, warm_up)))
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await service.aws.close()

    return lifespan

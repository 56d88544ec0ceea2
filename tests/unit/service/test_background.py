"""Work that time sets in motion goes on whatever happens to it."""

import asyncio
import logging
import threading
from typing import Any

import pytest

from cufit_service import lifetimes
from cufit_service.bootstrap import Service
from cufit_service.entrypoints import process
from cufit_service.entrypoints.background import repeat
from cufit_service.entrypoints.process import with_background_work
from cufit_service.entrypoints.server import LameDuckServer, Lifecycle, server_config
from tests.in_memory_aws.clients import clients
from tests.unit.service.http_world import HttpWorld


async def test_work_that_fails_is_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    pauses: list[float] = []
    done = asyncio.Event()

    async def work() -> None:
        if len(pauses) == 3:
            done.set()
        raise RuntimeError("once more")

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        await asyncio.sleep(0)

    with caplog.at_level(logging.ERROR):
        task = asyncio.create_task(repeat(work, every_seconds=10, sleep=sleep))
        await asyncio.wait_for(done.wait(), 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert caplog.text.count("background work failed") >= 3
    assert all(5 <= pause <= 15 for pause in pauses)
    assert len(set(pauses)) > 1


async def test_forgetting_runs_beside_sweeping(monkeypatch: pytest.MonkeyPatch) -> None:
    http, works = HttpWorld(shares_app=True), dict[object, float]()

    async def noted(work: object, *, every_seconds: float) -> None:
        works[work] = every_seconds

    async def nothing() -> None: ...

    monkeypatch.setattr(process, "repeat", noted)
    context = http.app.state.context
    service = Service(
        context.use_cases, context.tokens, context.clock, context.ids,
        clients(lambda *_: {}), warm_up=nothing, renew_keys=nothing,
    )  # fmt: skip
    async with with_background_work(service)(http.app):
        await asyncio.sleep(0)
    sweep = context.use_cases.sweep_outbox
    assert works[sweep] == works[sweep.forget] == lifetimes.SWEEP_EVERY_SECONDS


async def test_a_lame_duck_serves_until_its_time_is_up() -> None:
    now = 100.0
    lifecycle = Lifecycle()

    async def app(*_: object) -> None: ...

    config = server_config(app, "127.0.0.1", 0)
    server = LameDuckServer(config, lifecycle, lame_duck=20, clock=lambda: now)
    assert not await server.on_tick(1)
    server.handle_exit(15, None)
    assert lifecycle.draining
    assert not await server.on_tick(1)
    now = 119.9
    assert not await server.on_tick(1)
    now = 120.0
    assert await server.on_tick(1)


async def test_the_document_is_made_in_a_thread_before_anybody_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On the event loop it would keep everybody waiting for a tenth of a second."""
    monkeypatch.setattr(lifetimes, "WARM_UP_AFTER_SECONDS", 0.0)
    http = HttpWorld()
    made_in = set()
    make = http.app.openapi

    def openapi() -> dict[str, Any]:
        made_in.add(threading.current_thread())
        return make()

    monkeypatch.setattr(http.app, "openapi", openapi)

    async def nothing() -> None: ...

    context = http.app.state.context
    service = Service(
        context.use_cases, context.tokens, context.clock, context.ids,
        clients(lambda *_: {}), warm_up=nothing, renew_keys=nothing,
    )  # fmt: skip
    async with asyncio.timeout(5), with_background_work(service)(http.app):
        while http.app.openapi_schema is None:
            await asyncio.sleep(0.01)
        assert made_in
        assert threading.current_thread() not in made_in
        async with http.client() as client:
            assert (await client.get("/openapi.json")).json() == make()

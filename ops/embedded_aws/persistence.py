"""Writes MiniStack's state while it is in use, so that a killed server loses little.

MiniStack saves on a clean stop only. Here the services that were called are also written every few
seconds, and all of them at once on `POST /_cufit/save` (after a deployment, for example), in
MiniStack's own format. What a kill can lose: the last seconds, newest log lines and metrics, and
that a queue's message was already handled, which is delivered again.
"""

import asyncio
import contextlib
import hashlib
import json
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Set
from pathlib import Path
from typing import Any

from ministack import app as ministack_app
from ministack.core import persistence as ministack_persistence

logger = logging.getLogger("embedded_aws.persistence")

INTERVAL_SECONDS = 3.0
SHARE_OF_TIME = 0.05
"""At most this share of the time goes into saving, however much there is to save."""

ATTEMPTS = 10

ONLY_AT_THE_END = frozenset({"cloudwatch", "cloudwatch_logs"})
"""State keys that grow with every call and are worth little after a crash. Copying them while the
service is under load would stop the server for seconds."""

Handler = Callable[..., Awaitable[Any]]

_saving = threading.Lock()
_written: dict[str, bytes] = {}
_called: set[str] = set()


def watch_calls() -> None:
    """Note which services are called from now on."""
    for service, registered in ministack_app.SERVICE_REGISTRY.items():
        own = registered.get("state_key", registered["module"])
        keys = {own, *registered.get("sub_modules", ())}
        if service == "cloudformation":  # it writes into every other service's state
            keys = set(ministack_app._state_map)
        handler = ministack_app.SERVICE_HANDLERS[service]
        ministack_app.SERVICE_HANDLERS[service] = _noting(handler, keys - ONLY_AT_THE_END)


def _noting(handler: Handler, state_keys: set[str]) -> Handler:
    def handle(*request: Any) -> Awaitable[Any]:
        _called.update(state_keys)
        return handler(*request)

    return handle


async def save_while_in_use() -> None:
    """Save every few seconds what was called. Runs until cancelled."""
    pause = INTERVAL_SECONDS
    with contextlib.suppress(asyncio.CancelledError):
        while True:
            await asyncio.sleep(pause)
            services = set(_called)
            _called.clear()
            started = time.monotonic()
            if services:
                await asyncio.to_thread(save, services)
            pause = max(INTERVAL_SECONDS, (time.monotonic() - started) / SHARE_OF_TIME)


def save(services: Set[str] | None = None) -> None:
    """Write the state of `services` (None: all) that changed, each file atomically."""
    folder = Path(ministack_persistence.STATE_DIR)
    with _saving:
        folder.mkdir(parents=True, exist_ok=True)
        for service, get_state in ministack_app._build_persistence_save_dict().items():
            wanted = services is None or service in services
            content = _content(service, get_state) if wanted else None
            if content is None:
                continue
            digest = hashlib.sha256(content).digest()
            if _written.get(service) != digest:
                _replace(folder / f"{service}.json", content)
                _written[service] = digest


def _content(service: str, get_state: Callable[[], Any]) -> bytes | None:
    """The file of a service's state; None when there is nothing to say."""
    for _ in range(ATTEMPTS):
        try:
            state = get_state()
            if state is None:
                return None
            version = ministack_persistence._state_format_version(service)
            return json.dumps(
                {"__ministack_format__": version, "payload": state},
                default=ministack_persistence._json_default,
            ).encode()
        except RuntimeError:  # it changed while it was read
            continue
    logger.warning("the state of %s changes all the time; saved later", service)
    if service not in ONLY_AT_THE_END:
        _called.add(service)
    return None


def _replace(path: Path, content: bytes) -> None:
    partial = path.with_suffix(".partial")
    partial.write_bytes(content)
    partial.replace(path)

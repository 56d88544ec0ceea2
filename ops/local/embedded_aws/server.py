"""Starts MiniStack with the plug-ins on 127.0.0.1, keeps its state, stops it cleanly.

Imported only after `environment.enter`, because importing MiniStack reads the environment.
"""

import asyncio
import contextlib
import fcntl
import logging
import os
import shutil
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.core import lambda_runtime

from embedded_aws import background, gateway, loopback_only, persistence, plugins
from embedded_aws.environment import HOST
from embedded_aws.lambda_runtime import launcher

logger = logging.getLogger("embedded_aws")

KEEP_ALIVE_SECONDS = 75
STOP_SECONDS = 3.0


class CannotStart(RuntimeError):
    """The server did not start; the message says what to do about it."""


def run(port: int, state_dir: Path, runtime_python: Path) -> None:
    """Serve until SIGTERM or SIGINT, then save the state.

    Raises:
        CannotStart: the port is taken, or another embedded AWS uses `state_dir`.
    """
    loopback_only.install()
    with _only_user_of(state_dir), _listening(port) as listener:
        _empty(state_dir / "tmp")
        if not launcher.provided_packages().is_dir():
            raise CannotStart(f"{launcher.provided_packages()} is missing: make install")
        launcher.write(state_dir / "function-python", runtime_python)
        plugins.apply_all(state_dir / "function-python")
        logging.getLogger("persistence").setLevel(logging.WARNING)  # a line per file and save
        try:
            asyncio.run(_serve(listener))
        finally:
            lambda_runtime.reset()
    logging.shutdown()
    # A custom resource whose function never answers holds a thread for up to an hour.
    os._exit(0)


async def _serve(listener: socket.socket) -> None:
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.keep_alive_timeout = KEEP_ALIVE_SECONDS
    config.graceful_timeout = STOP_SECONDS
    config.accesslog = None
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    work = asyncio.gather(persistence.save_while_in_use(), background.run())
    await serve(gateway.app, config, shutdown_trigger=stop.wait)
    work.cancel()


@contextlib.contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen(256)
        except OSError as error:
            raise CannotStart(
                f"port {port} on {HOST} is not free ({error.strerror}). Stop what uses it, or "
                f"choose another one: CUFIT_LOCAL_AWS_PORT={port + 10} make up"
            ) from error
        yield listener


@contextlib.contextmanager
def _only_user_of(state_dir: Path) -> Iterator[None]:
    state_dir.mkdir(parents=True, exist_ok=True)
    with (state_dir / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise CannotStart(
                f"another embedded AWS uses {state_dir}. Stop it first: make down"
            ) from error
        yield


def _empty(directory: Path) -> None:
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)

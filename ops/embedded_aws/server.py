"""Runs MiniStack with the plug-ins, keeps its state, stops it cleanly.

Imported only after `environment.enter`, because importing MiniStack reads the environment.
"""

import asyncio
import logging
import os
import shutil
import signal
import socket
from pathlib import Path

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.core import lambda_runtime

from embedded_aws import background, gateway, loopback_only, persistence, plugins
from embedded_aws.lambda_runtime import launcher

KEEP_ALIVE_SECONDS = 75
STOP_SECONDS = 3.0


def run(listener: socket.socket, state_dir: Path, runtime_python: Path) -> None:
    """Serve on `listener` until SIGTERM or SIGINT, save the state, and end the process."""
    loopback_only.install()
    _empty(state_dir / "tmp")
    plugins.apply_all(launcher.prepare(state_dir / "functions", runtime_python))
    persistence.take_over()
    asyncio.new_event_loop().run_until_complete(_serve(listener))
    lambda_runtime.reset()
    logging.shutdown()
    # Not asyncio.run, not a return: both wait for worker threads, and a custom resource whose
    # function never answers holds one for up to an hour.
    os._exit(0)


async def _serve(listener: socket.socket) -> None:
    config = Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.keep_alive_timeout = KEEP_ALIVE_SECONDS
    config.graceful_timeout = STOP_SECONDS
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    work = [loop.create_task(job) for job in (persistence.save_while_in_use(), background.run())]
    await serve(gateway.app, config, shutdown_trigger=stop.wait)
    for job in work:
        job.cancel()


def _empty(directory: Path) -> None:
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)

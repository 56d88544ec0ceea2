"""Starts every function once, so that one that cannot be imported is told before it is needed.

On AWS the first event would tell. The processes stay, and answer the first events.
"""

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ministack.core import lambda_runtime
from ministack.services.lambda_svc import _functions

Function = dict[str, Any]


def failures() -> dict[str, str]:
    """Name of each function whose import failed, and the traceback."""
    functions = {
        name: function
        for (_, _, name), function in list(_functions._data.items())
        if function.get("code_zip") and function["config"]["Runtime"].startswith("python")
    }
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        said = pool.map(_import, functions.values())
        return {name: failure for name, failure in zip(functions, said, strict=True) if failure}


def _import(function: Function) -> str:
    """What was said of a failure; nothing when the function waits for events."""
    config = function["config"]
    worker, _ = lambda_runtime.acquire_worker(config["FunctionName"], config, function["code_zip"])
    try:
        lambda_runtime.ensure_spawned(worker)
    except RuntimeError as error:
        worker.kill()  # it may still be on its way out, and be taken for one that waits
        said = str(error).removeprefix("Worker init failed: ")
        return f"{said}\n{worker._drain_stderr_bounded()}".strip()
    finally:
        lambda_runtime.release_worker(worker)
    return ""

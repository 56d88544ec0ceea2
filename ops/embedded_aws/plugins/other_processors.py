"""A function built for another processor is not run: dev's and prod's are for arm64.

MiniStack would start it on this machine's, where some of its packages cannot be loaded. The
invocation fails at once and says why. Only arm64 is told from a wish: x86_64 is also the default
of who names nothing.
"""

import platform
from typing import Any

from ministack.services import lambda_svc

Function = dict[str, Any]

IS_ARM = platform.machine() in ("arm64", "aarch64")


def apply() -> None:
    dispatch = lambda_svc._execute_function_dispatch

    def unless_foreign(func: Function, config: Function, *invocation: Any) -> Any:
        if "arm64" in (config.get("Architectures") or ()) and not IS_ARM:
            said = f"{config['FunctionName']} is built for arm64; this machine runs no such code"
            body = {"errorType": "Runtime.InvalidEntrypoint", "errorMessage": said}
            return {"body": body, "error": True, "function_error": "Unhandled", "log": said}
        return dispatch(func, config, *invocation)

    lambda_svc._execute_function_dispatch = unless_foreign

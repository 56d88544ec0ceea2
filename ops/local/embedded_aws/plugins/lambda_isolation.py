"""A function sees what it would see on Lambda, not what the server sees.

MiniStack starts a function with the server's interpreter, packages and environment, so a bundle
that lacks a dependency works here and fails on AWS. The launcher (`embedded_aws.lambda_runtime`)
starts it with the standard library, what Lambda's runtime brings, and Lambda's variables; the
credentials of the function's role still arrive. Only Python runtimes exist here.
"""

from pathlib import Path

from ministack.core import lambda_runtime


def apply(launcher: Path) -> None:
    worker_script = lambda_runtime._PYTHON_WORKER_SCRIPT

    def isolated_binary(runtime: str) -> tuple[str, str]:
        return (str(launcher), worker_script) if runtime.startswith("python") else ("", "")

    lambda_runtime._detect_runtime_binary = isolated_binary

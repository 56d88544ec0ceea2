"""A function sees what it would see on Lambda, not what the server sees.

MiniStack starts a function with the server's interpreter, packages and environment, so a bundle
that lacks a dependency works here and fails on AWS. The launcher (`embedded_aws.lambda_runtime`)
starts it with the standard library, what Lambda's runtime brings, and Lambda's variables; the
credentials of the function's role still arrive. Only Python runtimes exist here.

MiniStack also unpacks the bundle in the server for every worker, half a second in which nothing
else is answered; here the function's own process unpacks it, once per bundle.
"""

import types
import zipfile
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime

CODE_DIR = "code"
"""Where a worker's bundle goes, below the worker's directory; layers go elsewhere."""


def apply(launcher: Path) -> None:
    # Of an import that failed, MiniStack passes on the message alone.
    worker_script = lambda_runtime._PYTHON_WORKER_SCRIPT.replace(
        '"error": str(e)})', '"error": traceback.format_exc()})'
    )

    def isolated_binary(runtime: str) -> tuple[str, str]:
        return (str(launcher), worker_script) if runtime.startswith("python") else ("", "")

    lambda_runtime._detect_runtime_binary = isolated_binary
    lambda_runtime.zipfile = types.SimpleNamespace(
        ZipFile=_LeavesTheBundlePacked,
        BadZipFile=zipfile.BadZipFile,
        LargeZipFile=zipfile.LargeZipFile,
        LargeFileError=zipfile.LargeZipFile,
    )


class _LeavesTheBundlePacked(zipfile.ZipFile):
    def extractall(self, path: Any = None, members: Any = None, pwd: bytes | None = None) -> None:
        if path is None or Path(path).name != CODE_DIR:
            super().extractall(path, members, pwd)

"""Clients made of the document by generators that know nothing of cufit."""

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from cufit_ops import cdk
from cufit_ops.workspace import ROOT

PACKAGE: Final = "cufit_client"


def write_document(document: dict[str, Any], folder: Path) -> Path:
    path = folder / "openapi.json"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return path


def python_client(document: Path, folder: Path) -> ModuleType:
    """The package openapi-python-client makes of the document, imported. Warnings are failures."""
    config = folder / "config.yaml"
    config.write_text("post_hooks: []\n")
    _run(
        ROOT / ".venv-clients/bin/openapi-python-client", "generate", "--path", document,
        "--meta", "none", "--output-path", folder / PACKAGE, "--config", config,
        "--fail-on-warning",
    )  # fmt: skip
    _run(sys.executable, "-m", "compileall", "-q", folder / PACKAGE)
    sys.path.insert(0, str(folder))
    try:
        return importlib.import_module(PACKAGE)
    finally:
        sys.path.remove(str(folder))


def typescript_types(document: Path, folder: Path) -> Path:
    """The types openapi-typescript makes of the document."""
    types = folder / "api.d.ts"
    _run(cdk.node(), ROOT / "node_modules/openapi-typescript/bin/cli.js", document, "-o", types)
    return types


def compile_typescript(*sources: Path) -> None:
    """Raises AssertionError with what the compiler says."""
    tsc = ROOT / "node_modules/typescript/bin/tsc"
    _run(cdk.node(), tsc, "--noEmit", "--strict", "--target", "es2022", *sources)


def _run(*command: object) -> None:
    done = subprocess.run(
        [str(part) for part in command],
        capture_output=True, text=True, check=False, timeout=120,
        env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr

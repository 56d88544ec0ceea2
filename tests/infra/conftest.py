"""One synthesis for the whole tier: every environment of config/, and variants of dev."""

import importlib
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from stacks.config_files import CONFIG_FOLDER, load_environment
from stacks.settings import Environment, Fargate
from tests.infra.synthesis import Synthesized

NAMES = sorted(file.stem for file in CONFIG_FOLDER.glob("*.toml"))
DEPLOYED_NAMES = [name for name in NAMES if name != "local"]


def variants() -> list[Environment]:
    """Choices that no file of config/ makes today, and that must work all the same."""
    dev = load_environment(CONFIG_FOLDER / "dev.toml")
    return [
        dev.model_copy(update={"name": "alb", "entry": "alb", "delivery": None}),
        dev.model_copy(
            update={
                "name": "spot",
                "delivery": None,
                "fargate": Fargate(cpu=256, memory=512, desired_count=2, spot=True),
            }
        ),
    ]


@pytest.fixture(scope="session")
def app() -> Any:
    """The program. Importing it starts Node and reads aws-cdk-lib: for the worker that needs it."""
    # Off for speed; test_app.py and `make check` run with it on.
    os.environ["CDK_VALIDATION"] = "false"
    return importlib.import_module("app")


@pytest.fixture(scope="session")
def synthesized(app: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Synthesized]:
    """Every environment and variant by name, synthesized with cdk-nag."""
    folder = tmp_path_factory.mktemp("cdk.out")
    environments = [load_environment(CONFIG_FOLDER / f"{name}.toml") for name in NAMES]
    environments += variants()
    app.build(environments, outdir=str(folder)).synth()
    return {
        environment.name: Synthesized(environment, folder / f"assembly-cufit-{environment.name}")
        for environment in environments
    }


@pytest.fixture(params=NAMES)
def environment(request: pytest.FixtureRequest, synthesized: dict[str, Synthesized]) -> Synthesized:
    """Each environment of config/ in turn."""
    return synthesized[request.param]


@pytest.fixture(params=DEPLOYED_NAMES)
def deployed(request: pytest.FixtureRequest, synthesized: dict[str, Synthesized]) -> Synthesized:
    """Each environment of config/ that goes to AWS."""
    return synthesized[request.param]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the app reads, to change."""
    root = CONFIG_FOLDER.parent
    for name in ("app.py", "cdk.json", ".dockerignore"):
        shutil.copy(root / name, tmp_path / name)
    for name in ("config", "stacks", "contracts", "lambdas", "prompts", "service"):
        shutil.copytree(root / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path

"""One synthesis for the whole tier: every environment of config/, and some that nobody wrote there.

An operator may change config/ as the schema allows: only what holds for every legal value is
asserted over its environments (`environment`, `deployed`). Exact values are asserted over `sample`.
"""

import importlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from cufit_ops import architecture
from cufit_ops.template_graph import Account
from stacks.config_files import CONFIG_FOLDER, load_environment, load_environments
from stacks.settings import LOCAL, Alarms, Environment, Fargate
from tests.infra.other_values import rewrite
from tests.infra.synthesis import Synthesized

FIXTURES = Path(__file__).parents[1] / "fixtures/config"
NAMES = sorted(file.stem for file in CONFIG_FOLDER.glob("*.toml"))
DEPLOYED_NAMES = [name for name in NAMES if name != LOCAL]
REWRITTEN_NAMES = [f"other{number}" for number, _ in enumerate(DEPLOYED_NAMES)]
"""The same files with another value for every key."""
NO_BUNDLES: dict[str, list[str]] = {"aws:cdk:bundling-stacks": []}
"""The app's context in which no function is built."""


def made_up(folder: Path) -> list[Environment]:
    """Environments that no file of config/ describes, and that must work all the same."""
    text = (FIXTURES / "dev.toml").read_text().partition("[delivery]")[0]
    (folder / "alb.toml").write_text(text.replace('"cloudmap"', '"alb"'))
    both = Alarms(email="someone@cufit.example", webhook_parameter="/cufit/sample/alarm-webhook")
    sample = load_environment(FIXTURES / "dev.toml").model_copy(
        update={"name": "sample", "alarms": both}
    )
    return [
        sample,
        *load_environments(folder, only="alb"),
        sample.model_copy(
            update={
                "name": "spot",
                "account": "123456789012",
                "delivery": None,
                "fargate": Fargate(cpu=256, memory=512, desired_count=2, spot=True),
                "matching": sample.matching.model_copy(update={"shadow_prompt_version": "v1"}),
            }
        ),
        architecture.ENVIRONMENT,
    ]


def rewritten(folder: Path) -> list[Environment]:
    return [
        load_environment(rewrite(CONFIG_FOLDER / f"{name}.toml", folder)).model_copy(
            update={"name": other}
        )
        for name, other in zip(DEPLOYED_NAMES, REWRITTEN_NAMES, strict=True)
    ]


@pytest.fixture(scope="session")
def app() -> Any:
    """The program. Importing it starts Node and reads aws-cdk-lib: for the worker that needs it."""
    # Off for speed; `make check` runs with it on.
    os.environ["CDK_VALIDATION"] = "false"
    return importlib.import_module("app")


@pytest.fixture(scope="session")
def synthesized(app: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Synthesized]:
    """Every environment by name, synthesized with cdk-nag."""
    folder = tmp_path_factory.mktemp("cdk.out")
    environments = [load_environment(CONFIG_FOLDER / f"{name}.toml") for name in NAMES]
    environments += made_up(tmp_path_factory.mktemp("made_up"))
    environments += rewritten(tmp_path_factory.mktemp("config"))
    app.build(environments, outdir=str(folder)).synth()
    return {
        environment.name: Synthesized(environment, folder / f"assembly-cufit-{environment.name}")
        for environment in environments
    }


@pytest.fixture(scope="session")
def samples(app: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Synthesized]:
    """dev and prod of tests/fixtures/config, whatever operators write into config/; no bundles."""
    folder = tmp_path_factory.mktemp("samples")
    found = {}
    for file in (FIXTURES / "dev.toml", FIXTURES / "prod.toml"):
        environment = load_environment(file)
        out = folder / environment.name
        app.build([environment], context=NO_BUNDLES, outdir=str(out)).synth()
        found[environment.name] = Synthesized(environment, out / f"assembly-cufit-{file.stem}")
    return found


@pytest.fixture
def accounts(samples: Mapping[str, Synthesized]) -> Mapping[str, Account]:
    """Templates of dev and prod as they come with the repository."""
    return {name: one.account for name, one in samples.items()}


@pytest.fixture(params=NAMES + REWRITTEN_NAMES)
def environment(request: pytest.FixtureRequest, synthesized: dict[str, Synthesized]) -> Synthesized:
    """Each environment of config/ in turn, as it is and with other values."""
    return synthesized[request.param]


@pytest.fixture(params=DEPLOYED_NAMES + REWRITTEN_NAMES)
def deployed(request: pytest.FixtureRequest, synthesized: dict[str, Synthesized]) -> Synthesized:
    """Each environment of config/ that goes to AWS, as it is and with other values."""
    return synthesized[request.param]


@pytest.fixture
def sample(synthesized: dict[str, Synthesized]) -> Synthesized:
    """The environment of tests/fixtures/config/dev.toml with every way of alarms."""
    return synthesized["sample"]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the app reads, to change; its config/ is tests/fixtures/config."""
    root = CONFIG_FOLDER.parent
    for name in ("app.py", "cdk.json", ".dockerignore"):
        shutil.copy(root / name, tmp_path / name)
    for name in ("stacks", "contracts", "lambdas", "prompts", "service"):
        shutil.copytree(root / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(FIXTURES, tmp_path / "config")
    return tmp_path

"""An operator may write any legal value into config/, and the gate stays green."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from stacks.config_files import CONFIG_FOLDER, load_environment, load_environments
from stacks.settings import LOCAL
from tests.infra.other_values import ONE_LEGAL_VALUE, rewrite

ROOT = CONFIG_FOLDER.parent
DEPLOYED = sorted(file for file in CONFIG_FOLDER.glob("*.toml") if file.stem != LOCAL)
IMPORTED = ("", "contracts", "service", "lambdas", "ops")
TIERS = (
    "tests/unit/stacks",
    "tests/unit/workflows",
    "tests/unit/docs",
    "tests/unit/evaluation/test_prompt_commands.py",
)
"""Which read config/ besides tests/infra, whose synthesis has the other values beside the real.
Not those that remind of a new environment: who may deploy is to be what deploy.yml offers."""

LEFT_OUT = f"not {Path(__file__).stem} and not environment_of_config and not test_post_comments"
"""The comments' script is run by Node and knows no config/."""


@pytest.mark.parametrize("file", DEPLOYED, ids=lambda file: file.stem)
def test_each_key_gets_another_legal_value(file: Path, tmp_path: Path) -> None:
    before, after = load_environment(file), load_environment(rewrite(file, tmp_path))
    others = dict(_leaves(after.model_dump()))
    same = {key for key, value in _leaves(before.model_dump()) if others[key] == value}

    left_out = {
        name for name in ("delivery", "budget", "office_hours") if getattr(before, name) is None
    }
    production = {"retain_data"} if file.stem.startswith("prod") else set()
    assert same <= {"name", *ONE_LEGAL_VALUE, *left_out, *production}


def test_no_test_minds(tmp_path: Path) -> None:
    left_out = shutil.ignore_patterns(".*", "node_modules", "cdk.out")
    checkout = Path(shutil.copytree(ROOT, tmp_path / "checkout", ignore=left_out))
    shutil.copytree(ROOT / ".github", checkout / ".github")
    for file in DEPLOYED:
        rewrite(file, checkout / "config")
    load_environments(checkout / "config")

    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider",
         "-k", LEFT_OUT, *TIERS],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": ":".join(str(checkout / name) for name in IMPORTED)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout[-4000:]


def _leaves(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value

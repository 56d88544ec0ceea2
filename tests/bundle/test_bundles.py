"""Each function's zip is whole: a clean interpreter imports the handler from it.

Built for this machine, because foreign wheels cannot be imported here; the lock and the sources
are the ones dev and prod are built from. `-I -S` keeps this project's and the interpreter's own
packages out, so that what a bundle lacks is missing here as it would be on Lambda.
"""

import hashlib
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path

import pytest

from match_worker.model.prompt import load_prompt
from match_worker.scoring.code_hash import scoring_hash
from stacks.components.bundle import ROOT, Bundle, Target
from stacks.components.bundle_cache import forget_unused, note_use

CACHE = ROOT / ".cache/unpacked"

FUNCTIONS = sorted(folder.parent.name for folder in (ROOT / "lambdas").glob("*/handler.py"))

MEGABYTE = 1024 * 1024
SIZE_LIMITS = {"match_worker": 5 * MEGABYTE, "photo_processor": 15 * MEGABYTE}
DEFAULT_SIZE_LIMIT = 5 * MEGABYTE

FROM_THE_RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six", "urllib3")
"""Lambda's Python runtime brings boto3 and what it needs; nothing else may be missing."""

IMPORT = """
import sys
sys.path[:0] = {paths!r}
from {name}.handler import handler
assert callable(handler)
project = {root!r}
strangers = sorted(
    name for name, module in sys.modules.items()
    if (getattr(module, "__file__", None) or "").startswith(project)
    and ".venv" not in module.__file__ and ".cache" not in module.__file__
)
assert not strangers, strangers
"""


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what Lambda's runtime brings, and nothing else of this environment."""
    folder = tmp_path_factory.mktemp("runtime")
    installed = Path(sysconfig.get_paths()["purelib"])
    for package in FROM_THE_RUNTIME:
        for source in (installed / package, installed / f"{package}.py"):
            if source.exists():
                (folder / source.name).symlink_to(source)
    return folder


@pytest.fixture(scope="session")
def zips() -> dict[str, Path]:
    target = Target.of("host", "host")
    return {name: Bundle(name, target).zip_file() for name in FUNCTIONS}


@pytest.fixture(scope="session")
def unpacked(zips: dict[str, Path]) -> dict[str, Path]:
    """As Lambda lays them out. Kept by their bytes, with what Python compiled there at first."""
    found = {name: _unpacked(file) for name, file in zips.items()}
    forget_unused(CACHE, {folder.name for folder in found.values()})
    return found


def _unpacked(file: Path) -> Path:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    folder = CACHE / digest
    note_use(folder)
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            with zipfile.ZipFile(file) as archive:
                archive.extractall(Path(scratch, "whole"))
            Path(scratch, "whole").rename(folder)
    return folder


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_handler_is_imported_from_its_zip(
    name: str, unpacked: dict[str, Path], runtime: Path, tmp_path: Path
) -> None:
    paths = [str(unpacked[name]), str(runtime)]
    script = IMPORT.format(paths=paths, name=name, root=str(ROOT))
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script],
        env={"POWERTOOLS_METRICS_NAMESPACE": "cufit", "AWS_DEFAULT_REGION": "ap-northeast-2"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_zip_holds_one_function_and_no_boto3(name: str, zips: dict[str, Path]) -> None:
    with zipfile.ZipFile(zips[name]) as archive:
        top = {member.split("/")[0] for member in archive.namelist()}
    others = set(FUNCTIONS) - {name}
    assert {name, "cufit_contracts"} <= top
    assert not top & (others | {"boto3", "botocore", "service", "tests"})
    assert ("prompts" in top) == (name == "match_worker")


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_zip_is_small(name: str, zips: dict[str, Path]) -> None:
    assert zips[name].stat().st_size <= SIZE_LIMITS.get(name, DEFAULT_SIZE_LIMIT)


def test_the_workers_bundle_brings_its_prompts_and_the_code_that_scores(
    unpacked: dict[str, Path], runtime: Path, tmp_path: Path
) -> None:
    script = (
        f"import sys; sys.path[:0] = [{str(unpacked['match_worker'])!r}, {str(runtime)!r}]\n"
        "from match_worker.model.prompt import load_prompt\n"
        "from match_worker.scoring.code_hash import scoring_hash\n"
        "print(load_prompt('v1').content_hash, scoring_hash())"
    )
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    # `cufit explain` computes again what a bundle decided when the checkout has these hashes.
    assert run.stdout.split() == [load_prompt("v1").content_hash, scoring_hash()]

"""A machine that cannot run the install is told why, and what to do."""

import builtins
import importlib.util
import re
import shutil
import sys
import venv
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType

import pytest

from cufit_ops.workspace import ROOT


@pytest.fixture(scope="module")
def install() -> ModuleType:
    spec = importlib.util.spec_from_file_location("install", ROOT / "ops/install.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("version", [(3, 10), (3, 15)])
def test_another_python_is_refused(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int]
) -> None:
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(install.InstallError, match=r"legal is 3\.11 to 3\.14.*PYTHON="):
        install.check_python()


def test_a_python_without_venv_is_told_the_package(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    real_import = builtins.__import__

    def no_ensurepip(name: str, *arguments: object, **named: object) -> object:
        if name == "ensurepip":
            raise ModuleNotFoundError("No module named 'ensurepip'", name="ensurepip")
        return real_import(name, *arguments, **named)  # type: ignore[arg-type]  # passed on

    monkeypatch.setattr(builtins, "__import__", no_ensurepip)
    with pytest.raises(install.InstallError, match=r"no ensurepip.*apt install python3\.\d+-venv"):
        install.check_python()


def test_an_unwritable_cache_is_named(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = tmp_path_factory.mktemp("checkout")
    (root / ".cache").write_text("in the way")
    monkeypatch.setattr(install, "ROOT", root)
    with (
        pytest.raises(install.InstallError, match=r"cannot write .*\.cache.*make it writable"),
        install.only_one(),
    ):
        pass


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment of this Python."""
    folder = tmp_path_factory.mktemp("checkout") / ".venv"
    venv.create(folder, with_pip=False)
    cfg = (folder / "pyvenv.cfg").read_text()
    if "command" not in cfg:
        (folder / "pyvenv.cfg").write_text(f"{cfg}command = python -m venv {folder}\n")
    return folder


@pytest.fixture
def replaceable(made: Path, tmp_path: Path) -> Path:
    """A copy of it at a place of its own, as if it had been made there."""
    folder = tmp_path / ".venv"
    shutil.copytree(made, folder, symlinks=True)
    cfg = folder / "pyvenv.cfg"
    cfg.write_text(cfg.read_text().replace(str(made), str(folder)))
    return folder


def _of_another_python(folder: Path) -> str:
    cfg = folder / "pyvenv.cfg"
    cfg.write_text(re.sub(r"(?m)^version = .*$", "version = 3.10.9", cfg.read_text()))
    return "it is of Python 3.10.9, and this is 3."


def _moved(folder: Path) -> str:
    cfg = folder / "pyvenv.cfg"
    cfg.write_text(cfg.read_text().replace(str(folder), f"/elsewhere{folder}"))
    return f"it was made for another folder: /elsewhere{folder}"


def _without_its_python(folder: Path) -> str:
    for name in ("python", "python3"):
        (folder / "bin" / name).unlink()
    return "its Python does not run any more"


def _half_made(folder: Path) -> str:
    (folder / "pyvenv.cfg").unlink()
    return "it is not whole"


@pytest.mark.parametrize("gone", ["VENV", "AWS_VENV", "CLIENTS_VENV"])
def test_an_environment_whose_python_is_gone_is_installed_again(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, gone: str
) -> None:
    steps = {
        "VENV": "python_packages",
        "AWS_VENV": "embedded_aws",
        "CLIENTS_VENV": "client_generator",
        "NODE_MODULES": "cdk_cli",
    }
    done: list[str] = []
    for folder, work in steps.items():
        python = tmp_path / folder / "bin/python"
        python.parent.mkdir(parents=True)
        python.symlink_to(sys.executable)
        monkeypatch.setattr(install, folder, tmp_path / folder)
        monkeypatch.setattr(install, work, partial(done.append, folder))
    install.install(force=False)
    assert set(done) == set(steps)
    done.clear()
    install.install(force=False)
    assert done == []
    python = tmp_path / gone / "bin/python"
    python.unlink()
    python.symlink_to(tmp_path / "removed/python3")
    install.install(force=False)
    assert done == [gone]


@pytest.mark.parametrize("happens", [_of_another_python, _moved, _without_its_python, _half_made])
def test_an_environment_that_cannot_be_used_is_replaced_with_a_word(
    install: ModuleType,
    replaceable: Path,
    capsys: pytest.CaptureFixture[str],
    happens: Callable[[Path], str],
) -> None:
    why = happens(replaceable)
    (replaceable / "of-before").touch()
    install.virtual_environment(replaceable, "--without-pip")
    assert f"install: .venv is replaced: {why}" in capsys.readouterr().err
    assert not (replaceable / "of-before").exists()
    assert install.why_unusable(replaceable) is None


def test_a_good_environment_stays(
    install: ModuleType, replaceable: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (replaceable / "of-before").touch()
    install.virtual_environment(replaceable, "--without-pip")
    assert (replaceable / "of-before").exists()
    assert not capsys.readouterr().err


def test_a_step_is_done_once_and_again_when_its_inputs_change(
    install: ModuleType, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("step")
    stamp, lock = folder / "stamp", folder / "lock"
    lock.write_text("a==1")
    done: list[str] = []

    def work() -> None:
        done.append(lock.read_text())

    for content in ("a==1", "a==1", "a==2"):
        lock.write_text(content)
        install.step("packages", stamp, [lock], work, False)
    assert done == ["a==1", "a==2"]


def test_a_step_that_failed_is_not_taken_as_done(
    install: ModuleType, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("step")
    stamp, lock = folder / "stamp", folder / "lock"
    lock.write_text("a==1")

    def fails() -> None:
        raise install.InstallError("no network")

    with pytest.raises(install.InstallError):
        install.step("packages", stamp, [lock], fails, False)
    assert not stamp.exists()

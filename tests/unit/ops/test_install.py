"""A machine that cannot run the install is told why, and what to do."""

import builtins
import importlib.util
import sys
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

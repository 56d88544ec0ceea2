"""A lock that does not come from pyproject.toml is told apart, without the network."""

import zipfile
from pathlib import Path

import pytest

from cufit_ops import dependency_locks as locks

DECLARED = {
    "service": ["starlette==1.0"],
    "embedded-aws": ["ministack==1"],
    "lambda-runtime": ["b==1"],
    "client-generator": ["c==1"],
}


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(locks, "ROOT", tmp_path)
    (tmp_path / "service").mkdir()
    (tmp_path / "ops/embedded_aws").mkdir(parents=True)
    (tmp_path / "tests/contract").mkdir(parents=True)
    for lock in locks.locks(DECLARED):
        pins = "starlette==1.0 \\\n    --hash=sha256:00\n" if "service" in lock.groups else ""
        (tmp_path / lock.path).write_text(lock.header(DECLARED) + pins)
    return tmp_path


def test_locks_as_compiled_agree(checkout: Path) -> None:
    assert list(locks.disagreements(DECLARED)) == []


def test_a_changed_declaration_is_found(checkout: Path) -> None:
    changed = {**DECLARED, "service": ["starlette==2.0"]}
    assert [line.partition(":")[0] for line in locks.disagreements(changed)] == [
        "requirements.txt",
        "service/requirements.txt",
    ]


def test_a_deployable_with_another_version_is_found(checkout: Path) -> None:
    path = checkout / "service/requirements.txt"
    path.write_text(path.read_text().replace("==1.0", "==1.1"))
    (found,) = locks.disagreements(DECLARED)
    assert found == "service/requirements.txt: starlette==1.1 is not what requirements.txt pins"


def test_a_missing_lock_and_a_host_are_found(checkout: Path) -> None:
    (checkout / "ops/embedded_aws/requirements.txt").unlink()
    path = checkout / "requirements.txt"
    path.write_text(path.read_text() + "--index-url https://registry.example/simple\n")
    assert list(locks.disagreements(DECLARED)) == [
        "requirements.txt: names a registry host",
        "ops/embedded_aws/requirements.txt: missing",
    ]


def test_a_function_without_a_dependency_group_is_told(checkout: Path) -> None:
    (checkout / "lambdas/greeter").mkdir(parents=True)
    (checkout / "lambdas/greeter/handler.py").touch()
    (found,) = locks.disagreements(DECLARED)
    assert found == "lambdas/greeter: pyproject.toml has no dependency group greeter; add it"


def test_this_checkout_agrees() -> None:
    assert list(locks.disagreements(locks.declared_groups())) == []


def test_a_version_that_need_not_move_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "ROOT", tmp_path)
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(tmp_path))
    for name, version, needs in (
        ("direct", "1", "indirect"),
        ("indirect", "1", ""),
        ("new", "1", ""),
    ):
        _wheel(tmp_path, name, version, needs)
    lock = locks.Lock(Path("requirements.txt"), ("main",), constrained=False)
    _compiled(tmp_path, lock, ["direct==1"])
    _wheel(tmp_path, "indirect", "2", "")

    text = _compiled(tmp_path, lock, ["direct==1", "new==1"])

    assert locks.PIN.findall(text) == [("direct", "1"), ("indirect", "1"), ("new", "1")]


def _compiled(root: Path, lock: locks.Lock, wanted: list[str]) -> str:
    (root / "pyproject.toml").write_text(f"[dependency-groups]\nmain = {wanted}\n")
    locks.compile_lock(lock, {"main": wanted})
    return (root / lock.path).read_text()


def _wheel(folder: Path, name: str, version: str, needs: str) -> None:
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        info = f"{name}-{version}.dist-info"
        wheel.writestr(
            f"{info}/METADATA", metadata + (f"Requires-Dist: {needs}\n" if needs else "")
        )
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")

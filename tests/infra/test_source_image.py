"""Where no container is built, the image's tag stands for what it would hold."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stacks.components.bundle import ROOT
from tests.infra.synthesis import Synthesized

Digest = Callable[[Path], str]


@pytest.fixture
def source_digest(app: Any) -> Digest:
    """`app` has started the Node that comes with the packages: there may be no other."""
    from stacks.components import fargate_service  # noqa: PLC0415

    return fargate_service.source_digest


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("service/cufit_service/rules.py", "contracts/cufit_contracts/messages.py"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("VALUE = 1\n")
    (tmp_path / ".dockerignore").write_text((ROOT / ".dockerignore").read_text())
    return tmp_path


@pytest.mark.parametrize(
    "name", ["service/cufit_service/rules.py", "contracts/cufit_contracts/messages.py"]
)
def test_an_edit_of_the_service_is_another_image(
    source_digest: Digest, checkout: Path, name: str
) -> None:
    before = source_digest(checkout)
    (checkout / name).write_text("VALUE = 2222\n")
    assert source_digest(checkout) != before


def test_an_edit_of_something_else_is_not(source_digest: Digest, checkout: Path) -> None:
    before = source_digest(checkout)
    for name in ("lambdas/handler.py", "service/cufit_image/checks.py"):
        (checkout / name).parent.mkdir()
        (checkout / name).write_text("VALUE = 1\n")
    compiled = checkout / "service" / "cufit_service" / "__pycache__"
    compiled.mkdir()
    (compiled / "rules.cpython-313.pyc").write_bytes(b"compiled")
    assert source_digest(checkout) == before


def test_the_local_task_runs_it(source_digest: Digest, synthesized: dict[str, Synthesized]) -> None:
    (container,) = synthesized["local"].only("AWS::ECS::TaskDefinition")["ContainerDefinitions"]
    assert container["Image"] == f"cufit-service:{source_digest(ROOT)}"

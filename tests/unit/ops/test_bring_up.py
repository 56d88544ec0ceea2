"""`up` never says that all is well while old or broken code runs."""

from pathlib import Path

import pytest
from rich.console import Console

from cufit_ops.laptop import deployment, embedded_aws, processes, system
from cufit_ops.laptop.deployment import BrokenFunctionsError
from cufit_ops.step_progress import Progress
from cufit_ops.workspace import Workspace


class Laptop:
    """A running system: what its last deployment asks for, what runs, what `up` did."""

    def __init__(self) -> None:
        self.changed: set[str] = set()
        self.broken: dict[str, str] = {}
        self.deployed_task = "task:1"
        self.running_task = "task:1"
        self.recorded: list[str] = []
        self.cannot_roll = False

    def roll(self, _: Workspace) -> None:
        if self.cannot_roll:
            raise processes.ProcessError("the new task does not run")
        self.running_task = self.deployed_task


@pytest.fixture
def laptop(monkeypatch: pytest.MonkeyPatch) -> Laptop:
    made = Laptop()
    monkeypatch.setattr(processes, "running", lambda *_: True)
    monkeypatch.setattr(embedded_aws, "start", lambda _: False)
    monkeypatch.setattr(embedded_aws, "import_functions", lambda _: made.broken)
    monkeypatch.setattr(deployment, "inputs_digest", lambda: "edited")
    monkeypatch.setattr(deployment, "is_current", lambda *_: "edited" in made.recorded)
    monkeypatch.setattr(deployment, "deploy", lambda *_: made.changed)
    monkeypatch.setattr(deployment, "record", lambda _, digest: made.recorded.append(digest))
    monkeypatch.setattr(
        system, "runs_another_task", lambda _: made.running_task != made.deployed_task
    )
    monkeypatch.setattr(system, "roll_platform", made.roll)
    return made


def up(folder: Path) -> system.Brought:
    return system.bring_up(Workspace(folder, 1, 2), Progress(Console(quiet=True)))


def test_another_task_is_rolled_and_recorded(laptop: Laptop, tmp_path: Path) -> None:
    laptop.changed, laptop.deployed_task = {"Service"}, "task:2"
    assert up(tmp_path).deployed
    assert laptop.running_task == "task:2"
    assert laptop.recorded == ["edited"]


def test_a_roll_that_failed_is_tried_again(laptop: Laptop, tmp_path: Path) -> None:
    laptop.changed, laptop.deployed_task, laptop.cannot_roll = {"Service"}, "task:2", True
    with pytest.raises(processes.ProcessError):
        up(tmp_path)
    laptop.changed, laptop.cannot_roll = set(), False  # the CLI finds the stack as it was
    up(tmp_path)
    assert laptop.running_task == "task:2"


def test_a_broken_function_is_told_until_it_is_mended(laptop: Laptop, tmp_path: Path) -> None:
    laptop.changed, laptop.broken = {"Matching"}, {"match_worker": "No module named 'x'"}
    for _ in range(2):
        with pytest.raises(BrokenFunctionsError, match="No module named 'x'"):
            up(tmp_path)
        laptop.changed = set()
    laptop.broken = {}
    up(tmp_path)
    assert laptop.recorded == ["edited"]


def test_what_did_not_change_is_left_alone(laptop: Laptop, tmp_path: Path) -> None:
    laptop.recorded, laptop.cannot_roll = ["edited"], True
    laptop.changed, laptop.broken = {"Service"}, {"never": "asked"}
    assert not up(tmp_path).deployed

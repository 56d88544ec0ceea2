"""`up` never says that all is well while old or broken code runs."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from cufit_ops.laptop import deployment, embedded_aws, processes, sources, system
from cufit_ops.laptop.deployment import BrokenFunctionsError
from cufit_ops.laptop.platform.tasks_left import PLATFORM
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
        self.daemons = {
            PLATFORM: processes.Daemon(PLATFORM, 1, 0, sources.of_platform()),
            embedded_aws.NAME: processes.Daemon("aws", 2, 0, sources.of_embedded_aws()),
        }

    def stop(self, _: Workspace, name: str) -> bool:
        return self.daemons.pop(name, None) is not None

    def start_aws(self, _: Workspace) -> bool:
        missing = embedded_aws.NAME not in self.daemons
        if missing:
            self.daemons[embedded_aws.NAME] = processes.Daemon("aws", 4, 0)
        return missing

    def start_platform(self, _: Workspace) -> None:
        self.daemons[PLATFORM] = processes.Daemon(PLATFORM, 3, 0)

    def roll(self, _: Workspace) -> None:
        if self.cannot_roll:
            raise processes.ProcessError("the new task does not run")
        self.running_task = self.deployed_task


@pytest.fixture
def laptop(monkeypatch: pytest.MonkeyPatch) -> Laptop:
    made = Laptop()
    monkeypatch.setattr(processes, "running", lambda _, name: made.daemons.get(name))
    monkeypatch.setattr(processes, "stop", made.stop)
    monkeypatch.setattr(processes, "check_port", lambda *_: None)
    monkeypatch.setattr(system, "start_platform", made.start_platform)
    monkeypatch.setattr(embedded_aws, "start", made.start_aws)
    monkeypatch.setattr(embedded_aws, "import_functions", lambda _: made.broken)
    monkeypatch.setattr(deployment, "inputs_digest", lambda _: "edited")
    monkeypatch.setattr(deployment, "is_current", lambda *_: "edited" in made.recorded)
    monkeypatch.setattr(deployment, "deploy", lambda *_: made.changed)
    monkeypatch.setattr(deployment, "unpark", lambda _: False)
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


@pytest.mark.parametrize("name", [PLATFORM, embedded_aws.NAME])
def test_a_process_older_than_its_sources_is_replaced_with_a_word(
    laptop: Laptop, tmp_path: Path, name: str
) -> None:
    laptop.recorded = ["edited"]
    laptop.daemons[name] = replace(laptop.daemons[name], sources="as they were")
    console = Console(record=True, quiet=False, file=io.StringIO())
    brought = system.bring_up(Workspace(tmp_path, 1, 2), Progress(console))
    assert brought.platform_started  # it holds ids of an AWS that is gone
    assert brought.aws_started == (name == embedded_aws.NAME)
    assert f"stopping {name}: its sources were edited" in console.export_text()


def test_the_digest_of_sources_is_of_what_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "ROOT", tmp_path)
    door = tmp_path / "ops/cufit_ops/laptop/platform/front_door.py"
    other = tmp_path / "ops/cufit_ops/evaluation/words.py"
    for file in (door, other):
        file.parent.mkdir(parents=True)
        file.write_text("1")
    before = sources.of_platform()
    other.write_text("2")
    assert sources.of_platform() == before
    door.write_text("2")
    assert sources.of_platform() != before

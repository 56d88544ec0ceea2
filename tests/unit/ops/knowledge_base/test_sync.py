"""After a sync the index says what the table says, also when it was stopped on the way."""

from collections.abc import Callable
from typing import Any

import pytest

from cufit_ops.knowledge_base.sync import STALLED_SECONDS, Pulse, Sync, Work
from tests.unit.lambdas.profile_indexer.test_follow_profiles import (
    Candidates,
    FakeKnowledgeBase,
)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Scene:
    """35 candidates, none indexed."""

    def __init__(self, dynamodb: Any) -> None:
        self.ids = [f"m_{n:02}" for n in range(35)]
        self.candidates = Candidates(dynamodb)
        for one in self.ids:
            self.candidates.save(one, 2)
        self.base = FakeKnowledgeBase()
        self.clock = Clock()
        self.sync = Sync(self.candidates, self.base, self.clock, self.clock.sleep)
        self.pulses: list[Pulse] = []

    def run(self, *ids: str, reopen: tuple[str, ...] = ()) -> tuple[list[str], list[str]]:
        outcome = self.sync(Work(reopen, ids or self.ids), self.pulses.append)
        return list(outcome.unreadable), list(outcome.waiting)


@pytest.fixture
def scene(dynamodb: Any) -> Scene:
    return Scene(dynamodb)


def test_everything_is_written_ten_at_a_time_and_marked(scene: Scene) -> None:
    assert scene.run() == ([], [])
    assert scene.base.documents == dict.fromkeys(scene.ids, 2)
    assert [len(ids) for ids in scene.base.puts] == [10, 10, 10, 5]
    assert {scene.candidates.state(one) for one in scene.ids} == {("INDEXED", 2, None)}
    assert [pulse.done for pulse in scene.pulses] == [10, 20, 30, 35]


def test_what_is_still_being_indexed_is_waited_for_once_all_is_written(scene: Scene) -> None:
    scene.base.working = dict.fromkeys(scene.ids, 3)
    assert scene.run() == ([], [])
    assert len(scene.base.puts) == 4
    assert scene.clock.now == pytest.approx(3.0)
    assert (scene.pulses[3].done, scene.pulses[-1].done) == (0, 35)


def test_waiting_ends_when_nothing_moves(scene: Scene) -> None:
    scene.base.working = {"m_07": 1_000_000}
    assert scene.run() == ([], ["m_07"])
    assert scene.clock.now == pytest.approx(STALLED_SECONDS, abs=5)
    assert scene.candidates.state("m_07") == ("PENDING", 2, None)


def test_a_second_run_writes_nothing(scene: Scene) -> None:
    scene.run()
    scene.base.puts.clear()
    scene.run()
    assert scene.base.puts == []


def test_what_the_table_takes_for_indexed_is_written_after_reopening(scene: Scene) -> None:
    scene.run()
    del scene.base.documents["m_03"]
    scene.run("m_03")
    assert "m_03" not in scene.base.documents
    scene.run("m_03", reopen=("m_03",))
    assert scene.base.documents["m_03"] == 2


def test_a_rebuild_that_was_stopped_goes_on_without_asking_for_one(scene: Scene) -> None:
    scene.run()
    scene.base.puts.clear()

    class Stopped(BaseException):
        pass

    def stop() -> None:
        raise Stopped

    scene.base.meanwhile = [stop]
    with pytest.raises(Stopped):
        scene.run(reopen=tuple(scene.ids))
    behind = [one for one in scene.ids if scene.candidates.state(one)[1] == 0]
    assert len(behind) == 35
    scene.run(*behind)
    assert {scene.candidates.state(one) for one in scene.ids} == {("INDEXED", 2, None)}


def test_an_orphan_goes_and_one_who_came_meanwhile_stays(scene: Scene) -> None:
    scene.run()
    scene.base.documents["m_gone"] = 1
    scene.run("m_gone", "m_03")
    assert "m_gone" not in scene.base.documents
    assert "m_03" in scene.base.documents


def test_one_out_of_shape_and_one_refused_keep_nobody_out(scene: Scene) -> None:
    scene.candidates.spoil("m_01")
    scene.base.refused = {"m_02"}
    assert scene.run() == (["m_01"], [])
    assert scene.candidates.state("m_02")[0] == "FAILED"
    assert set(scene.base.documents) == set(scene.ids) - {"m_01", "m_02"}


def test_a_profile_saved_meanwhile_is_written_in_its_new_version(scene: Scene) -> None:
    saved: Callable[[], None] = lambda: scene.candidates.save("m_04", 3)  # noqa: E731
    scene.base.meanwhile = [saved]
    scene.run()
    assert scene.base.documents["m_04"] == 3
    assert scene.candidates.state("m_04") == ("INDEXED", 3, None)


def test_the_time_left_is_measured() -> None:
    assert Pulse(0, 100, 0.0).seconds_left is None
    half = Pulse(50, 100, 10.0)
    assert (half.a_second, half.seconds_left) == (5.0, 10.0)

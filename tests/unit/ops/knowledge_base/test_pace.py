"""No more calls a second than the quota leaves, and again only what may pass."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from cufit_ops.knowledge_base.pace import CALLS_A_SECOND, Paced, PacedKnowledgeBase, Rate
from profile_indexer.document import Document
from profile_indexer.ports import DocumentRefused

QUOTA = 5
"""Calls a second of each document operation (Service Quotas, Amazon Bedrock)."""


class Clock:
    """Time passes by sleeping."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def paced(clock: Clock, patience: float = 120.0) -> Paced:
    return Paced(Rate(clock=clock, sleep=clock.sleep), patience)


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "m"}}, "IngestKnowledgeBaseDocuments")


class KnowledgeBase:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.calls: list[tuple[str, float, int]] = []

    def _note(self, what: str, documents: Sequence[Any]) -> None:
        self.calls.append((what, self.clock.now, len(documents)))

    def put(self, documents: Sequence[Document]) -> None:
        self._note("put", documents)

    def remove(self, candidate_ids: Sequence[str]) -> None:
        self._note("remove", candidate_ids)

    def states(self, candidate_ids: Sequence[str]) -> dict[str, Any]:
        self._note("states", candidate_ids)
        return dict.fromkeys(candidate_ids, "state")

    def at(self, what: str) -> list[float]:
        return [at for name, at, _ in self.calls if name == what]


def most_in_a_second(moments: Sequence[float]) -> int:
    return max(sum(1 for one in moments if start <= one < start + 1) for start in moments)


def test_a_thousand_documents_keep_to_the_quota_of_each_operation() -> None:
    clock = Clock()
    inner = KnowledgeBase(clock)
    base = PacedKnowledgeBase(inner, lambda: paced(clock))
    tens = [[f"m_{n + one}" for one in range(10)] for n in range(0, 1000, 10)]
    for ids in tens:
        base.put([Document(one, 1, "{}", {}) for one in ids])
    took = clock.now - 1000
    for ids in tens:
        base.remove(ids)
        assert list(base.states(ids)) == ids
    assert {count for _, _, count in inner.calls} == {10}
    for what in ("put", "remove", "states"):
        assert len(inner.at(what)) == 100
        assert most_in_a_second(inner.at(what)) <= CALLS_A_SECOND < QUOTA
    assert took == pytest.approx(100 / CALLS_A_SECOND, abs=1)


def test_operations_do_not_wait_for_each_other() -> None:
    clock = Clock()
    inner = KnowledgeBase(clock)
    base = PacedKnowledgeBase(inner, lambda: paced(clock))
    base.put([Document("m_a", 1, "{}", {})])
    base.states(["m_a"])
    base.remove(["m_a"])
    assert clock.now == 1000


def test_a_pause_saves_up_for_no_burst() -> None:
    clock = Clock()
    rate = Rate(4, clock, clock.sleep)
    rate.wait()
    clock.now += 60
    moments = []
    for _ in range(5):
        rate.wait()
        moments.append(clock.now)
    assert all(later - earlier == pytest.approx(0.25) for earlier, later in pairwise(moments))


def failing(times: int, error: Exception) -> Callable[[], str]:
    left = [times]

    def call() -> str:
        if left[0]:
            left[0] -= 1
            raise error
        return "done"

    return call


@pytest.mark.parametrize(
    "error",
    [
        refused("ThrottlingException"),
        refused("ServiceQuotaExceededException"),
        refused("InternalServerException"),
        ReadTimeoutError(endpoint_url="https://bedrock-agent"),
    ],
    ids=str,
)
def test_what_may_pass_is_tried_again(error: Exception) -> None:
    assert paced(Clock())(failing(5, error)) == "done"


@pytest.mark.parametrize(
    "error",
    [refused("AccessDeniedException"), DocumentRefused("ValidationException"), KeyError("bug")],
    ids=str,
)
def test_what_cannot_pass_is_told_at_once(error: Exception) -> None:
    clock = Clock()
    with pytest.raises(type(error)):
        paced(clock)(failing(1, error))
    assert clock.now == 1000


def test_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr("time.monotonic", clock)
    with pytest.raises(ClientError, match="Throttling"):
        paced(clock, patience=30)(failing(10_000, refused("ThrottlingException")))
    assert 1030 <= clock.now < 1090

"""Broken answers: nothing invalid is stored, nothing crashes, everything ends."""

from collections import Counter
from contextlib import suppress
from random import Random

from cufit_contracts.items import RecommendationItem
from cufit_contracts.results import MatchResult
from cufit_contracts.stored import read, written
from cufit_contracts.vocabulary import RecommendationStatus
from match_worker.errors import NothingRetrieved, UnusableAnswer
from match_worker.model.answer import read_answer
from tests.unit.lambdas.match_worker import broken_answers
from tests.unit.lambdas.match_worker.people import (
    person,
    seeker,
)
from tests.unit.lambdas.match_worker.world import PROMPT, World

IN_THE_GATE, IN_FULL = 2_000, 10_000
ELIGIBLE = {"m_a", "m_b", "m_c"}
EVERYBODY = (
    seeker(),
    *(person(one) for one in sorted(ELIGIBLE)),
    person("m_paused", paused=True),
    person("m_man", gender="MALE"),
    person("m_paired"),
)
LIMITS = {name: rule.weight for name, rule in PROMPT.rubric.code.listed.items()} | {
    name: rule.weight for name, rule in PROMPT.rubric.judged.items()
}


def check(item: RecommendationItem) -> None:
    assert item.status.is_terminal
    assert item.result is not None, "three people are eligible, so there is a ranking"
    result = read(MatchResult, written(item.result))
    result.check()
    assert result.candidates
    for one in result.candidates:
        assert one.candidate_id in ELIGIBLE
        assert {part.criterion: part.limit for part in one.parts} == LIMITS
        assert any("가" <= sign <= "힣" for sign in one.reason)
        for secret in ("1234", "김나나", "박도윤"):
            assert secret not in one.reason


def test_broken_answers(in_full: bool) -> None:
    answers = IN_FULL if in_full else IN_THE_GATE
    random = Random(20261122)  # noqa: S311 - repeatable, not secret
    statuses: Counter[RecommendationStatus] = Counter()
    texts = [broken_answers.text(random) for _ in range(answers)]
    for first, second in zip(texts[::2], texts[1::2], strict=True):
        with suppress(UnusableAnswer, NothingRetrieved):
            read_answer(second, PROMPT.rubric)  # the pair's first may be good enough
        world = World(first, second, people=EVERYBODY, paired=["m_paired"])
        world.deliver()
        item = world.recommendations.item
        check(item)
        statuses[item.status] += 1
    assert sum(statuses.values()) == answers // 2
    assert set(statuses) == {RecommendationStatus.READY, RecommendationStatus.DEGRADED}
    assert min(statuses.values()) > answers // 50, f"the grammar is lopsided: {statuses}"

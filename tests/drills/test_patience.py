"""Throttles are waited out; a dead Bedrock keeps nobody waiting beyond three minutes."""

import pytest

from cufit_contracts.vocabulary import RecommendationStatus
from tests.drills.enumeration import Stages
from tests.drills.patience import Ended, Patience
from tests.drills.troubled_bedrock import DEAD, Trouble
from tests.drills.world import World

AT_MOST = 180.0
READY, DEGRADED = RecommendationStatus.READY, RecommendationStatus.DEGRADED
BY_CONVERSE = (Trouble.HANGS, Trouble.DEPENDENCY, Trouble.DEPENDENCY_LATE)
"""What Retrieve and Converse meet otherwise than RetrieveAndGenerate."""


@pytest.fixture
def at_rest(stages: Stages) -> World:
    stages.world.restore(stages.town_at_rest)
    return stages.world


def statuses(ended: list[Ended]) -> list[RecommendationStatus]:
    return [one.item.status for one in ended]


@pytest.mark.parametrize(
    ("matchmaker", "trouble"),
    [
        *(("retrieve_and_generate", trouble) for trouble in DEAD),
        *(("retrieve_and_converse", trouble) for trouble in BY_CONVERSE),
    ],
)
def test_a_dead_bedrock_ends_twenty_at_once_within_three_minutes(
    at_rest: World, matchmaker: str, trouble: Trouble
) -> None:
    with Patience.of(at_rest, matchmaker=matchmaker) as drill:
        drill.trouble = trouble
        drill.asks(20)
        ended = drill.ends()
    assert statuses(ended) == [DEGRADED] * 20
    assert max(one.seconds for one in ended) <= AT_MOST


def test_what_ended_so_can_all_be_upgraded_when_bedrock_is_back(at_rest: World) -> None:
    with Patience.of(at_rest) as drill:
        drill.trouble = Trouble.HANGS
        drill.asks(20)
        drill.ends()
        drill.trouble = Trouble.NONE
        drill.upgrades_all()
        assert statuses(drill.ends()) == [READY] * 20


def test_in_an_hour_of_it_nobody_waits_longer_for_the_probes(at_rest: World) -> None:
    with Patience.of(at_rest) as drill:
        drill.trouble = Trouble.HANGS
        drill.asks(56, every=64)
        ended = drill.ends()
    assert statuses(ended) == [DEGRADED] * 56
    assert max(one.seconds for one in ended) <= AT_MOST
    assert drill.questions <= 100, "a broken Bedrock is mostly left alone"


@pytest.mark.parametrize("seconds", [15, 90])
def test_throttling_degrades_nobody(at_rest: World, seconds: int) -> None:
    with Patience.of(at_rest) as drill:
        drill.trouble = Trouble.THROTTLED
        drill.becomes(Trouble.NONE, after=seconds)
        drill.asks(20)
        ended = drill.ends()
    assert statuses(ended) == [READY] * 20
    assert max(one.put_off for one in ended) >= 1


def test_a_minute_of_hanging_is_waited_out_too(at_rest: World) -> None:
    with Patience.of(at_rest) as drill:
        drill.trouble = Trouble.HANGS
        drill.becomes(Trouble.NONE, after=60)
        drill.asks(20)
        assert statuses(drill.ends()) == [READY] * 20


def test_throttling_without_an_end_ends_in_rules(at_rest: World) -> None:
    with Patience.of(at_rest) as drill:
        drill.trouble = Trouble.THROTTLED
        drill.asks(20)
        ended = drill.ends()
    assert statuses(ended) == [DEGRADED] * 20
    assert max(one.seconds for one in ended) <= AT_MOST

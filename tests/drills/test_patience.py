"""Throttles are waited out; a dead Bedrock keeps nobody waiting beyond three minutes."""

import pytest

from cufit_contracts.vocabulary import RecommendationStatus
from tests.drills.enumeration import Stages
from tests.drills.patience import DEAD, Ended, Patience, Trouble
from tests.drills.world import World

AT_MOST = 180.0
READY, DEGRADED = RecommendationStatus.READY, RecommendationStatus.DEGRADED


@pytest.fixture
def at_rest(stages: Stages) -> World:
    stages.world.restore(stages.town_at_rest)
    return stages.world


def statuses(ended: list[Ended]) -> list[RecommendationStatus]:
    return [one.item.status for one in ended]


@pytest.mark.parametrize("trouble", DEAD)
def test_a_dead_bedrock_ends_twenty_at_once_within_three_minutes(
    at_rest: World, trouble: Trouble
) -> None:
    with Patience.of(at_rest) as drill:
        drill.trouble = trouble
        drill.asks(20)
        ended = drill.ends()
    assert statuses(ended) == [DEGRADED] * 20
    assert max(one.seconds for one in ended) <= AT_MOST


def test_15_seconds_of_throttling_degrade_nobody(at_rest: World) -> None:
    with Patience.of(at_rest) as drill:
        drill.trouble = Trouble.THROTTLED
        drill.becomes(Trouble.NONE, after=15)
        drill.asks(20)
        ended = drill.ends()
    assert statuses(ended) == [READY] * 20

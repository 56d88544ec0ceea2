"""One world for all drills of a process: making its people once takes a second, putting it back a
millisecond."""

from collections.abc import Iterator
from functools import cache

import pytest

from tests.drills.enumeration import Stages
from tests.drills.serial import Races
from tests.drills.world import World


@cache
def _world() -> World:
    return World()


@cache
def _stages() -> Stages:
    return Stages.build(_world())


@cache
def _races() -> Races:
    return Races(_world(), _stages().town_at_rest)


@pytest.fixture
def world() -> Iterator[World]:
    """Running: the clock stands still and nothing reaches past this process."""
    with _world().running() as running:
        yield running


@pytest.fixture
def stages(world: World) -> Stages:
    return _stages()


@pytest.fixture
def races(stages: Stages) -> Races:
    return _races()

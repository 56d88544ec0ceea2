"""One world for all drills of a process: making its people once takes a second, putting it back a
millisecond."""

from collections.abc import Iterator
from functools import cache

import pytest

from tests.drills.enumeration import Stages
from tests.drills.flows import FLOWS
from tests.drills.maker_races import MAKER_RACES
from tests.drills.mutants import Hunt
from tests.drills.races import RACES
from tests.drills.serial import Races
from tests.drills.world import World


@cache
def world_of() -> World:
    return World()


@cache
def stages_of() -> Stages:
    """To be called first while the world is running."""
    return Stages.build(world_of())


@cache
def hunt_of() -> Hunt:
    """To be called while the world is running, too."""
    hunt = Hunt(stages_of(), _races(), FLOWS, (*RACES, *MAKER_RACES))
    hunt.prepare()
    return hunt


@cache
def _races() -> Races:
    return Races(world_of(), stages_of().town_at_rest)


@pytest.fixture
def world() -> Iterator[World]:
    """Running: the clock stands still and nothing reaches past this process."""
    with world_of().running() as running:
        yield running


@pytest.fixture
def stages(world: World) -> Stages:
    return stages_of()


@pytest.fixture
def races(stages: Stages) -> Races:
    return _races()


@pytest.fixture
def hunt(races: Races) -> Hunt:
    return hunt_of()

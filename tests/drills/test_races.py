"""Whoever is quicker, two things at once end as if one had come after the other."""

import pytest

from tests.drills.maker_races import MAKER_RACES
from tests.drills.race import Race
from tests.drills.races import RACES
from tests.drills.serial import Races


@pytest.mark.parametrize("race", [*RACES, *MAKER_RACES], ids=str)
def test_two_at_once_are_one_after_the_other(race: Race, races: Races, in_full: bool) -> None:
    """Before every second call; before every one with --in-full, and in `make drills`."""
    tries = list(races.tries(race))
    assert tries
    for turned, number in tries if in_full else tries[::2]:
        races.run(turned, number)

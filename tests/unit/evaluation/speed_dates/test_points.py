"""What is held against the dates, date by date."""

from dataclasses import replace

import pytest

from cufit_contracts.items import History
from cufit_ops.evaluation.speed_dates.history import Known, histories
from cufit_ops.evaluation.speed_dates.points import Points, points
from cufit_ops.evaluation.speed_dates.rows import Evenings, read
from match_worker.model.prompt import load_prompt
from tests.unit.evaluation.speed_dates import made_up

RUBRIC = load_prompt("v2").rubric
WAVES = (1, 2, 3)


@pytest.fixture(scope="module")
def evenings(tmp_path_factory: pytest.TempPathFactory) -> Evenings:
    folder = tmp_path_factory.mktemp("points")
    return read(made_up.written(made_up.evenings(of_each=8), folder / "a.csv"))


@pytest.fixture(scope="module")
def told(evenings: Evenings) -> Points:
    return points(evenings.scored, histories(evenings, Known.OTHERS), RUBRIC)


@pytest.mark.parametrize("wave", WAVES)
def test_what_came_of_an_evening_does_not_weigh_its_own_dates(
    wave: int, evenings: Evenings, told: Points
) -> None:
    turned = [replace(one, match=one.match != (one.seeker.wave == wave)) for one in evenings.scored]
    again = points(turned, histories(evenings, Known.OTHERS), RUBRIC)
    of_wave = [one.seeker.wave for one in turned]

    def fitted(found: Points, of: int) -> list[float]:
        both = zip(found.by_matcher["fitted"], of_wave, strict=True)
        return [score for score, its in both if its == of]

    assert fitted(again, wave) == fitted(told, wave)
    for other in set(WAVES) - {wave}:
        assert fitted(again, other) != fitted(told, other)


def test_a_date_is_weighed_by_the_weights_of_its_evening(evenings: Evenings, told: Points) -> None:
    assert len(set(map(tuple, told.fitted_weights.values()))) == len(WAVES)
    of_parts = zip(*(told.by_matcher[f"part {name}"] for name in told.parts), strict=True)
    by_hand = [
        sum(w * share for w, share in zip(told.fitted_weights[wave], shares, strict=True))
        for wave, shares in zip((one.seeker.wave for one in evenings.scored), of_parts, strict=True)
    ]
    assert told.by_matcher["fitted"] == pytest.approx(by_hand)


def test_popularity_is_the_share_of_yes_with_two_and_two_before(evenings: Evenings) -> None:
    known = [History()] * len(evenings.scored)
    known[0] = History(asked=16, wanted=10)
    found = points(evenings.scored, known, RUBRIC).by_matcher["popularity"]
    assert found[:2] == [0.6, 0.5]

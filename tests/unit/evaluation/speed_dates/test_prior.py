"""The prior is found again in shares that were drawn from it."""

from random import Random

import pytest

from cufit_ops.evaluation.speed_dates.prior import likeliest_prior


@pytest.mark.parametrize("strength", [1, 2, 5])
def test_the_strength_shares_were_drawn_with_is_found(strength: int) -> None:
    random = Random(7)  # noqa: S311
    people = []
    for _ in range(400):
        share = random.betavariate(strength, strength)
        people.append((sum(random.random() < share for _ in range(15)), 15))
    assert likeliest_prior(people) == pytest.approx(strength, rel=0.2)


def test_people_who_are_all_alike_ask_for_the_strongest() -> None:
    assert likeliest_prior([(5, 10)] * 50) == 10.0

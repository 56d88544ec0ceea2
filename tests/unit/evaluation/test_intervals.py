"""Intervals of the bootstrap against what statistics knows."""

from math import sqrt
from random import Random

import pytest

from cufit_ops.evaluation.intervals import mean_interval, paired_difference


def test_the_interval_of_a_mean_is_about_two_standard_errors_to_each_side() -> None:
    random = Random(1)  # noqa: S311
    values = [random.gauss(0.5, 0.2) for _ in range(300)]

    interval = mean_interval(values)

    assert interval.low < interval.mean < interval.high
    assert interval.high - interval.low == pytest.approx(2 * 1.96 * 0.2 / sqrt(300), rel=0.15)


def test_about_95_of_100_intervals_hold_the_true_mean() -> None:
    random = Random(2)  # noqa: S311
    intervals = [mean_interval([random.random() for _ in range(60)]) for _ in range(200)]

    held = sum(one.low <= 0.5 <= one.high for one in intervals)

    assert 180 <= held <= 198


def test_the_same_values_give_the_same_interval() -> None:
    assert mean_interval([0.1, 0.4, 0.9]) == mean_interval([0.1, 0.4, 0.9])


def test_what_never_varies_has_no_width() -> None:
    interval = mean_interval([0.25] * 9)

    assert (interval.low, interval.mean, interval.high) == (0.25, 0.25, 0.25)
    assert mean_interval([3.0]).high == 3.0


def test_a_weight_counts_as_often_as_it_says() -> None:
    assert mean_interval([1.0, 0.0], [3.0, 1.0]).mean == 0.75


def test_a_small_difference_is_seen_when_the_same_units_are_compared() -> None:
    random = Random(3)  # noqa: S311
    before = [random.random() for _ in range(64)]
    after = [one + random.gauss(0.03, 0.02) for one in before]

    difference = paired_difference(after, before)

    assert difference.above_zero
    assert difference.mean == pytest.approx(0.03, abs=0.01)
    assert mean_interval(after).low < mean_interval(before).high  # apart, they could be the same


def test_no_difference_is_not_taken_for_one() -> None:
    random = Random(4)  # noqa: S311
    ones, others = ([random.random() for _ in range(64)] for _ in range(2))

    assert not paired_difference(ones, others).above_zero
    assert not paired_difference(others, ones).above_zero


@pytest.mark.parametrize(("values", "weights"), [([], None), ([1.0], [0.0]), ([1.0, 2.0], [1.0])])
def test_what_has_no_mean_is_refused(values: list[float], weights: list[float] | None) -> None:
    with pytest.raises(ValueError, match=r"interval needs|zip"):
        mean_interval(values, weights)

"""The measures against worked examples."""

import pytest

from cufit_ops.evaluation.measures import gini, kendall_tau, ndcg, percentile, top_share


def test_ndcg_of_the_best_order_is_one() -> None:
    assert ndcg(["a", "b", "c"], {"a": 3, "b": 2, "c": 1}, 5) == 1.0


def test_ndcg_of_a_worked_example() -> None:
    # Gains 3, 7, 0 at discounts 1, 1.585, 2 against the ideal 7, 3, 1.
    found = ndcg(["b", "a", "x"], {"a": 3, "b": 2, "c": 1}, 3)
    assert found == pytest.approx((3 + 7 / 1.58496) / (7 + 3 / 1.58496 + 1 / 2), abs=1e-4)


def test_ndcg_looks_no_deeper_than_asked() -> None:
    assert ndcg(["x", "a"], {"a": 3}, 1) == 0.0


def test_ndcg_is_undefined_when_nobody_is_relevant() -> None:
    assert ndcg(["a"], {}, 5) is None


@pytest.mark.parametrize(
    ("one", "other", "tau"),
    [
        ([1, 2, 3, 4], [1, 2, 3, 4], 1.0),
        ([1, 2, 3, 4], [4, 3, 2, 1], -1.0),
        # scipy.stats.kendalltau([12, 2, 1, 12, 2], [1, 4, 7, 1, 0]), its documented example
        ([12, 2, 1, 12, 2], [1, 4, 7, 1, 0], -0.4714045207910316),
    ],
)
def test_kendall_tau(one: list[float], other: list[float], tau: float) -> None:
    assert kendall_tau(one, other) == pytest.approx(tau)


def test_kendall_tau_is_undefined_for_a_scoring_that_says_nothing() -> None:
    assert kendall_tau([5, 5, 5], [1, 2, 3]) is None


def test_percentiles_are_values_that_were_measured() -> None:
    assert percentile([3, 1, 2, 4], 0.5) == 2
    assert percentile([3, 1, 2, 4], 0.95) == 4
    assert percentile([7], 0.5) == 7


def test_top_share_is_what_the_most_shown_tenth_gets() -> None:
    assert top_share([1] * 20) == pytest.approx(0.1)
    assert top_share([90, *[1] * 9, 1]) == pytest.approx(0.9)
    assert top_share([0] * 10) == 0.0


def test_gini_of_worked_examples() -> None:
    assert gini([3, 3, 3, 3]) == pytest.approx(0.0)
    assert gini([0, 0, 0, 1]) == pytest.approx(0.75)
    assert gini([1, 2, 3, 4]) == pytest.approx(0.25)
    assert gini([0, 0]) == 0.0

"""Stepping back of who was shown or proposed often lately, and the number it is read from."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Context, Decimal, Inexact, Overflow

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cufit_contracts.attention import EPOCH, HALF_LIFE, PROPOSED, SHOWN, amount, lately
from match_worker.scoring.congestion import stepped_back, usual_attention
from match_worker.scoring.rubric import CongestionRule
from tests.unit.lambdas.match_worker.people import NOW, person

RULE = CongestionRule(free=4, per_usual=6, most=12)
DYNAMODB = Context(prec=38, Emax=125, Emin=-130, traps=[Inexact, Overflow])
"""Refuses what DynamoDB refuses."""

MEMBERSHIP = timedelta(days=3.5 * 365.25)
"""How long a sum is promised to hold."""

LAST_YEAR = 2040


def test_a_showing_of_a_half_life_ago_counts_half() -> None:
    before = amount(SHOWN, NOW - timedelta(days=14))
    assert lately(before, NOW) == pytest.approx(0.5, rel=1e-3)
    assert lately(amount(PROPOSED, NOW), NOW) == pytest.approx(2, rel=1e-3)


@given(st.lists(st.tuples(st.sampled_from((SHOWN, PROPOSED)), st.integers(0, 400)), max_size=50))
def test_the_order_of_writes_does_not_matter(events: list[tuple[int, int]]) -> None:
    amounts = [amount(weight, NOW - timedelta(days=days)) for weight, days in events]
    in_turn, shuffled = list(amounts), list(amounts)
    random.Random(len(events)).shuffle(shuffled)  # noqa: S311 - no secret
    assert added(in_turn) == added(shuffled)
    counted = sum(weight / 2 ** (days / 14) for weight, days in events)
    assert lately(added(in_turn), NOW) == pytest.approx(counted, rel=1e-3, abs=1e-6)


@pytest.mark.parametrize("year", [2026, 2030, LAST_YEAR])
def test_a_membership_of_years_fits_into_dynamodbs_digits(year: int) -> None:
    first = datetime(year, 1, 1, tzinfo=UTC)
    last = min(first + MEMBERSHIP, datetime(LAST_YEAR + 1, 1, 1, tzinfo=UTC))
    amounts = [amount(SHOWN, first)] + [amount(PROPOSED, last)] * 400
    assert lately(added(amounts), last) == pytest.approx(800, rel=1e-3)


def test_dynamodb_refuses_what_is_promised_no_more() -> None:
    with pytest.raises(Inexact):
        added([amount(SHOWN, EPOCH), amount(PROPOSED, EPOCH + 1.5 * MEMBERSHIP)])
    with pytest.raises(Overflow):
        added([amount(PROPOSED, datetime(LAST_YEAR + 2, 1, 1, tzinfo=UTC))] * 2)


@pytest.mark.parametrize(
    ("showings", "points"),
    [(0, 0), (4, 0), (4.5, 1), (6, 3), (8, 6), (12, 12), (13, 12), (1000, 12)],
)
def test_points_begin_beyond_what_is_free_and_end_at_the_most(showings: float, points: int) -> None:
    attention = Decimal(showings) * amount(SHOWN, NOW)
    assert stepped_back(RULE, attention, Decimal(0), NOW) == points
    assert stepped_back(RULE, attention * Decimal("1.001"), Decimal(0), NOW) == points


@pytest.mark.parametrize("usual", [8, 80])
@pytest.mark.parametrize(
    ("times", "points"), [("0.5", 0), ("1", 0), ("1.5", 3), ("2", 6), ("3", 12), ("9", 12)]
)
def test_who_is_shown_as_often_as_others_keeps_their_place(
    usual: int, times: str, points: int
) -> None:
    attention = usual * amount(SHOWN, NOW)
    assert stepped_back(RULE, Decimal(times) * attention, attention, NOW) == points


def test_the_usual_is_that_of_the_one_in_the_middle() -> None:
    assert usual_attention([]) == 0
    people = [person(f"m_{n}", attention=Decimal(n)) for n in (3, 0, 90)]
    assert usual_attention(people) == 3
    assert usual_attention(people[:2]) == Decimal("1.5")


def test_who_waits_comes_back() -> None:
    attention = 16 * amount(SHOWN, NOW)
    after = [
        stepped_back(RULE, attention, Decimal(0), NOW + weeks * HALF_LIFE) for weeks in range(4)
    ]
    assert after == [12, 6, 0, 0]


def test_nobody_steps_back_without_a_rule() -> None:
    assert stepped_back(None, Decimal("1e30"), Decimal(0), NOW) == 0


def added(amounts: list[Decimal]) -> Decimal:
    total = Decimal(0)
    for one in amounts:
        total = DYNAMODB.add(total, one)
    return total

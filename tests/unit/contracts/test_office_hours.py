"""Office hours are Korea's, and outside of them nothing is expected to answer."""

from datetime import UTC, datetime, time

import pytest

from cufit_contracts.office_hours import NEVER, OfficeHours

HOURS = OfficeHours(("MON", "SAT"), time(8, 30), time(22))


@pytest.mark.parametrize(
    ("now", "on"),
    [
        ((2026, 11, 29, 23, 29), False),  # Monday 08:29 in Korea
        ((2026, 11, 29, 23, 30), True),
        ((2026, 11, 30, 12, 59), True),
        ((2026, 11, 30, 13, 0), False),
        ((2026, 12, 1, 3, 0), False),  # Tuesday
        ((2026, 12, 5, 3, 0), True),  # Saturday
    ],
)
def test_days_and_hours_are_koreas(now: tuple[int, ...], on: bool) -> None:
    assert OfficeHours.read(str(HOURS)).are_on(datetime(*now, tzinfo=UTC)) is on  # type: ignore[arg-type,misc]


def test_they_can_be_counted_and_never_come() -> None:
    assert HOURS.hours_a_week == 27
    assert not OfficeHours.read(str(NEVER)).are_on(datetime(2026, 12, 5, tzinfo=UTC))


@pytest.mark.parametrize("text", ["", "MON", "MON 10:00", "MUN 10:00-11:00", "MON 10-x"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"day|format|isoformat"):
        OfficeHours.read(text)

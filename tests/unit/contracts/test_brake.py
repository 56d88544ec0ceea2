"""What the brake's parameter may say, and what it means."""

from datetime import UTC, datetime, timedelta

import pytest

from cufit_contracts.brake import BrakeValue

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("off", False),
        (" OFF\n", False),
        ("rules", True),
        ("Rules", True),
        ("rules until 2026-11-28T12:00:01Z", True),
        ("rules until 2026-11-28T12:00:00Z", False),
        ("rules until 2026-11-28T21:00:00+09:00", False),
        ("rules until 2026-12-01", True),
        ("rules until 2026-11-01", False),
        ("rules until tomorrow", True),
        ("rules until", True),
        ("on", True),
        ("", True),
    ],
)
def test_only_what_says_so_lets_models_be_asked(text: str, holds: bool) -> None:
    assert BrakeValue.read(text).holds(NOW) is holds


@pytest.mark.parametrize(
    "value",
    [
        BrakeValue(pulled=False),
        BrakeValue(pulled=True),
        BrakeValue(pulled=True, until=NOW + timedelta(days=3)),
    ],
)
def test_it_reads_what_it_writes(value: BrakeValue) -> None:
    assert BrakeValue.read(str(value)) == value

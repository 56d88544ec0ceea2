"""`make capacity CHECK=1` can go red: by what was counted alone."""

import pytest

from tests.benchmarks.capacity import compared
from tests.unit.ops.capacity.examples import LOAD, load_of, round_of


@pytest.mark.parametrize(
    ("per_second", "cpu_ms", "code"),
    [
        (50, 5.0, 1),  # twice the processor's time for each request
        (50, 2.5, 1),  # it sleeps for half of the time
        (85, 2.5, 0),
        (125, 2.0, 0),
        (126, 2.0, 1),  # faster than told is told wrong as well
    ],
)
def test_a_service_that_carries_another_load_is_told(
    per_second: float, cpu_ms: float, code: int
) -> None:
    fresh = load_of(round_of(256, per_second, cpu_ms=cpu_ms))
    assert compared(LOAD, fresh) == code

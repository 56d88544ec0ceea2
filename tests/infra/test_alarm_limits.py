"""An alarm whose limit nothing can reach is none."""

from cufit_service.lifetimes import REQUEST_SECONDS
from stacks.components.alarms import DEGRADED_SHARE, SLOW_MS


def test_a_share_of_all_is_enough() -> None:
    assert 0 < DEGRADED_SHARE <= 1


def test_an_answer_can_take_as_long_before_the_service_gives_up() -> None:
    assert SLOW_MS < REQUEST_SECONDS * 1000

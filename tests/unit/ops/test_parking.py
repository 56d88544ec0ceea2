"""How many tasks an environment that is woken runs."""

from pathlib import Path

import pytest

from cufit_ops import parking
from stacks.config_files import load_environment

FIXTURE = Path(__file__).parents[2] / "fixtures/config/dev.toml"


@pytest.mark.parametrize(("wished", "woken"), [(0, 1), (1, 1), (3, 3)])
def test_at_least_one_though_config_parks_it(wished: int, woken: int) -> None:
    dev = load_environment(FIXTURE)
    fargate = dev.fargate.model_copy(update={"desired_count": wished})

    assert parking.tasks_of(dev.model_copy(update={"fargate": fargate})) == woken

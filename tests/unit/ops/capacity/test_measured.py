"""What a task carries, from rounds of the load benchmark."""

from dataclasses import replace

import pytest

from cufit_ops.capacity.measured import requests_per_second, rounded, service_load
from tests.unit.ops.capacity.examples import LOAD, SHAPE, load_of, round_of


def test_medians_count_and_of_memory_the_most() -> None:
    load = load_of(
        round_of(256, 90, memory_under_load_mib=99),
        round_of(256, 100),
        round_of(256, 200),
    )
    task = load.task(256)
    assert (task.requests_per_second, task.memory_under_load_mib) == (100, 99)
    assert (task.measured, task.rounds) == (True, 3)


def test_a_round_that_other_programs_starved_does_not_count() -> None:
    starved = round_of(1024, 100, cpu_ms=2.5)
    load = load_of(round_of(1024, 400), starved)
    assert starved.received == pytest.approx(0.25)
    assert load.task(1024).requests_per_second == 400


def test_one_process_uses_one_core_so_more_is_modelled_as_one() -> None:
    task = LOAD.task(4096)
    assert (task.cpu, task.measured) == (4096, False)
    assert task.requests_per_second == LOAD.task(1024).requests_per_second


def test_less_than_what_was_measured_is_refused_with_what_was() -> None:
    with pytest.raises(ValueError, match=r"128 CPU units: measured are \[256, 512, 1024\]"):
        LOAD.task(128)


def test_tasks_add_up() -> None:
    assert requests_per_second(replace(SHAPE, tasks=3), LOAD) == 300
    assert requests_per_second(replace(SHAPE, tasks=0), LOAD) == 0
    assert requests_per_second(replace(SHAPE, cpu=None), LOAD) is None


@pytest.mark.parametrize(("rate", "words"), [(104.9, "100"), (448, "450"), (1234, "1,200")])
def test_no_more_digits_than_the_figures_give(rate: float, words: str) -> None:
    assert rounded(rate) == words


def test_the_file_has_enough_rounds_of_three_sizes_that_got_their_processor() -> None:
    load = service_load()
    assert load.sizes == [256, 512, 1024]
    assert all(load.task(cpu).rounds >= 3 for cpu in load.sizes)
    assert not any(one.failed for one in load.rounds)
    rates = [load.task(cpu).requests_per_second for cpu in load.sizes]
    assert rates == sorted(rates)

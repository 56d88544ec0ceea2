"""Which sizes nothing beats, and which one is recommended in what words."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from cufit_ops.capacity.choices import Choice, Expected, expected, frontier, recommended

LOAD = Expected(20, "the 20 a second that the API lets through")


def choice(
    size: str, usd: float, rate: float, *, now: bool = False, memory_share: float = 0.1
) -> Choice:
    cpu, memory = map(int, size.split("/"))
    return Choice(
        cpu=cpu,
        memory=memory,
        tasks=1,
        entry="cloudmap",
        hours="always",
        usd=usd,
        months=None,
        requests_per_second=rate,
        measured=cpu <= 1024,
        first_answer_seconds=1.0,
        memory_share=memory_share,
        deployment=None,
        now=now,
    )


SIZES = (
    choice("256/1024", 24, 100),
    choice("256/512", 22, 100),
    choice("1024/2048", 50, 450),
    choice("512/1024", 32, 200, now=True),
    choice("2048/4096", 90, 450),
)


def sizes(choices: Sequence[Choice]) -> list[str]:
    return [one.size for one in choices]


def test_the_frontier_is_what_nothing_beats() -> None:
    assert sizes(frontier(SIZES)) == ["256/512", "512/1024", "1024/2048"]


def test_the_cheapest_with_headroom_is_taken_and_said_with_its_reason() -> None:
    found = recommended("prod", SIZES, LOAD, 37.5)
    assert found.choice == SIZES[1]
    assert found.sentence == (
        "prod: take 256/512: it carries about 100 requests a second, 5 times the 20 a second that "
        "the API lets through, with 10% of its memory, and is the cheapest that does ($22.00 a "
        "month for the account instead of $32.00 with 512/1024, limit $37.50)."
    )


def test_what_there_is_stays_when_it_is_the_one() -> None:
    found = recommended("prod", SIZES, Expected(90, "the 90"), 37.5)
    assert found.sentence.startswith("prod: stay with 512/1024: it carries about 200 requests")


def test_what_the_limit_forbids_is_said_with_its_price() -> None:
    found = recommended("prod", SIZES, Expected(200, "the 200"), 37.5)
    assert found.choice is None
    assert "no size that carries 2 times the 200 fits into $37.50" in found.sentence
    assert "1024/2048, makes it $50.00" in found.sentence


@pytest.mark.parametrize(("tasks", "words"), [(1, "in one task"), (2, "in 2 tasks")])
def test_what_one_process_cannot_carry_wants_more_tasks(tasks: int, words: str) -> None:
    choices = [replace(one, tasks=tasks) for one in SIZES]
    found = recommended("prod", choices, Expected(300, "the 300"), None)
    assert found.choice is None
    assert f"{words}; take more tasks (desired_count)" in found.sentence


def test_a_task_that_would_fill_its_memory_is_not_taken() -> None:
    full = (choice("256/512", 22, 100, memory_share=0.6), *SIZES[2:])
    found = recommended("prod", full, LOAD, None)
    assert found.choice
    assert found.choice.size == "512/1024"


def test_nobody_expected_is_no_division_by_zero() -> None:
    found = recommended("prod", SIZES, expected(None, None), None)
    assert found.choice == SIZES[1]


@pytest.mark.parametrize(
    ("let_through", "peak", "rate"),
    [(20.0, None, 20), (20.0, 3.0, 20), (20.0, 31.2, 31.2), (None, 4.0, 4)],
)
def test_expected_is_what_the_api_lets_through_unless_more_came(
    let_through: float | None, peak: float | None, rate: float
) -> None:
    assert expected(let_through, peak).requests_per_second == rate

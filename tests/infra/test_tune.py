"""`cufit tune` over templates as they are synthesized, and the pages that repeat its figures."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cufit_ops.capacity import study
from cufit_ops.capacity.deployment_time import RESERVED_SECONDS
from cufit_ops.capacity.measured import service_load
from cufit_ops.capacity.shape import Balancer, Throttle, let_through, shape_of
from cufit_ops.capacity.used import NothingKnownError, Share, Used
from cufit_ops.cli import app as command
from cufit_ops.cli import tune
from cufit_ops.costs.account import Built, by_name
from cufit_ops.costs.bill import bill_of
from cufit_ops.costs.deployments import deployments
from cufit_ops.costs.use import EXPECTED
from cufit_ops.deployed_environment import Deployed
from cufit_service import health_check, lifetimes
from stacks.components.fargate_service import HEALTH_RETRIES, HEALTH_START_PERIOD, STOP_TIMEOUT
from stacks.fargate_sizes import FARGATE_MEMORY_MIB
from tests.infra.conftest import FIXTURES
from tests.infra.synthesis import Synthesized

DOCS = FIXTURES.parents[2] / "docs"


@pytest.fixture
def shipped(samples: Mapping[str, Synthesized], monkeypatch: pytest.MonkeyPatch) -> list[Built]:
    """dev and prod of the fixtures, of which CloudWatch knows nothing."""
    found = [Built(one.settings, one.account) for one in samples.values()]
    monkeypatch.setattr(tune, "environments_beside", lambda _: [one.settings for one in found])
    monkeypatch.setattr(tune, "built", lambda _: found)
    monkeypatch.setattr(study, "used", unknown)
    return found


def unknown(_: Deployed) -> Used:
    raise NothingKnownError("what it used is not known without credentials")


def test_the_shape_is_what_the_configuration_says(environment: Synthesized) -> None:
    settings, shape = environment.settings, shape_of(environment.account)
    assert shape
    fargate = settings.fargate
    assert (shape.cpu, shape.memory, shape.entry) == (fargate.cpu, fargate.memory, settings.entry)
    assert shape.most_tasks == fargate.desired_count
    assert bool(shape.hours) == bool(settings.office_hours)
    assert (shape.min_percent, shape.max_percent, shape.rolls_back) == (100, 200, True)
    assert shape.stop_timeout == STOP_TIMEOUT
    assert shape.health
    assert (shape.health.interval, shape.health.retries, shape.health.start_period) == (
        health_check.INTERVAL_SECONDS, HEALTH_RETRIES, HEALTH_START_PERIOD,
    )  # fmt: skip
    assert shape.balancer == (Balancer(5, 2, 2, 5) if settings.entry == "alb" else None)
    limits = Throttle(settings.throttling.rate, settings.throttling.burst)
    assert let_through(environment.account) == {"": limits}


def test_what_is_left_of_stop_timeout_is_how_long_the_service_goes_on() -> None:
    assert STOP_TIMEOUT - RESERVED_SECONDS == lifetimes.LAME_DUCK_SECONDS


def test_programs_read_every_legal_size_with_all_it_takes(shipped: list[Built]) -> None:
    ran = CliRunner().invoke(command, ["tune", "--env", "prod", "--json"])
    told = json.loads(ran.stdout)

    assert told["version"] == 1
    assert [*told["environments"]] == ["prod"]
    prod = told["environments"]["prod"]
    legal = {(cpu, memory) for cpu, sizes in FARGATE_MEMORY_MIB.items() for memory in sizes}
    for entry in ("cloudmap", "alb"):
        sizes = [(c["cpu"], c["memory"]) for c in prod["choices"] if c["entry"] == entry]
        assert set(sizes) == legal
        assert len(sizes) == len(legal)
    (now,) = (one for one in prod["choices"] if one["now"])
    assert f"{now['cpu']}/{now['memory']}" == prod["now"]
    assert now["usd"] == pytest.approx(bill_of(by_name(shipped), EXPECTED).usd, abs=0.01)
    assert {one["measured"] for one in prod["choices"] if one["cpu"] <= 1024} == {True}
    assert {one["measured"] for one in prod["choices"] if one["cpu"] > 1024} == {False}
    parts = prod["deployment"]["parts"]
    assert [part["name"] for part in parts] == [
        "change set", "launch", "pull", "ready", "stop", "deprovision", "steady",
    ]  # fmt: skip
    seconds = now["deployment"]
    assert seconds["typical"] == pytest.approx(sum(p["seconds"]["typical"] for p in parts), abs=0.1)
    assert prod["used"] is None
    assert prod["usedWords"] == "prod: what it used is not known without credentials."
    assert prod["recommendation"]["sentence"].count("prod: ") == 1
    assert {(run["entry"], run["tasks"]) for run in told["deployments"]} == {
        ("cloudmap", 1), ("cloudmap", 2), ("alb", 1),
    }  # fmt: skip


def test_people_read_measured_and_modelled_figures_and_one_sentence_of_advice(
    shipped: list[Built],
) -> None:
    shown = CliRunner().invoke(command, ["tune"], env={"COLUMNS": "200"}).stdout

    assert "now " in shown
    assert "not on AWS" in shown
    assert "measured" in shown
    assert "modelled" in shown
    assert "dev, prod: a deployment takes about" in shown
    for run in deployments():
        assert f"{run.failed} of {run.requests:,} requests failed" in shown
    for name in ("dev", "prod"):
        (advice,) = (
            line
            for line in shown.splitlines()
            if line.startswith((f"{name}: take", f"{name}: stay with", f"{name}: no size"))
        )
        assert advice.startswith(f"{name}: take 256/512: it carries about")


def test_eighty_columns_without_colours_say_all_of_it(shipped: list[Built]) -> None:
    plain = {"COLUMNS": "80", "NO_COLOR": "1"}
    shown = CliRunner().invoke(command, ["tune"], env=plain).stdout

    assert "…" not in shown
    for heading in ("CPU/MiB", "cloudmap", "months", "req/s", "deploy"):
        assert heading in shown
    assert re.search(r"^256/512 take +\d+\.\d\d ", shown, re.MULTILINE)
    assert re.search(r"^\d+/\d+ now", shown, re.MULTILINE)
    assert re.search(r"^1024/2048 .*\d!", shown, re.MULTILINE)


def test_a_profile_that_the_shell_names_and_nobody_has_hides_nothing(
    shipped: list[Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    ran = CliRunner().invoke(command, ["tune", "--env", "prod", "--json"])
    prod = json.loads(ran.stdout)["environments"]["prod"]
    assert "The config profile (nobody) could not be found." in prod["usedWords"]


def test_what_was_used_is_told_and_what_came_counts(
    shipped: list[Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    busy = Used(Share(91.2, 40.0), Share(20.0, 18.0), requests_per_second=70.0)
    monkeypatch.setattr(study, "used", lambda _: busy)
    ran = CliRunner().invoke(command, ["tune", "--env", "prod", "--json"])
    prod = json.loads(ran.stdout)["environments"]["prod"]

    assert "processor at most 91 %, p95 40 %" in prod["usedWords"]
    assert prod["used"]["requestsPerSecond"] == 70
    assert prod["recommendation"]["size"] == "512/1024"
    assert "the 70 a second of the busiest five minutes" in prod["recommendation"]["sentence"]


def test_a_chart_is_drawn_in_both_formats(shipped: list[Built], tmp_path: Path) -> None:
    charts = tmp_path / "charts"
    CliRunner().invoke(command, ["tune", "--env", "prod", "--plot", "--output", str(charts)])
    assert sorted(file.name for file in charts.iterdir()) == ["tune-prod.png", "tune-prod.svg"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--set", "1024/1024", "--env", "prod"], "1024 goes with 2048–8192 MiB"),
        (["--set", "256/512"], "needs --env"),
        (["--set", "256/512", "--env", "prd"], "there is no config/prd.toml"),
        (["--set", "256/512", "--env", "local"], "a laptop holds no task to its size"),
        (["--set", "256/512", "--env", "prod", "--json"], "neither with --plot nor --json"),
        (["--dry-run", "--env", "prod"], "--dry-run goes with --set"),
        (["--env", "prod", "--plot", "--output", f"{__file__}/charts"], "Not a directory"),
    ],
)
def test_what_cannot_be_done_is_refused_before_anything(arguments: list[str], words: str) -> None:
    ran = CliRunner().invoke(command, ["tune", *arguments])
    assert ran.exit_code
    assert words in str(ran.exception)


def test_the_page_repeats_the_file() -> None:
    load = service_load()
    rows = {
        cells[0]: cells[1:]
        for line in (DOCS / "performance.md").read_text().splitlines()
        if line.startswith("| ") and "CPU units" in line
        for cells in [[cell.strip() for cell in line.strip("| ").split(" | ")]]
    }
    for cpu in load.sizes:
        task = load.task(cpu)
        assert rows[f"{cpu} CPU units"] == [
            f"{task.requests_per_second:.0f}/s",
            f"{task.p50_ms:.0f} / {task.p95_ms:.0f} ms at {task.at_requests_per_second:.0f}/s",
            f"{task.cpu_ms_per_request:.1f} ms",
            f"{task.first_answer_seconds:.1f} s",
            f"{task.memory_at_rest_mib:.0f} / {task.memory_under_load_mib:.0f} MiB",
        ]
    assert f"on {load.measured}" in (DOCS / "performance.md").read_text()

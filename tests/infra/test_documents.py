"""Pages that speak of the synthesized app say what is so."""

import re
from pathlib import Path

import pytest

from cufit_ops import architecture
from cufit_ops.template_graph import Account
from tests.infra.synthesis import Synthesized

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("page", architecture.PAGES, ids=lambda page: page.name)
def test_page_shows_the_architecture_as_it_is(
    page: Path, synthesized: dict[str, Synthesized]
) -> None:
    prod = Account.of_templates(synthesized[architecture.ENVIRONMENT].templates)
    text = page.read_text(encoding="utf-8")
    shown = architecture.with_drawing(text, architecture.drawing(prod))
    assert text == shown, "run `.venv/bin/python -m cufit_ops.architecture`"


def test_picture_has_every_function_and_says_how_a_request_goes(
    synthesized: dict[str, Synthesized],
) -> None:
    prod = synthesized["prod"]
    drawn = architecture.drawing(Account.of_templates(prod.templates))
    for function in prod.functions:
        assert f"λ {function['Handler'].partition('.')[0]}" in drawn
    for arrow in (
        'ApiGatewayV2Api -->|"VPC link"| ECSService',
        "ECSService --> MatchingMatchRequestsQueue",
        "MatchingMatchRequestsQueue --> match_worker",
        "match_worker --> BedrockKnowledgeBase",
    ):
        assert f"    {arrow}\n" in drawn


def test_each_alarm_names_a_runbook_page_that_exists_and_no_page_is_left_over(
    synthesized: dict[str, Synthesized],
) -> None:
    named = {
        found
        for environment in synthesized.values()
        for alarm in environment.properties("AWS::CloudWatch::Alarm")
        for found in re.findall(r"docs/runbook/\S+\.md", alarm["AlarmDescription"])
    }
    pages = {f"docs/runbook/{page.name}" for page in (ROOT / "docs/runbook").glob("*.md")}
    assert pages - {"docs/runbook/README.md"} == named
    alarms = len(synthesized["prod"].properties("AWS::CloudWatch::Alarm"))
    assert len(named) == alarms

"""Pages that speak of the synthesized app say what is so."""

from pathlib import Path

import pytest

from cufit_ops import architecture
from tests.infra.synthesis import Synthesized


@pytest.mark.parametrize("page", architecture.pages(), ids=lambda page: page.name)
def test_page_shows_the_architecture_as_it_is(
    page: Path, synthesized: dict[str, Synthesized]
) -> None:
    text = page.read_text(encoding="utf-8")
    shown = architecture.with_drawing(
        text, architecture.drawing(synthesized[architecture.ENVIRONMENT.name].account)
    )
    assert text == shown, "run `.venv/bin/python -m cufit_ops.architecture`"


def test_picture_has_every_function_and_says_how_a_request_goes(
    synthesized: dict[str, Synthesized],
) -> None:
    environment = synthesized[architecture.ENVIRONMENT.name]
    drawn = architecture.drawing(environment.account)
    for function in environment.functions:
        assert f"λ {function['Handler'].partition('.')[0]}" in drawn
    for arrow in (
        'ApiGatewayV2Api -->|"VPC link"| ECSService',
        "ECSService --> MatchingMatchRequestsQueue",
        "MatchingMatchRequestsQueue --> match_worker",
        "match_worker --> BedrockKnowledgeBase",
    ):
        assert f"    {arrow}\n" in drawn

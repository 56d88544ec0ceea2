"""Which Claude models take a temperature and a forced tool, by their ids on Bedrock."""

import pytest

from match_worker.model.claude import refuses_a_forced_tool, refuses_temperature


@pytest.mark.parametrize(
    ("model_id", "temperature", "forced"),
    [
        ("apac.amazon.nova-lite-v1:0", True, True),
        ("cufit.simulated-v1", True, True),
        ("anthropic.claude-3-haiku-20240307-v1:0", True, True),
        ("apac.anthropic.claude-sonnet-4-20250514-v1:0", True, True),
        ("anthropic.claude-opus-4-1-20250805-v1:0", True, True),
        ("global.anthropic.claude-haiku-4-5-20251001-v1:0", True, True),
        ("global.anthropic.claude-opus-4-6-v1", True, True),
        ("global.anthropic.claude-sonnet-4-6", True, True),
        ("global.anthropic.claude-opus-4-7", False, True),
        ("global.anthropic.claude-opus-4-8", False, True),
        ("global.anthropic.claude-sonnet-5", False, False),
        ("global.anthropic.claude-haiku-5-5", False, False),
        ("anthropic.claude-fable-5-1", False, False),
        ("global.anthropic.claude-opus-6-20270101-v1:0", False, False),
        (
            "arn:aws:bedrock:ap-northeast-2:123456789012:inference-profile/"
            "global.anthropic.claude-sonnet-5-5",
            False,
            False,
        ),
    ],
)
def test_by_version(model_id: str, temperature: bool, forced: bool) -> None:
    assert refuses_temperature(model_id) is not temperature
    assert refuses_a_forced_tool(model_id) is not forced

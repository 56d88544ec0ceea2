"""What is said to a model by Converse, and what it says. Shapes: botocore 1.44.5, bedrock-runtime.

Instructions go as `system`, people's texts as the user's message. A correction goes on with the
conversation: the model's answer, then the user's result of the tool (a toolUse needs one) or, when
the answer was text, a text.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from match_worker.ports import Correction

Message = dict[str, Any]

_NO_ANSWER = frozenset(
    {
        "guardrail_intervened",
        "content_filtered",
        "malformed_model_output",
        "malformed_tool_use",
        "model_context_window_exceeded",
        "refusal",
    }
)
"""Stop reasons after which there is nothing to read (`refusal` is Claude's own, not in the
enumeration of botocore 1.44.5)."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a question and its answer leave for the next."""

    shown: str
    """The user's first message."""
    answer: Message | None
    """The model's message; None when it cannot be sent back: it is blank, or no valid one."""
    by_tool: bool
    """Whether the model was made to call the tool."""

    def corrected(self, correction: Correction, *, by_tool: bool) -> list[Message]:
        """The conversation with the correction at its end.

        Without a message to answer, or without the tool that it called (Converse refuses a toolUse
        when no tool is offered), the question is asked anew with the correction below it.
        """
        uses = _uses(self.answer)
        if self.answer is None or (uses and not by_tool):
            return first(f"{self.shown}\n\n{correction.text}")
        reply: list[dict[str, Any]] = [
            {
                "toolResult": {
                    "toolUseId": use["toolUseId"],
                    "content": [{"text": correction.text}],
                    "status": "error",
                }
            }
            for use in uses
        ] or [{"text": correction.text}]
        return [*first(self.shown), self.answer, {"role": "user", "content": reply}]


def first(shown: str) -> list[Message]:
    return [{"role": "user", "content": [{"text": shown}]}]


@dataclass(frozen=True, slots=True)
class Said:
    """An answer of Converse."""

    text: str
    """Input of the tool as JSON, or the text a model wrote instead of calling it; empty when there
    is nothing to read."""
    fault: str | None
    """UnusableAnswer's code, when the model stopped before it was done."""
    message: Message | None
    """To be sent back."""


def said(response: Mapping[str, Any]) -> Said:
    reason = str(response["stopReason"])
    message = response.get("output", {}).get("message") or {}
    content = message.get("content") or []
    if reason in _NO_ANSWER:
        return Said("", reason.upper(), None)
    is_cut = reason == "max_tokens"
    uses = _uses(message)
    text = _input(uses[0], is_cut=is_cut) if uses else _text(content)
    return Said(text, "ANSWER_CUT_SHORT" if is_cut else None, _sendable(message))


def _sendable(message: Message) -> Message | None:
    """Without the blank texts that a model may write and Bedrock refuses to be sent."""
    content = [
        block
        for block in message.get("content") or []
        if "text" not in block or block["text"].strip()
    ]
    if not content or not all(isinstance(use.get("input"), dict) for use in _uses(message)):
        return None
    return {**message, "content": content}


def _uses(message: Message | None) -> list[dict[str, Any]]:
    content = (message or {}).get("content") or []
    return [block["toolUse"] for block in content if "toolUse" in block]


def _text(content: list[Any]) -> str:
    return "\n".join(str(block.get("text", "")) for block in content)


def _input(use: Mapping[str, Any], *, is_cut: bool) -> str:
    """Of a call that was cut the last entry is left out: how Bedrock completes what the model did
    not write to the end is not documented, so it may be half."""
    given = use.get("input")
    if is_cut and isinstance(given, dict) and isinstance(given.get("candidates"), list):
        whole = given["candidates"][:-1]
        if not whole:
            return ""  # an empty list would say that the model was shown nobody
        given = given | {"candidates": whole}
    return json.dumps(given, ensure_ascii=False)

"""The texts of a request to Converse."""

from collections.abc import Iterator, Mapping
from typing import Any

from embedded_aws.bedrock.errors import ValidationError


def spoken(request: Mapping[str, Any]) -> Iterator[str]:
    """All texts but those of tools: the system's, then each message's.

    Raises:
        ValidationError: one is blank. botocore's model allows it and Bedrock does not ("The text
            field in the ContentBlock object at messages.1.content.0 is blank" and, of Claude,
            "text content blocks must contain non-whitespace text", in public reports).
    """
    yield from _texts(request.get("system", []), "system")
    for number, message in enumerate(request.get("messages", [])):
        yield from _texts(message["content"], f"messages.{number}.content")


def _texts(blocks: list[Mapping[str, Any]], path: str) -> Iterator[str]:
    for number, block in enumerate(blocks):
        if "text" not in block:
            continue
        text: str = block["text"]
        if not text.strip():
            raise ValidationError(
                f"The text field in the ContentBlock object at {path}.{number} is blank. "
                "Add text to the text field, and try again."
            )
        yield text

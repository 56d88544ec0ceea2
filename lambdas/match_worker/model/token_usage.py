"""Tokens of a question and its answer, estimated where Bedrock does not count them."""

from cufit_contracts.results import TokenUsage

DOCUMENT_TOKENS = 160
"""Of one profile in the knowledge base: about 110 characters of Korean and 200 of keys. The golden
set's are 149 on average, by the estimate below."""

ANSWER_TOKENS = 120
"""Of one judged candidate: 101 for alias, parts and a reason of 80 characters, written without a
blank; models put some in."""

_LATIN_CHARACTERS_PER_TOKEN = 4
"""A usual estimate for JSON and English; a Korean syllable is counted as one token."""


def estimated_tokens(text: str) -> int:
    latin = sum(character.isascii() for character in text)
    return len(text) - latin + -(-latin // _LATIN_CHARACTERS_PER_TOKEN)


def estimated(shown: str, documents: int, written: str) -> TokenUsage:
    """For RetrieveAndGenerate, which reports neither tokens nor the documents it showed."""
    return TokenUsage(
        input_tokens=estimated_tokens(shown) + documents * DOCUMENT_TOKENS,
        output_tokens=estimated_tokens(written),
        counted=False,
    )


def total(one: TokenUsage, other: TokenUsage) -> TokenUsage:
    return TokenUsage(
        input_tokens=one.input_tokens + other.input_tokens,
        output_tokens=one.output_tokens + other.output_tokens,
        counted=one.counted and other.counted,
    )

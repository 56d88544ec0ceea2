"""Tokens of a question and its answer, estimated where Bedrock does not count them.

No tokenizer of Amazon Nova is published. 20 people of the golden set with prompt v2 take 3,455
tokens in and 937 out by this estimate, 2,971 and 937 by Tekken (mistral-common 1.13.1), 3,117 and
909 by o200k_base and 4,527 and 1,187 by cl100k_base (both of tiktoken). Converse counts.
"""

from collections.abc import Iterable

from cufit_contracts.results import TokenUsage
from match_worker.profile import Profile

DOCUMENT_KEYS = 22
"""Of one document in the knowledge base: alias, keys and what stands between the values."""

ENTRY_TOKENS = 40
"""Of one judged candidate besides the characters of the reason: 19 by the estimate for alias, keys
and points without a blank. With it an entry of 40 characters has 80 tokens, and cl100k_base, the
dearest of those above, takes 79; models put blanks in."""

_LATIN_CHARACTERS_PER_TOKEN = 4
"""A usual estimate for JSON and English; a Korean syllable is counted as one token."""


def estimated_tokens(text: str) -> int:
    latin = len(text.encode("ascii", "ignore"))
    return len(text) - latin + -(-latin // _LATIN_CHARACTERS_PER_TOKEN)


def answer_tokens(longest_reason: int) -> int:
    """Room for one judged candidate; by it the configuration allows a longer shortlist or less."""
    return ENTRY_TOKENS + longest_reason


def document_tokens(person: Profile) -> int:
    """Of the person's document. The golden set's have 117 on average, 95 % at most 148."""
    told = (person.job, *person.hobbies, person.self_introduction, person.ideal_type.free_text)
    return DOCUMENT_KEYS + estimated_tokens("".join(told))


def estimated(shown: str, people: Iterable[Profile], written: str) -> TokenUsage:
    """For RetrieveAndGenerate, which does not report tokens. `people`: whose documents it shows."""
    return TokenUsage(
        input_tokens=estimated_tokens(shown) + sum(map(document_tokens, people)),
        output_tokens=estimated_tokens(written),
        counted=False,
    )


def total(one: TokenUsage | None, other: TokenUsage | None) -> TokenUsage | None:
    """None: nobody was asked."""
    if one is None or other is None:
        return one or other
    return TokenUsage(
        input_tokens=one.input_tokens + other.input_tokens,
        output_tokens=one.output_tokens + other.output_tokens,
        counted=one.counted and other.counted,
    )

"""How much room an answer takes: by it the configuration allows more results or fewer."""

import json

from cufit_contracts.alias import alias_of
from cufit_contracts.results import MAX_REASON_CHARACTERS
from match_worker.model.prompt import load_prompt
from match_worker.model.token_usage import ANSWER_TOKENS, estimated_tokens


def test_the_longest_judgement_fits_into_its_tokens() -> None:
    schema = load_prompt("v1").answer_schema["properties"]["candidates"]["items"]["properties"]
    parts = {name: part["maximum"] for name, part in schema["parts"]["properties"].items()}
    longest = {
        "id": alias_of("m_somebody"),
        "parts": parts,
        "reason": "가" * MAX_REASON_CHARACTERS,
    }
    written = json.dumps(longest, ensure_ascii=False, separators=(",", ":"))

    assert ANSWER_TOKENS * 0.8 < estimated_tokens(written) < ANSWER_TOKENS

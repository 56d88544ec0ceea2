"""How much room an answer takes, and what is taken for the tokens of documents nobody counted."""

import json

import pytest

from cufit_contracts.alias import LENGTH
from cufit_ops.evaluation.golden_set import load, profile_of
from match_worker.model.prompt import load_prompt
from match_worker.model.token_usage import answer_tokens, document_tokens, estimated_tokens


@pytest.mark.parametrize("version", ["v1", "v2"])
def test_the_longest_judgement_fits_into_its_tokens(version: str) -> None:
    prompt = load_prompt(version)
    longest = {
        "id": "a" * LENGTH,
        "reason": "가" * prompt.longest_reason,
        "parts": {name: rule.weight for name, rule in prompt.rubric.judged.items()},
    }
    room = answer_tokens(prompt.longest_reason)
    for indent in (None, 1):
        written = estimated_tokens(json.dumps(longest, ensure_ascii=False, indent=indent))
        assert room * 0.7 < written < room


def test_documents_are_estimated_by_what_people_wrote() -> None:
    golden = load()
    people = [
        (document_tokens(profile_of(item)), estimated_tokens(golden.documents[one].text))
        for one, item in golden.items.items()
        if one in golden.documents
    ]
    assert all(abs(estimate - text) <= 5 for estimate, text in people)
    estimates = sorted(estimate for estimate, _ in people)
    assert sum(estimates) / len(estimates) == pytest.approx(117, abs=3)
    assert estimates[len(estimates) * 95 // 100] <= 150

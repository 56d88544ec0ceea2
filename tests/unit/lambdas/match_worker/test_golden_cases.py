"""Each prompt version still turns its golden cases into exactly what it did."""

import json
from pathlib import Path

import pytest

from match_worker.model.prompt import load_prompt
from tests.unit.lambdas.match_worker.golden import cases, replayed


@pytest.mark.parametrize("file", cases(), ids=lambda file: f"{file.parts[-3]}-{file.stem}")
def test_a_golden_case_is_stored_as_before(file: Path) -> None:
    case = json.loads(file.read_text())
    prompt = load_prompt(file.parts[-3])
    assert replayed(case, prompt) == case["expected"]

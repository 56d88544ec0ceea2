"""Golden cases of a prompt version: people and what a model wrote in, the stored ranking out.

While a version is not in use yet and its weights still move, have them written again and read the
difference: `python -m tests.unit.lambdas.match_worker.golden v2`.
"""

import json
import re
import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from cufit_contracts.alias import alias_of
from cufit_contracts.items import RecommendationItem
from cufit_contracts.stored import read
from match_worker.model.prompt import Prompt, load_prompt
from match_worker.profile import Profile
from tests.unit.lambdas.match_worker.world import World

PROMPTS = Path(__file__).parents[4] / "prompts" / "match"


def cases() -> list[Path]:
    return sorted(PROMPTS.glob("v*/golden/*.json"))


def replayed(case: dict[str, Any], prompt: Prompt) -> dict[str, Any]:
    """What is stored for `case`, in the shape of its `expected`."""
    seeker = read(Profile, case["seeker"])
    people = [seeker, *(read(Profile, one) for one in case["candidates"])]
    answers = [_said(one, people) for one in case["answers"]]
    world = World(
        *answers,
        people=people,
        seeker_id=seeker.candidate_id,
        paired=case.get("pairedBefore", []),
        prompt=prompt,
        now=datetime.fromisoformat(case["now"]),
    )
    world.deliver()
    return _outcome(world.recommendations.item)


def _outcome(item: RecommendationItem) -> dict[str, Any]:
    ranked = item.result.candidates if item.result else []
    return {
        "status": str(item.status),
        "ranking": [
            {
                "id": one.candidate_id,
                "score": one.score,
                "parts": {part.criterion: part.points for part in one.parts},
                "reason": one.reason,
            }
            for one in ranked
        ],
    }


def _said(answer: Any, people: Iterable[Profile]) -> str:
    """As a model writes it: a case names people by their ids, which is easier to read."""
    text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
    for one in people:
        text = re.sub(rf"\b{one.candidate_id}\b", alias_of(one.candidate_id), text)
    return text


def rewrite(version: str) -> None:
    for file in sorted((PROMPTS / version / "golden").glob("*.json")):
        case = json.loads(file.read_text())
        case["expected"] = replayed(case, load_prompt(version))
        file.write_text(json.dumps(case, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    rewrite(sys.argv[1])

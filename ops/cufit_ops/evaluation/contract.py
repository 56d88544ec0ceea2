"""What must hold for every result, whatever a model wrote: checked on the stored ranking, with the
golden set's own knowledge of who may be shown."""

import re
from collections import Counter
from collections.abc import Callable, Iterable

from cufit_contracts.results import MAX_REASON_CHARACTERS, MatchResult, RankedCandidate
from cufit_contracts.stored import read, written
from cufit_contracts.vocabulary import RecommendationStatus
from cufit_ops.evaluation.golden_set import NOW, GoldenSet, profile_of
from cufit_ops.evaluation.run import Run
from match_worker.model.prompt import Prompt
from match_worker.profile import Profile
from match_worker.scoring.fact_scores import FactScores

HARD_RULES, UNKNOWN, ESCAPES, LEAKS = (
    "hard_rule_violations",
    "unknown_ids",
    "contract_escapes",
    "leaks",
)
MOVED, CRASHES = "others_moved", "crashes"
STARVED, IN_VAIN = "starved_rounds", "questions_in_vain"
MUST_BE_ZERO = (HARD_RULES, UNKNOWN, ESCAPES, LEAKS, MOVED, STARVED, IN_VAIN, CRASHES)

_HANGUL = re.compile("[가-힣]")
_SYNTAX = frozenset('$<>{}[]"`\\')
_NUMBER = re.compile(r"[0-9][0-9\-\s.]{6,}[0-9]")


def violations(
    run: Run,
    golden: GoldenSet,
    prompt: Prompt,
    profile_now: Callable[[str], Profile | None] = lambda _: None,
) -> Counter[str]:
    """How often `run` broke each of MUST_BE_ZERO that one result can break. `profile_now`: somebody
    with what was counted since; None where they are as in the golden set."""
    found: Counter[str] = Counter()
    if run.result is None:
        nobody = run.status is RecommendationStatus.FAILED and not run.seeker.appeal
        found[ESCAPES] += 0 if nobody else 1
        return found
    found[ESCAPES] += not _is_readable(run.result)
    facts = FactScores(prompt.rubric, run.seeker.profile, NOW)
    for one in run.result.candidates:
        item = golden.items.get(one.candidate_id)
        if item is None:
            found[UNKNOWN] += 1
            continue
        found[HARD_RULES] += one.candidate_id not in run.seeker.appeal
        profile = profile_now(one.candidate_id) or profile_of(item)
        found[ESCAPES] += not _is_scored(one, facts.points(profile), prompt)
        found[ESCAPES] += not _is_shown(one.reason)
        found[LEAKS] += leaks([one.reason], golden)
    return found


def leaks(texts: Iterable[str], golden: GoldenSet) -> int:
    """How many of the texts a model was shown hold a name, a nickname or a phone number."""
    return sum(golden.secret.search(text) is not None for text in texts)


def _is_readable(result: MatchResult) -> bool:
    """What is stored is what the service will read."""
    try:
        result.check()
        return read(MatchResult, written(result)) == result
    except ValueError:
        return False


def _is_scored(one: RankedCandidate, facts: tuple[int, ...], prompt: Prompt) -> bool:
    """The parts are the rubric's, and what code decides is what code decides."""
    limits = {name: rule.weight for name, rule in prompt.rubric.code.listed.items()}
    limits |= {name: rule.weight for name, rule in prompt.rubric.judged.items()}
    points = {part.criterion: part.points for part in one.parts}
    return (
        {part.criterion: part.limit for part in one.parts} == limits
        and tuple(points[name] for name in prompt.rubric.code.listed) == facts
        and all(0 <= points[name] <= limit for name, limit in limits.items())
        and one.score == sum(points.values())
    )


def _is_shown(reason: str) -> bool:
    return (
        len(reason) <= MAX_REASON_CHARACTERS
        and _HANGUL.search(reason) is not None
        and not _SYNTAX & set(reason)
        and not _NUMBER.search(reason)
    )

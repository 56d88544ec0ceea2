"""A stored result beside the same computed again. Pure: no table, no clock.

What each point comes from, and when it can be computed again:
  facts          both profiles as they were, the code, the prompt version's rubric
  answers        the counts kept in the result, the code, the rubric
  judged         the model's own points, held to the limit; who was not judged has the middle
  stepped back   attention and the usual kept in the result, the code, the rubric
Sums, limits and order need nothing but the result.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from cufit_contracts.items import History
from cufit_contracts.results import DecidedBy, MatchResult, RankedCandidate, ScorePart
from cufit_contracts.stored import Unreadable, read
from cufit_contracts.vocabulary import instant
from cufit_ops.explanation.today import Today
from match_worker.profile import Profile
from match_worker.scoring.answers import answers_points
from match_worker.scoring.congestion import stepped_back
from match_worker.scoring.fact_scores import FactScores
from match_worker.scoring.rubric import Rubric

ANSWERS = "answers"


@dataclass(frozen=True, slots=True)
class Value:
    """Points as stored, beside the same computed again."""

    kept: int
    recomputed: int | None
    """None: it could not be, `why` says so."""
    why: str | None = None

    @property
    def agrees(self) -> bool:
        return self.recomputed in (None, self.kept)


@dataclass(frozen=True, slots=True)
class ExplainedPart:
    criterion: str
    decided_by: DecidedBy
    limit: int
    points: Value
    raw: int | None
    """As the model wrote it; None for what code decides, and for who was not judged."""


@dataclass(frozen=True, slots=True)
class ExplainedCandidate:
    rank: int
    candidate_id: str
    judged: bool
    score: Value
    """Computed again as the sum of the parts, each as it was computed again, or else as kept."""
    changed: str | None
    """Why not what depends on their profile."""
    parts: tuple[ExplainedPart, ...]
    stepped_back: Value
    faults: tuple[str, ...]
    """What should agree and does not."""


@dataclass(frozen=True, slots=True)
class Explanation:
    cannot: tuple[str, ...]
    """Why nothing that code decides could be computed again."""
    seeker: str | None
    """Why not what depends on the seeker's profile."""
    candidates: tuple[ExplainedCandidate, ...]
    faults: tuple[str, ...]
    """Of the result as a whole."""

    @property
    def agrees(self) -> bool:
        return not self.faults and not any(one.faults for one in self.candidates)


def explained(seeker_id: str, result: MatchResult, today: Today) -> Explanation:
    then = instant(result.made_at)
    cannot = today.other_making(result.made_by)
    seeker = today.person(seeker_id, result.seeker_version, then)
    again = _Again(result, today, "; ".join(cannot) or None, seeker)
    return Explanation(
        cannot,
        seeker if isinstance(seeker, str) else None,
        tuple(again.candidate(one) for one in result.candidates),
        tuple(_faults_of_all(result)),
    )


def _faults_of_all(result: MatchResult) -> Iterator[str]:
    ranks = [one.rank for one in result.candidates]
    if ranks != list(range(1, len(ranks) + 1)):
        yield f"ranks are {ranks}, not 1, 2, 3, …"
    scores = [one.score for one in result.candidates]
    if scores != sorted(scores, reverse=True):
        yield f"scores are {scores}, not the best first"
    if len({one.candidate_id for one in result.candidates}) != len(ranks):
        yield "somebody is ranked twice"
    if result.judged is not None and result.shortlisted is not None:
        shown = sum(one.judged for one in result.candidates)
        if not shown <= result.judged <= result.shortlisted:
            yield f"{shown} judged are shown, of {result.judged} judged, of {result.shortlisted}"


@dataclass(frozen=True, slots=True)
class _Again:
    result: MatchResult
    today: Today
    cannot: str | None
    seeker: Profile | str

    def candidate(self, one: RankedCandidate) -> ExplainedCandidate:
        person = self.today.person(one.candidate_id, one.version, self._then)
        changed = person if isinstance(person, str) else None
        facts = self._facts(person)
        parts = tuple(self._part(one, part, facts) for part in one.parts)
        total = sum(
            part.points.kept if part.points.recomputed is None else part.points.recomputed
            for part in parts
        )
        score = Value(one.score, total)
        back = self._stepped_back(one)
        values = [(part.criterion, part.points) for part in parts]
        values += [("score", score), ("stepped back", back)]
        faults = (
            *(f"{name}: {_said(value)}" for name, value in values if not value.agrees),
            *self._out_of_shape(one),
        )
        return ExplainedCandidate(
            one.rank, one.candidate_id, one.judged, score, changed, parts, back, faults
        )

    @property
    def _rubric(self) -> Rubric | None:
        """None when the result was not made by it."""
        return None if self.cannot or self.today.prompt is None else self.today.prompt.rubric

    @property
    def _then(self) -> datetime:
        return instant(self.result.made_at)

    def _facts(self, person: Profile | str) -> dict[str, int] | str:
        """Points by criterion, or why there are none."""
        if self._rubric is None:
            return self.cannot or "no rubric"
        if isinstance(self.seeker, str):
            return f"the seeker: {self.seeker}"
        if isinstance(person, str):
            return person
        parts = FactScores(self._rubric, self.seeker, self._then).parts(person)
        return {part.criterion: part.points for part in parts if part.criterion != ANSWERS}

    def _part(
        self, one: RankedCandidate, part: ScorePart, facts: dict[str, int] | str
    ) -> ExplainedPart:
        raw = (one.raw_points or {}).get(part.criterion)
        if part.decided_by is DecidedBy.MODEL:
            points = self._judged(one, part, raw)
        elif part.criterion == ANSWERS:
            points = self._answers(one, part)
        elif isinstance(facts, str):
            points = Value(part.points, None, facts)
        elif part.criterion in facts:
            points = Value(part.points, facts[part.criterion])
        else:
            points = Value(part.points, None, "not in the rubric")
        return ExplainedPart(part.criterion, part.decided_by, part.limit, points, raw)

    def _judged(self, one: RankedCandidate, part: ScorePart, raw: int | None) -> Value:
        if raw is not None:
            held = max(0, min(part.limit, raw))
            return Value(part.points, held, None if held == raw else f"{raw} held to {held}")
        if one.judged:
            return Value(part.points, None, "the model's own points were not kept")
        if self._rubric is None:
            return Value(part.points, None, self.cannot)
        rule = self._rubric.judged.get(part.criterion)
        if rule is None:
            return Value(part.points, None, "not in the rubric")
        return Value(part.points, rule.middle, "not judged: the middle")

    def _answers(self, one: RankedCandidate, part: ScorePart) -> Value:
        if self._rubric is None:
            return Value(part.points, None, self.cannot)
        rule = self._rubric.code.answers
        if rule is None:
            return Value(part.points, None, "not in the rubric")
        if one.history is None:
            return Value(part.points, round(rule.weight / 2), "nothing learned: the middle")
        history = _counts(one)
        if history is None:
            return Value(part.points, None, "counts that cannot be")
        told = f"wanted {history.wanted}/{history.asked}, yes {history.said_yes}/{history.answered}"
        return Value(part.points, answers_points(rule, history), told)

    def _stepped_back(self, one: RankedCandidate) -> Value:
        if self._rubric is None:
            return Value(one.stepped_back, None, self.cannot)
        if one.attention is None:
            return Value(one.stepped_back, 0, "attention not used")
        usual = self.result.usual_attention
        if usual is None:
            return Value(one.stepped_back, None, "what was usual was not kept")
        again = stepped_back(self._rubric.congestion, one.attention, usual, self._then)
        return Value(one.stepped_back, again)

    def _out_of_shape(self, one: RankedCandidate) -> Iterator[str]:
        for part in one.parts:
            if not 0 <= part.points <= part.limit:
                yield f"{part.criterion}: {part.points} points, not 0 to {part.limit}"
        if not 0 <= one.score <= 100:
            yield f"score: {one.score}, not 0 to 100"
        if one.history is not None and _counts(one) is None:
            yield "history: counts that cannot be"
        if self.result.made_by.scoring_hash and one.judged != (one.raw_points is not None):
            yield "judged, or not, and the model's own points: one without the other"
        if self._rubric is None:
            return
        rules = self._rubric.code.listed | self._rubric.judged
        wanted = {name: rule.weight for name, rule in rules.items()}
        kept = {part.criterion: part.limit for part in one.parts}
        if kept != wanted or len(kept) != len(one.parts):
            yield f"parts are {kept}, the rubric's {wanted}"
        by_model = {part.criterion for part in one.parts if part.decided_by is DecidedBy.MODEL}
        if by_model != set(self._rubric.judged):
            yield f"decided by the model are {sorted(by_model)}"
        if one.raw_points is not None and set(one.raw_points) != set(self._rubric.judged):
            yield f"the model's own points are of {sorted(one.raw_points)}"


def _counts(one: RankedCandidate) -> History | None:
    try:
        found = read(History, one.history or {})
    except Unreadable:
        return None
    fine = 0 <= found.wanted <= found.asked and 0 <= found.said_yes <= found.answered
    return found if fine else None


def _said(value: Value) -> str:
    return f"{value.kept} kept, {value.recomputed} recomputed"

"""From judgements to a ranking: hard rules against the tables, facts scored in code, the sum."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

from cufit_contracts.results import MAX_RANKED, DecidedBy, RankedCandidate, ScorePart
from match_worker.model.answer import Judgement
from match_worker.ports import Candidates, Pairs, Search
from match_worker.profile import Profile
from match_worker.scoring.fact_scores import FactScores
from match_worker.scoring.hard_rules import eligibility
from match_worker.scoring.reason import NO_REASON, cleaned, from_facts
from match_worker.scoring.rubric import Rubric


class Referee:
    """Checks people against the hard rules with what the tables say now."""

    def __init__(self, candidates: Candidates, pairs: Pairs) -> None:
        self._candidates = candidates
        self._pairs = pairs

    def admitted(self, search: Search, candidate_ids: Sequence[str]) -> list[Profile]:
        """Those who may be recommended, in the given order."""
        eligible = eligibility(search.seeker, search.now)
        found = self._candidates.get_many(candidate_ids)
        able = [found[i] for i in candidate_ids if i in found and eligible(found[i])]
        if not able:
            return []
        ids = [profile.candidate_id for profile in able]
        taken = self._pairs.taken(search.seeker.candidate_id, ids)
        return [profile for profile in able if profile.candidate_id not in taken]


@dataclass(frozen=True, slots=True)
class Scored:
    candidate_id: str
    parts: tuple[ScorePart, ...]
    reason: str

    @property
    def score(self) -> int:
        return sum(part.points for part in self.parts)


def ranked_by_judgement(
    judgements: Iterable[Judgement], admitted: Iterable[Profile], search: Search, rubric: Rubric
) -> list[RankedCandidate]:
    """The best MAX_RANKED of the admitted by the sum of facts and judgement."""
    facts = FactScores(rubric, search.seeker, search.now)
    by_id = {judgement.candidate_id: judgement for judgement in judgements}
    scored = []
    for profile in admitted:
        judgement = by_id[profile.candidate_id]
        parts = facts.parts(profile)
        names = [profile.name, search.seeker.name]
        reason = cleaned(judgement.reason, names) or from_facts(
            NO_REASON, search.seeker, parts, facts.age_gap(profile)
        )
        parts += judged_parts(rubric, judgement.parts)
        scored.append(Scored(profile.candidate_id, tuple(parts), reason))
    return in_order(scored, search)


def judged_parts(rubric: Rubric, points: dict[str, int]) -> list[ScorePart]:
    """Parts for the criteria the model decides; 0 for those nobody judged."""
    return [
        ScorePart(
            criterion=name,
            points=points.get(name, 0),
            limit=rule.weight,
            decided_by=DecidedBy.MODEL,
        )
        for name, rule in rubric.judged.items()
    ]


def in_order(scored: Iterable[Scored], search: Search) -> list[RankedCandidate]:
    """Number the best MAX_RANKED from 1."""
    best = sorted(scored, key=lambda one: (-one.score, tie_break(search, one.candidate_id)))
    return [
        RankedCandidate(
            rank=rank,
            candidate_id=one.candidate_id,
            score=one.score,
            parts=one.parts,
            reason=one.reason,
        )
        for rank, one in enumerate(best[:MAX_RANKED], start=1)
    ]


def tie_break(search: Search, candidate_id: str) -> int:
    """Order of equals: fixed for a seeker, different between seekers, so that nobody's id
    always comes first."""
    return crc32(f"{search.seeker.candidate_id}|{candidate_id}".encode())

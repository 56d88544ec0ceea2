"""From judgements to a ranking: hard rules against the tables, facts scored in code, the sum."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from zlib import crc32

from cufit_contracts.results import MAX_RANKED, DecidedBy, RankedCandidate, ScorePart
from match_worker.model.answer import Judgement
from match_worker.ports import Candidates, Pairs, Search
from match_worker.profile import Profile
from match_worker.scoring.congestion import stepped_back
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


def ranked(
    people: Iterable[Profile],
    judgements: Mapping[str, Judgement],
    search: Search,
    rubric: Rubric,
    *,
    unjudged: str,
) -> list[RankedCandidate]:
    """The best MAX_RANKED of the people by the sum of facts and judgement, best first. Whoever
    steps back is chosen later, and once chosen ranks by their score.

    `judgements` by candidate id; who has none keeps the middle of each judged part, and a reason
    that opens with `unjudged`.
    """
    facts = FactScores(rubric, search.seeker, search.now)
    scored = []
    for profile in people:
        judgement = judgements.get(profile.candidate_id)
        by_code = facts.parts(profile)
        parts = (*by_code, *judged_parts(rubric, judgement))
        gap = facts.age_gap(profile)
        if judgement is None:
            reason = from_facts(unjudged, search.seeker, by_code, gap)
        else:
            names = [profile.name, search.seeker.name]
            reason = cleaned(judgement.reason, names) or from_facts(
                NO_REASON, search.seeker, by_code, gap
            )
        scored.append(
            RankedCandidate(
                rank=0,
                candidate_id=profile.candidate_id,
                score=sum(part.points for part in parts),
                parts=parts,
                reason=reason,
                version=profile.version,
                judged=judgement is not None,
                raw_points=judgement.raw if judgement else None,
                history=asdict(profile.history) if rubric.learns else None,
                attention=profile.attention if rubric.congestion else None,
                stepped_back=stepped_back(
                    rubric.congestion, profile.attention, search.usual_attention, search.now
                ),
            )
        )
    return in_order(scored, search)


def judged_parts(rubric: Rubric, judgement: Judgement | None) -> list[ScorePart]:
    """Parts for the criteria the model decides, in the middle when nobody judged."""
    return [
        ScorePart(
            criterion=name,
            points=judgement.parts[name] if judgement else rule.middle,
            limit=rule.weight,
            decided_by=DecidedBy.MODEL,
        )
        for name, rule in rubric.judged.items()
    ]


def in_order(scored: Iterable[RankedCandidate], search: Search) -> list[RankedCandidate]:
    """The best MAX_RANKED, numbered from 1."""
    by_id = sorted(scored, key=lambda one: tie_break(search, one.candidate_id))
    chosen = sorted(by_id, key=lambda one: one.stepped_back - one.score)[:MAX_RANKED]
    best = sorted(chosen, key=lambda one: -one.score)
    return [replace(one, rank=rank) for rank, one in enumerate(best, start=1)]


def tie_break(search: Search, candidate_id: str) -> int:
    """Order of equals: fixed for a seeker, different between seekers, so that nobody's id
    always comes first."""
    return crc32(f"{search.seeker.candidate_id}|{candidate_id}".encode())

"""Whose is it? The one place that decides what a member may see of a thing that exists.

Roles are checked where a use case begins (Member.require); this is about objects. What is not
one's own is refused exactly as what does not exist, so that ids cannot be probed. Which fields of
a profile one sees follows from what one gets: a Card, a Candidate, or a ContactCard of a match.
"""

from collections.abc import Iterable
from datetime import datetime

from cufit_service.domain.candidate import Candidate, Card
from cufit_service.domain.errors import (
    CandidateUnknown,
    MatchUnknown,
    RecommendationUnknown,
)
from cufit_service.domain.match import BlockedPair, Match
from cufit_service.domain.member import Member
from cufit_service.domain.recommendation import Recommendation


def own_candidate(maker: Member, candidate: Candidate | None) -> Candidate:
    """The candidate, if `maker` introduces them. Raises CandidateUnknown."""
    if candidate is None or not candidate.is_introduced_by(maker):
        raise CandidateUnknown
    return candidate


def candidate_as_seen_by(
    maker: Member, candidate: Candidate | None, now: datetime
) -> Candidate | Card:
    """One's own whole, another maker's as a card. Raises CandidateUnknown."""
    if candidate is None:
        raise CandidateUnknown
    return candidate if candidate.is_introduced_by(maker) else candidate.card(now)


def own_recommendation(maker: Member, recommendation: Recommendation | None) -> Recommendation:
    """The recommendation, if `maker` asked for it. Raises RecommendationUnknown."""
    if recommendation is None or not maker.is_one(
        recommendation.maker_id, recommendation.maker_joined_at
    ):
        raise RecommendationUnknown
    return recommendation


def visible_match(member: Member, match: Match, two: Iterable[Candidate]) -> Match:
    """The match, for its two candidates and whoever introduces them now. Raises MatchUnknown.

    Args:
        two: those of the match's two who are here still.
    """
    if match.has(member) or any(one.is_introduced_by(member) for one in two):
        return match
    raise MatchUnknown


def own_match(candidate: Member, known: Match | BlockedPair | None) -> Match:
    """The match, if the candidate is one of its two. Raises MatchUnknown."""
    if not isinstance(known, Match) or not known.has(candidate):
        raise MatchUnknown
    return known

"""Everything the service refuses. `code` is part of the API and never changes its meaning.

Refusal
├── Unknown          not there, or not one's own: nobody may tell the two apart
│   ├── InvitationUnknown
│   ├── CandidateUnknown
│   ├── ProfileUnknown
│   ├── RecommendationUnknown
│   ├── MatchUnknown
│   └── PhotoUnknown
├── NotAllowed       the member's role does not include it
├── Conflict         it would be possible, were the state another
│   ├── InvitationUsed
│   ├── InvitationExpired
│   ├── InvitationOwn
│   ├── RoleTaken
│   ├── CandidatePaused
│   ├── CandidateUnattached
│   ├── SameGender
│   ├── PairTaken
│   ├── PairBlocked
│   ├── MatchAnswered
│   ├── MatchClosed
│   ├── NotMatched
│   ├── NotDegraded
│   ├── KeyReused
│   └── StillRunning
├── TooOften         allowed again later; knows when
│   ├── SuggestionsUsedUp
│   ├── RecommendationsUsedUp
│   ├── RateLimited
│   └── Overloaded
├── Stale            the client changed a version that is no longer the latest
├── Invalid          fields break a rule; names each
└── Unavailable      something the service needs does not answer; asking again may help
    └── Contended    too many write the same thing at once; nothing was written
ConcurrentChange     a conditional write lost a race: use cases read again and decide anew
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """A field that breaks a rule. `field` is a dotted path of attribute names."""

    field: str
    message: str


class Refusal(Exception):
    """Base of what a client is told; `code` names the reason, the message explains it."""

    code: ClassVar[str]
    message: ClassVar[str]
    again_in_seconds: int | None = None
    """When asking again may help."""

    def __init__(self, message: str | None = None, *, field: str | None = None) -> None:
        super().__init__(message or self.message)
        self.field = field


class Unknown(Refusal):
    code = "not_found"
    message = "There is nothing here for you."


class InvitationUnknown(Unknown):
    code = "invitation_unknown"
    message = "No invitation has this code."


class CandidateUnknown(Unknown):
    code = "candidate_unknown"
    message = "You have no such candidate."


class ProfileUnknown(Unknown):
    code = "profile_unknown"
    message = "You have not saved a profile yet."


class RecommendationUnknown(Unknown):
    code = "recommendation_unknown"
    message = "You have no such recommendation."


class MatchUnknown(Unknown):
    code = "match_unknown"
    message = "You have no such match."


class PhotoUnknown(Unknown):
    code = "photo_unknown"
    message = "You have no such photo."


class NotAllowed(Refusal):
    code = "role_not_allowed"
    message = "Your role does not include this."


class Conflict(Refusal):
    code = "conflict"
    message = "The present state does not allow this."


class InvitationUsed(Conflict):
    code = "invitation_used"
    message = "This invitation has been accepted already."


class InvitationExpired(Conflict):
    code = "invitation_expired"
    message = "This invitation has expired."


class InvitationOwn(Conflict):
    code = "invitation_own"
    message = "Nobody accepts their own invitation."


class RoleTaken(Conflict):
    code = "role_taken"
    message = "You have a role already; it is chosen once."


class CandidatePaused(Conflict):
    code = "candidate_paused"
    message = "The candidate has paused matching."


class CandidateUnattached(Conflict):
    code = "candidate_unattached"
    message = "The candidate's maker has left; nobody introduces them now."


class SameGender(Conflict):
    code = "same_gender"
    message = "A pair is a man and a woman."


class PairTaken(Conflict):
    code = "pair_taken"
    message = "These two have been suggested to each other already."


class PairBlocked(Conflict):
    code = "pair_blocked"
    message = "A maker has ruled these two out."


class MatchAnswered(Conflict):
    code = "match_answered"
    message = "You have answered this match already."


class MatchClosed(Conflict):
    code = "match_closed"
    message = "This match takes no more answers."


class NotMatched(Conflict):
    code = "not_matched"
    message = "Contact cards are shown once both have agreed."


class NotDegraded(Conflict):
    code = "recommendation_not_degraded"
    message = "Only an answer that was ranked by rules alone (DEGRADED) can be asked of a model."


class KeyReused(Conflict):
    code = "idempotency_key_reused"
    message = "This Idempotency-Key came with another request before."


class StillRunning(Conflict):
    code = "request_running"
    message = "The first request with this Idempotency-Key has not ended yet; try again."


class TooOften(Refusal):
    code = "too_often"
    message = "Try again later."

    def __init__(self, message: str | None = None, *, again_in_seconds: int) -> None:
        super().__init__(message)
        self.again_in_seconds = again_in_seconds


class SuggestionsUsedUp(TooOften):
    code = "suggestions_used_up"
    message = "This candidate has had all of today's suggestions."


class RecommendationsUsedUp(TooOften):
    code = "recommendations_used_up"
    message = "You have asked for all of today's recommendations."


class RateLimited(TooOften):
    code = "rate_limited"
    message = "You ask faster than this service answers one member."


class Overloaded(TooOften):
    code = "overloaded"
    message = "More is asked of this service than it can answer; try again in a moment."


class Stale(Refusal):
    code = "version_stale"
    message = "It has changed since you read it; read it again."


class Invalid(Refusal):
    code = "fields_invalid"
    message = "Some fields break a rule."

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__()
        self.faults = tuple(faults)


class Unavailable(Refusal):
    code = "temporarily_unavailable"
    message = "Something the service needs does not answer; try again in a moment."
    again_in_seconds = 1


class Contended(Unavailable):
    code = "changed_at_once"
    message = "Too many change the same thing at once; nothing was changed, try again in a moment."


class ConcurrentChange(Exception):
    """Another writer was first; what the caller read is out of date."""

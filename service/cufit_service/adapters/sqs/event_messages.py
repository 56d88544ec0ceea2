"""Events as messages (cufit_contracts.messages) and back."""

import json

from cufit_contracts import messages
from cufit_contracts.stored import read, written
from cufit_service.domain.events import (
    Event,
    MemberLeft,
    ProfileChanged,
    RecommendationRequested,
)

MATCH_REQUESTS = "match-requests"
PROFILE_CHANGES = "profile-changes"
LEAVING = "leaving"
"""No queue: the service itself acts on these."""


def message_of(
    event: RecommendationRequested | ProfileChanged,
) -> messages.MatchRequested | messages.ProfileChanged:
    if isinstance(event, RecommendationRequested):
        return messages.MatchRequested.of(event.recommendation_id, event.at, usage=event.usage)
    return messages.ProfileChanged(
        correlation_id=event.correlation_id,
        occurred_at=event.at,
        candidate_id=event.candidate_id,
        change=event.change,
        version=event.version,
    )


def addressed(event: Event) -> tuple[str, str]:
    """The queue an event belongs on and its body there."""
    if isinstance(event, MemberLeft):
        return LEAVING, json.dumps(written(event))
    queue = MATCH_REQUESTS if isinstance(event, RecommendationRequested) else PROFILE_CHANGES
    return queue, message_of(event).to_body()


def event_of(queue: str, body: str) -> Event:
    """Raises UnreadableMessage."""
    if queue == MATCH_REQUESTS:
        asked = messages.MatchRequested.from_body(body)
        return RecommendationRequested(asked.recommendation_id, asked.occurred_at, asked.usage)
    if queue == PROFILE_CHANGES:
        changed = messages.ProfileChanged.from_body(body)
        return ProfileChanged(
            changed.candidate_id, changed.change, changed.version, changed.occurred_at
        )
    if queue == LEAVING:
        return _member_left(body)
    raise messages.UnreadableMessage(f"no queue is called {queue}")


def _member_left(body: str) -> MemberLeft:
    try:
        return read(MemberLeft, json.loads(body))
    except ValueError as error:
        raise messages.UnreadableMessage("MemberLeft: not what this service wrote") from error

"""Events as messages (cufit_contracts.messages) and back."""

from cufit_contracts import messages

from cufit_service.domain.events import (
    Event,
    ProfileChange,
    ProfileChanged,
    RecommendationRequested,
)

MATCH_REQUESTS = "match-requests"
PROFILE_CHANGES = "profile-changes"


def match_requested(event: RecommendationRequested) -> messages.MatchRequested:
    return messages.MatchRequested.of(event.recommendation_id, event.at)


def profile_changed(event: ProfileChanged) -> messages.ProfileChanged:
    return messages.ProfileChanged(
        correlation_id=event.correlation_id,
        occurred_at=event.at,
        candidate_id=event.candidate_id,
        change=messages.ProfileChange(event.change.value),
        version=event.version,
    )


def addressed(event: Event) -> tuple[str, str]:
    """The queue an event belongs on and its body there."""
    if isinstance(event, RecommendationRequested):
        return MATCH_REQUESTS, match_requested(event).to_body()
    return PROFILE_CHANGES, profile_changed(event).to_body()


def event_of(queue: str, body: str) -> Event:
    """Raises UnreadableMessage."""
    if queue == MATCH_REQUESTS:
        asked = messages.MatchRequested.from_body(body)
        return RecommendationRequested(asked.recommendation_id, asked.occurred_at)
    changed = messages.ProfileChanged.from_body(body)
    return ProfileChanged(
        changed.candidate_id,
        ProfileChange(changed.change.value),
        changed.version,
        changed.occurred_at,
    )

"""The wire as it was when each version was first sent: these files are never edited, only added."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cufit_contracts.messages import MatchRequested, ProfileChanged, UnreadableMessage
from cufit_contracts.results import MatchResult, TokenUsage
from cufit_contracts.stored import read, written
from cufit_contracts.vocabulary import ProfileChange
from cufit_service.adapters.sqs.event_messages import addressed, event_of
from cufit_service.domain import events

GOLDEN = Path(__file__).parent / "golden"
AT = datetime(2026, 11, 22, 9, 0, 0, 123000, tzinfo=UTC)
RECOMMENDATION = "rec_01JDA2Z3C4E5F6G7H8J9K0M1N2"
CANDIDATE = "m_mzxw6ytboi2dkmrqgeydambqga"


def _golden(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((GOLDEN / name).read_text())
    return content


def test_a_match_request_of_version_1_is_read() -> None:
    message = MatchRequested.from_body((GOLDEN / "match_requested.v1.json").read_text())
    assert message == MatchRequested.of(RECOMMENDATION, AT)


def test_a_request_that_was_put_off_says_which_attempt_and_what_was_paid() -> None:
    message = MatchRequested.from_body((GOLDEN / "match_requested.v1.put_off.json").read_text())
    paid = TokenUsage(3100, 480, counted=True)
    assert message == MatchRequested.of(RECOMMENDATION, AT, attempt=2, usage=paid)
    assert json.loads(message.to_body()) == _golden("match_requested.v1.put_off.json")


@pytest.mark.parametrize(
    "usage",
    [
        *({}, 5, 1e30, "much", [], {"input_tokens": 5}),
        {"input_tokens": -5, "output_tokens": 1, "counted": True},
        {"input_tokens": 5, "output_tokens": 10**40, "counted": True},
    ],
)
def test_a_bill_that_cannot_be_read_costs_nobody_their_recommendation(usage: Any) -> None:
    body = json.dumps(_golden("match_requested.v1.put_off.json") | {"usage": usage})
    message = MatchRequested.from_body(body)
    assert (message.attempt, message.usage) == (2, None)


def test_a_profile_change_of_version_1_is_read() -> None:
    message = ProfileChanged.from_body((GOLDEN / "profile_changed.v1.json").read_text())
    assert (message.candidate_id, message.version) == (CANDIDATE, 3)
    assert (message.change, message.occurred_at) == (ProfileChange.SAVED, AT)


def test_a_result_is_read_and_written_unchanged() -> None:
    golden = _golden("match_result.v1.judged.json")
    assert written(read(MatchResult, golden)) == golden


def test_a_result_of_before_shortlists_is_read() -> None:
    result = read(MatchResult, _golden("match_result.v1.json"))
    assert (result.seeker_version, result.shortlisted, result.judged) == (None, None, None)
    [one, *_] = result.candidates
    assert (one.version, one.judged, one.raw_points, one.stepped_back) == (None, True, None, 0)
    assert result.made_by.without_model
    assert result.usual_attention is None


@pytest.mark.parametrize(
    ("event", "queue", "name"),
    [
        (
            events.RecommendationRequested(RECOMMENDATION, AT),
            "match-requests",
            "match_requested.v1.json",
        ),
        (
            events.RecommendationRequested(RECOMMENDATION, AT, TokenUsage(3100, 480, counted=True)),
            "match-requests",
            "match_requested.v1.upgrade.json",
        ),
        (
            events.ProfileChanged(CANDIDATE, ProfileChange.SAVED, 3, AT),
            "profile-changes",
            "profile_changed.v1.json",
        ),
    ],
)
def test_the_service_writes_the_wire_as_it_is(event: events.Event, queue: str, name: str) -> None:
    written_queue, body = addressed(event)
    assert written_queue == queue
    assert json.loads(body) == _golden(name)
    assert event_of(queue, body) == event


@pytest.mark.parametrize("name", ["match_requested.v1.json", "profile_changed.v1.json"])
def test_a_field_of_tomorrow_is_ignored(name: str) -> None:
    model = MatchRequested if name.startswith("match") else ProfileChanged
    body = json.dumps(_golden(name) | {"tomorrow": {"more": [1, 2]}})
    assert model.from_body(body) == model.from_body((GOLDEN / name).read_text())


@pytest.mark.parametrize(
    "changes",
    [
        {"schema_version": 2},
        {"kind": "profile_changed"},
        {"recommendation_id": ""},
        {"recommendation_id": "rec 1"},
        {"recommendation_id": "r" * 65},
        {"occurred_at": "2026-11-22T09:00:00"},
        {"correlation_id": None},
    ],
)
def test_another_version_kind_or_shape_is_unreadable(changes: dict[str, Any]) -> None:
    body = json.dumps(_golden("match_requested.v1.json") | changes)
    with pytest.raises(UnreadableMessage, match=next(iter(changes))):
        MatchRequested.from_body(body)


@pytest.mark.parametrize("body", ["", "not json", "[]", "null", '"text"'])
def test_what_is_no_message_is_unreadable(body: str) -> None:
    with pytest.raises(UnreadableMessage):
        MatchRequested.from_body(body)


@pytest.mark.parametrize(
    "path",
    [
        ("candidates", 0, "score"),
        ("candidates", 0, "rank"),
        ("candidates", 0, "parts", 0, "points"),
    ],
)
def test_a_result_that_does_not_add_up_is_refused(path: tuple[str | int, ...]) -> None:
    golden: Any = _golden("match_result.v1.json")
    inner = golden
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] += 1
    with pytest.raises(ValueError, match=r"score|rank|points"):
        read(MatchResult, golden).check()

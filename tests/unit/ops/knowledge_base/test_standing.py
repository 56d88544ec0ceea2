"""Each candidate and each document stands in exactly one way to the other."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cufit_ops.knowledge_base.standing import GRACE, Held, IndexedAs, Standing, compare
from cufit_ops.knowledge_base.sync import work
from profile_indexer.ports import DocumentState

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=1)


def candidate(candidate_id: str = "m_a", **changes: Any) -> IndexedAs:
    fields: dict[str, Any] = {
        "version": 3,
        "index_version": 3,
        "index_state": "INDEXED",
        "index_reason": None,
        "updated_at": LONG_AGO,
    }
    return IndexedAs(candidate_id, **(fields | changes))


def standing(known: IndexedAs | None, held: Held | None) -> Standing:
    found = compare([known] if known else [], [held] if held else [], NOW)
    (only,) = found.standings.values()
    return only


INDEXED = Held("m_a", DocumentState.INDEXED)
WORKING = Held("m_a", DocumentState.WORKING)
BROKEN = Held("m_a", DocumentState.FAILED, "METADATA_UPDATE_FAILED")
DELETED = Held("m_a", DocumentState.ABSENT)


@pytest.mark.parametrize(
    ("known", "held", "expected"),
    [
        (candidate(), INDEXED, Standing.IN_STEP),
        (candidate(), WORKING, Standing.UNDER_WAY),
        (candidate(index_state="PENDING"), WORKING, Standing.UNDER_WAY),
        (candidate(index_state="PENDING"), INDEXED, Standing.UNDER_WAY),
        (candidate(), None, Standing.MISSING),
        (candidate(), DELETED, Standing.MISSING),
        (candidate(index_version=0, index_state="PENDING"), None, Standing.MISSING),
        (candidate(index_version=2), INDEXED, Standing.STALE),
        (candidate(index_version=2, index_state="FAILED"), INDEXED, Standing.STALE),
        (candidate(), BROKEN, Standing.FAILED),
        (candidate(index_state="FAILED"), INDEXED, Standing.FAILED),
        (candidate(index_state="FAILED"), None, Standing.FAILED),
        (None, INDEXED, Standing.ORPHAN),
        (None, BROKEN, Standing.ORPHAN),
    ],
)
def test_how_one_stands(known: IndexedAs | None, held: Held | None, expected: Standing) -> None:
    assert standing(known, held) is expected


@pytest.mark.parametrize("held", [INDEXED, None])
def test_a_profile_just_saved_is_on_its_way_and_soon_it_is_not(held: Held | None) -> None:
    saved = candidate(index_version=2, index_state="PENDING", updated_at=NOW - GRACE)
    on_its_way = candidate(
        index_version=2, index_state="PENDING", updated_at=NOW - GRACE + timedelta(seconds=1)
    )
    assert standing(saved, held).is_drift
    assert standing(on_its_way, held) is Standing.UNDER_WAY


def test_a_document_being_deleted_without_a_candidate_is_no_orphan() -> None:
    assert compare([], [DELETED], NOW).standings == {}


def test_counts_drift_and_reasons() -> None:
    found = compare(
        [
            candidate("m_a"),
            candidate("m_b", index_state="FAILED", index_reason="ValidationException"),
            candidate("m_c", index_version=1),
            candidate("m_d"),
        ],
        [INDEXED, Held("m_c", DocumentState.INDEXED), Held("m_x", DocumentState.INDEXED)],
        NOW,
    )
    assert found.candidates_by_state == {"INDEXED": 3, "FAILED": 1}
    assert found.documents_by_state == {"INDEXED": 3}
    assert found.drift == ["m_b", "m_c", "m_d", "m_x"]
    assert found.reasons == {"m_b": "ValidationException"}
    assert found.having(Standing.ORPHAN) == ["m_x"]


def test_a_failed_document_says_why_when_the_table_does_not() -> None:
    assert compare([candidate()], [BROKEN], NOW).reasons == {"m_a": "METADATA_UPDATE_FAILED"}
    silent = compare([candidate(index_state="FAILED")], [], NOW)
    assert silent.reasons == {"m_a": "no reason given"}


def test_work_is_what_differs_or_everything() -> None:
    known = [candidate(f"m_{name}") for name in "abc"] + [candidate("m_stale", index_version=1)]
    held = [Held(f"m_{name}", DocumentState.INDEXED) for name in ("a", "b", "stale", "orphan")]
    found = compare(known, held, NOW)
    differing = work(found, rebuild=False)
    assert differing.follow == ["m_c", "m_orphan", "m_stale"]
    assert differing.reopen == ["m_c"]  # the table believes it is indexed
    everything = work(found, rebuild=True)
    assert everything.follow == ["m_a", "m_b", "m_c", "m_orphan", "m_stale"]
    assert everything.reopen == ["m_a", "m_b", "m_c", "m_stale"]

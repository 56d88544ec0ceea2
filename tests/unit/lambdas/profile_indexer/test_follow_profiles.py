"""The index follows the table, whatever order, number and luck the messages have."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from cufit_contracts.vocabulary import IndexState
from profile_indexer.document import Document
from profile_indexer.dynamodb_indexed_candidates import DynamodbIndexedCandidates
from profile_indexer.follow_profiles import (
    FollowProfiles,
    StillFound,
    StillIndexing,
    UnreadableProfile,
)
from profile_indexer.ports import DocumentRefused, DocumentState
from tests.integration.lambdas.items import candidate_item


class Candidates(DynamodbIndexedCandidates):
    """The table as it is, and what others do to it."""

    def __init__(self, dynamodb: Any) -> None:
        super().__init__(dynamodb, "candidates")

    def save(self, candidate_id: str, version: int, **changes: Any) -> None:
        self._table.put_item(Item=candidate_item(candidate_id, version=version, **changes))

    def comes_back(self, candidate_id: str = "m_a") -> None:
        """As somebody new, at the number of the version there was."""
        self.save(candidate_id, 3, joined_at="2026-11-20T00:00:00.000Z")

    def indexed(self, candidate_id: str) -> None:
        """As another delivery notes it."""
        item = self.get_many([candidate_id])[candidate_id]
        assert item is not None
        self.mark(item, IndexState.INDEXED)

    def leave(self, candidate_id: str) -> None:
        self._table.delete_item(Key={"candidate_id": candidate_id})

    def spoil(self, candidate_id: str) -> None:
        self._table.put_item(Item={"candidate_id": candidate_id})

    def state(self, candidate_id: str) -> tuple[Any, ...]:
        item = self._table.get_item(Key={"candidate_id": candidate_id})["Item"]
        return item["index_state"], item["index_version"], item.get("index_reason")


@dataclass
class FakeKnowledgeBase:
    documents: dict[str, int] = field(default_factory=dict)
    """Version by id."""
    refused: set[str] = field(default_factory=set)
    working: dict[str, int] = field(default_factory=dict)
    """How often a document is still being indexed when asked."""
    failing: dict[str, str] = field(default_factory=dict)
    lost_deletions: int = 0
    """So many of the next deletions are accepted and nothing comes of them."""
    deleting: dict[str, int] = field(default_factory=dict)
    """How often a document is DELETING when asked, after a deletion; 0: gone at once."""
    late: dict[str, int] = field(default_factory=dict)
    """What an earlier put brings back as soon as somebody sees its document gone or going."""
    removals: list[list[str]] = field(default_factory=list)
    puts: list[list[str]] = field(default_factory=list)
    meanwhile: list[Callable[[], None]] = field(default_factory=list)
    """Called once during the next put: what others do at that moment."""

    def put(self, documents: Sequence[Document]) -> None:
        ids = [document.candidate_id for document in documents]
        self.puts.append(ids)
        while self.meanwhile:
            self.meanwhile.pop()()
        if self.refused & set(ids):
            raise DocumentRefused("ValidationException")
        self.documents |= {one.candidate_id: one.version for one in documents}

    def remove(self, candidate_ids: Sequence[str]) -> None:
        self.removals.append(list(candidate_ids))
        if self.lost_deletions:
            self.lost_deletions -= 1
            return
        for one in candidate_ids:
            self.documents.pop(one, None)

    def states(self, candidate_ids: Sequence[str]) -> Mapping[str, tuple[DocumentState, str]]:
        return {one: self._state(one) for one in candidate_ids}

    def _state(self, candidate_id: str) -> tuple[DocumentState, str]:
        if candidate_id not in self.documents:
            if self.deleting.get(candidate_id, 0) > 0:
                self.deleting[candidate_id] -= 1
                return DocumentState.DELETING, ""
            if candidate_id in self.late and self.removals:
                self.documents[candidate_id] = self.late.pop(candidate_id)
                return DocumentState.WORKING, ""
            return DocumentState.ABSENT, ""
        if self.working.get(candidate_id, 0) > 0:
            self.working[candidate_id] -= 1
            return DocumentState.WORKING, ""
        if candidate_id in self.failing:
            return DocumentState.FAILED, self.failing[candidate_id]
        return DocumentState.INDEXED, ""


@dataclass
class World:
    candidates: Candidates
    knowledge_base: FakeKnowledgeBase
    slept: float = 0.0
    seconds: float = 25.0
    while_asleep: list[Callable[[], None]] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        while self.while_asleep:
            self.while_asleep.pop()()
        self.slept += seconds
        self.seconds -= seconds

    def follow(self, *candidate_ids: str) -> dict[str, Exception]:
        use_case = FollowProfiles(self.candidates, self.knowledge_base, self.sleep)
        return use_case(candidate_ids, lambda: self.seconds)


@pytest.fixture
def world(dynamodb: Any) -> World:
    candidates = Candidates(dynamodb)
    for candidate_id in ("m_a", "m_b"):
        candidates.save(candidate_id, 3)
    return World(candidates, FakeKnowledgeBase())


def test_changed_profiles_become_documents_in_one_call(world: World) -> None:
    assert world.follow("m_a", "m_b") == {}
    assert world.knowledge_base.puts == [["m_a", "m_b"]]
    assert world.candidates.state("m_a") == ("INDEXED", 3, None)
    assert world.slept == 0


def test_an_indexed_version_is_not_written_again(world: World) -> None:
    world.follow("m_a")
    assert world.follow("m_a") == {}
    assert len(world.knowledge_base.puts) == 1


def test_who_left_is_removed_also_twice(world: World) -> None:
    world.follow("m_a")
    world.candidates.leave("m_a")
    assert world.follow("m_a") == {}
    assert world.follow("m_a") == {}
    assert world.knowledge_base.documents == {}


def test_a_deletion_is_confirmed(world: World) -> None:
    world.follow("m_a")
    world.candidates.leave("m_a")
    world.knowledge_base.deleting = {"m_a": 4}
    assert world.follow("m_a") == {}
    assert world.slept == 4
    assert world.knowledge_base.removals == [["m_a"]], "DELETING is waited for"


def test_a_deletion_that_came_to_nothing_is_asked_for_again(world: World) -> None:
    world.follow("m_a")
    world.candidates.leave("m_a")
    world.knowledge_base.lost_deletions = 2
    assert world.follow("m_a") == {}
    assert world.knowledge_base.documents == {}
    assert len(world.knowledge_base.removals) == 3


def test_a_put_that_comes_after_the_deletion_is_deleted_too(world: World) -> None:
    world.candidates.leave("m_a")
    world.knowledge_base.late = {"m_a": 3}
    assert world.follow("m_a") == {}
    assert world.knowledge_base.documents == {}
    assert len(world.knowledge_base.removals) == 2


@pytest.mark.parametrize("deleting", [0, 1000], ids=["stays", "is being deleted for ever"])
def test_what_does_not_go_is_delivered_again(world: World, deleting: int) -> None:
    world.follow("m_a")
    world.candidates.leave("m_a")
    world.knowledge_base.deleting = {"m_a": deleting}
    world.knowledge_base.lost_deletions = 0 if deleting else 1000
    failures = world.follow("m_a", "m_b")
    assert {one: type(error) for one, error in failures.items()} == {"m_a": StillFound}
    assert world.candidates.state("m_b")[0] == "INDEXED", "others are not held up"
    assert world.seconds < 8


def test_who_leaves_while_indexing_ends_is_confirmed_gone(world: World) -> None:
    world.knowledge_base.working = {"m_a": 1}
    world.while_asleep = [lambda: world.candidates.leave("m_a")]
    world.knowledge_base.lost_deletions = 1
    assert world.follow("m_a") == {}
    assert world.knowledge_base.documents == {}


def test_who_joins_anew_while_being_deleted_is_written_again(world: World) -> None:
    world.follow("m_a")
    world.candidates.leave("m_a")
    world.knowledge_base.deleting = {"m_a": 1}

    def back_and_indexed() -> None:
        world.candidates.comes_back()
        world.candidates.indexed("m_a")

    world.while_asleep = [back_and_indexed]
    assert set(world.follow("m_a")) == {"m_a"}
    assert world.candidates.state("m_a") == ("PENDING", 0, None)
    assert world.follow("m_a") == {}
    assert world.knowledge_base.documents == {"m_a": 3}


def test_it_waits_until_the_document_is_searchable(world: World) -> None:
    world.knowledge_base.working = {"m_a": 3}
    assert world.follow("m_a") == {}
    assert world.slept == 3
    assert world.candidates.state("m_a")[0] == "INDEXED"


def test_slow_indexing_is_looked_at_again_without_writing_again(world: World) -> None:
    world.knowledge_base.working = {"m_a": 1000}
    failures = world.follow("m_a", "m_b")
    assert {one: type(error) for one, error in failures.items()} == {"m_a": StillIndexing}
    assert world.candidates.state("m_a") == ("PENDING", 3, None)
    assert world.candidates.state("m_b") == ("INDEXED", 3, None)
    assert world.seconds < 8
    world.knowledge_base.working, world.seconds = {}, 25
    assert world.follow("m_a") == {}
    assert world.candidates.state("m_a") == ("INDEXED", 3, None)
    assert len(world.knowledge_base.puts) == 1


def test_a_failed_document_is_told_on_the_item_until_it_is_indexed(world: World) -> None:
    world.knowledge_base.failing = {"m_a": "x" * 500}
    assert world.follow("m_a") == {}
    assert world.candidates.state("m_a") == ("FAILED", 3, "x" * 200)
    world.candidates.indexed("m_a")
    assert world.candidates.state("m_a") == ("INDEXED", 3, None)


def test_one_refused_document_keeps_no_other_out(world: World) -> None:
    world.knowledge_base.refused = {"m_a"}
    assert world.follow("m_a", "m_b") == {}
    assert world.candidates.state("m_a") == ("FAILED", 3, "ValidationException")
    assert world.candidates.state("m_b") == ("INDEXED", 3, None)


def test_a_newer_version_saved_meanwhile_wins(world: World) -> None:
    world.knowledge_base.meanwhile = [lambda: world.candidates.save("m_a", 4)]
    assert set(world.follow("m_a")) == {"m_a"}
    assert world.follow("m_a") == {}
    assert world.knowledge_base.documents["m_a"] == 4
    assert world.candidates.state("m_a") == ("INDEXED", 4, None)


def test_an_old_write_that_overtakes_a_new_one_is_repaired(world: World) -> None:
    """Two deliveries at once: the slow one writes version 3 after version 4 was indexed."""

    def other_delivery() -> None:
        world.candidates.save("m_a", 4)
        world.candidates.indexed("m_a")

    world.knowledge_base.meanwhile = [other_delivery]
    assert set(world.follow("m_a")) == {"m_a"}
    assert world.knowledge_base.documents["m_a"] == 3, "outdated for a moment"
    assert world.follow("m_a") == {}
    assert world.knowledge_base.documents["m_a"] == 4


def test_somebody_who_leaves_meanwhile_does_not_come_back(world: World) -> None:
    world.knowledge_base.meanwhile = [lambda: world.candidates.leave("m_a")]
    assert world.follow("m_a") == {}
    assert world.knowledge_base.documents == {}
    world.candidates.reopen("m_a")
    assert world.candidates.get_many(["m_a"]) == {}


def test_who_joined_anew_meanwhile_is_not_taken_for_indexed(world: World) -> None:
    """Versions begin again with a membership."""
    world.knowledge_base.meanwhile = [world.candidates.comes_back]
    assert set(world.follow("m_a")) == {"m_a"}
    assert world.candidates.state("m_a") == ("PENDING", 0, None)
    assert world.follow("m_a") == {}
    assert world.knowledge_base.puts == [["m_a"], ["m_a"]], "of the former membership, then theirs"


def test_how_a_former_profile_fared_is_not_noted_on_the_new_one(world: World) -> None:
    world.knowledge_base.working = {"m_a": 1}
    world.while_asleep = [world.candidates.comes_back]
    assert world.follow("m_a") == {}
    assert world.candidates.state("m_a") == ("PENDING", 0, None)
    world.knowledge_base.refused = {"m_b"}
    world.knowledge_base.meanwhile = [lambda: world.candidates.comes_back("m_b")]
    assert world.follow("m_b") == {}
    assert world.candidates.state("m_b") == ("PENDING", 0, None)


def test_a_document_that_vanished_is_written_again(world: World) -> None:
    world.knowledge_base.working = {"m_a": 1000}
    world.follow("m_a")
    world.knowledge_base.documents.clear()
    world.seconds = 25
    assert set(world.follow("m_a")) == {"m_a"}
    assert world.candidates.state("m_a") == ("PENDING", 0, None)
    world.knowledge_base.working = {}
    assert world.follow("m_a") == {}
    assert world.candidates.state("m_a") == ("INDEXED", 3, None)


def test_an_unreadable_profile_waits_for_repair_and_is_not_removed(world: World) -> None:
    world.follow("m_a")
    world.candidates.spoil("m_a")
    failures = world.follow("m_a", "m_b")
    assert {one: type(error) for one, error in failures.items()} == {"m_a": UnreadableProfile}
    assert set(world.knowledge_base.documents) == {"m_a", "m_b"}

"""The use case: after it, the knowledge base says of each candidate what the table says now.

A message only names who changed. What to do is decided by the table, so duplicates, late messages
and any order lead to the same index.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from cufit_contracts.items import IndexedItem
from cufit_contracts.vocabulary import IndexState
from profile_indexer.document import Document, document_of
from profile_indexer.ports import (
    DocumentRefused,
    DocumentState,
    IndexedCandidates,
    KnowledgeBase,
    Marking,
)

POLL_SECONDS = 1.0
RESERVE_SECONDS = 8.0
"""Left for the last writes when waiting for the index stops."""


class StillIndexing(RuntimeError):
    """Accepted but not searchable yet; the message is delivered again and looks again."""


class StillFound(RuntimeError):
    """Deleted, but not gone; the message is delivered again and deletes again."""


class UnreadableProfile(ValueError):
    """The item is out of shape: indexing waits until somebody repairs it."""


@dataclass(frozen=True, slots=True)
class FollowProfiles:
    candidates: IndexedCandidates
    knowledge_base: KnowledgeBase
    sleep: Callable[[float], None] = time.sleep

    def __call__(
        self, candidate_ids: Sequence[str], seconds_left: Callable[[], float]
    ) -> dict[str, Exception]:
        """Bring the documents of the candidates (each named once) up to date.

        Returns those for which the message must be delivered again, with the reason.
        """
        items = self.candidates.get_many(candidate_ids)
        gone = {one for one in candidate_ids if one not in items}
        self._delete(sorted(gone))
        failures: dict[str, Exception] = {}
        behind = []
        for candidate_id, item in items.items():
            if item is None:
                failures[candidate_id] = UnreadableProfile(candidate_id)
            elif not _is_indexed(item):
                behind.append(item)
        accepted = {item.candidate_id: item for item in behind if _is_accepted(item)}
        new = [item for item in behind if item.candidate_id not in accepted]
        for item in self._put(new, gone, failures):
            accepted[item.candidate_id] = item
        self._confirm(accepted, gone, failures, seconds_left)
        return failures

    def _delete(self, candidate_ids: Sequence[str]) -> None:
        """Also what is absent: a put may be under way. What is being deleted is left to it: whether
        a second deletion begins anew is not documented."""
        if not candidate_ids:
            return
        states = self.knowledge_base.states(candidate_ids)
        left = [one for one in candidate_ids if states[one][0] is not DocumentState.DELETING]
        if left:
            self.knowledge_base.remove(left)

    def _put(
        self, items: Sequence[IndexedItem], gone: set[str], failures: dict[str, Exception]
    ) -> list[IndexedItem]:
        """Items whose document was accepted and is now being indexed."""
        taken = []
        for item in self._taken([(item, document_of(item)) for item in items]):
            marking = self.candidates.mark(item, IndexState.PENDING)
            if marking is Marking.DONE:
                taken.append(item)
            else:
                self._lost_race(item.candidate_id, marking, gone, failures)
        return taken

    def _taken(self, pairs: list[tuple[IndexedItem, Document]]) -> list[IndexedItem]:
        """One refused document must not keep the others out: then each goes alone."""
        if not pairs:
            return []
        try:
            self.knowledge_base.put([document for _, document in pairs])
        except DocumentRefused as refusal:
            if len(pairs) == 1:
                item = pairs[0][0]
                self.candidates.mark(item, IndexState.FAILED, str(refusal))
                return []
            return [item for pair in pairs for item in self._taken([pair])]
        return [item for item, _ in pairs]

    def _lost_race(
        self, candidate_id: str, marking: Marking, gone: set[str], failures: dict[str, Exception]
    ) -> None:
        """The document just written may have replaced a newer one, or brought back someone gone."""
        if marking is Marking.GONE:
            self.knowledge_base.remove([candidate_id])
            gone.add(candidate_id)
        else:
            self.candidates.reopen(candidate_id)
            failures[candidate_id] = StillIndexing(f"{candidate_id}: changed while being indexed")

    def _confirm(
        self,
        accepted: dict[str, IndexedItem],
        gone: set[str],
        failures: dict[str, Exception],
        seconds_left: Callable[[], float],
    ) -> None:
        """Wait until the documents are searchable, or away, as long as there is time."""
        waiting = dict(accepted)
        while waiting or gone:
            states = self.knowledge_base.states([*waiting, *sorted(gone)])
            self._see_off(gone, states, failures)
            for candidate_id in list(waiting):
                state, reason = states[candidate_id]
                if state is not DocumentState.WORKING:
                    self._settle(waiting.pop(candidate_id), state, reason, gone, failures)
            if not (waiting or gone) or seconds_left() < RESERVE_SECONDS:
                break
            self.sleep(POLL_SECONDS)
        for candidate_id in waiting:
            failures[candidate_id] = StillIndexing(f"{candidate_id}: not searchable yet")
        for candidate_id in gone:
            failures[candidate_id] = StillFound(candidate_id)

    def _see_off(
        self,
        gone: set[str],
        states: Mapping[str, tuple[DocumentState, str]],
        failures: dict[str, Exception],
    ) -> None:
        """Who is absent leaves `gone`; whose deletion failed, or was undone by a put accepted
        before it, is deleted again."""
        if not gone:
            return
        absent = {one for one in gone if states[one][0] is DocumentState.ABSENT}
        back = sorted(one for one in gone - absent if states[one][0] is not DocumentState.DELETING)
        if back:
            self.knowledge_base.remove(back)
        # Last: the document that was deleted may be that of somebody who has joined anew.
        for candidate_id in self.candidates.get_many(gone):
            gone.remove(candidate_id)
            self.candidates.reopen(candidate_id)
            failures[candidate_id] = StillIndexing(f"{candidate_id}: joined anew")
        gone -= absent

    def _settle(
        self,
        item: IndexedItem,
        state: DocumentState,
        reason: str,
        gone: set[str],
        failures: dict[str, Exception],
    ) -> None:
        if state in (DocumentState.ABSENT, DocumentState.DELETING):
            self.candidates.reopen(item.candidate_id)
            failures[item.candidate_id] = StillIndexing(f"{item.candidate_id}: document is gone")
            return
        reached = IndexState.INDEXED if state is DocumentState.INDEXED else IndexState.FAILED
        marking = self.candidates.mark(item, reached, reason or None)
        if marking is Marking.GONE:
            self.knowledge_base.remove([item.candidate_id])
            gone.add(item.candidate_id)


def _is_indexed(item: IndexedItem) -> bool:
    return item.index_state == IndexState.INDEXED and item.index_version == item.version


def _is_accepted(item: IndexedItem) -> bool:
    """The knowledge base took this version; whether it is searchable is not known yet."""
    return item.index_state == IndexState.PENDING and item.index_version == item.version

"""Bring documents in step with the table, many at a time, as profile_indexer does one by one.

There is no list of work kept beside the table: what is done is marked on the items as the function
marks it, so that a run that was stopped goes on where it was, and two at once do no harm.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from cufit_ops.knowledge_base.standing import Comparison, Standing
from profile_indexer.bedrock_knowledge_base import MAX_DOCUMENTS
from profile_indexer.follow_profiles import FollowProfiles, UnreadableProfile
from profile_indexer.ports import IndexedCandidates, KnowledgeBase

STALLED_SECONDS = 300.0
"""Without a single document becoming searchable for so long, waiting ends; indexing goes on."""

ROUND_SECONDS = 1.0
"""Between two looks at what is still being indexed."""


@dataclass(frozen=True, slots=True)
class Pulse:
    """How far it is."""

    done: int
    """Searchable, deleted, or found impossible to index."""
    total: int
    seconds: float
    """Since the start."""

    @property
    def a_second(self) -> float:
        return self.done / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """At the pace so far; None before anything is done."""
        return (self.total - self.done) / self.a_second if self.done and self.seconds else None

    def __str__(self) -> str:
        left = self.seconds_left
        soon = "starting" if left is None else f"{left:,.0f} s left"
        return f"{self.done:,} of {self.total:,}, {self.a_second:.0f} a second, {soon}"


@dataclass(frozen=True, slots=True)
class Outcome:
    total: int
    seconds: float
    unreadable: Sequence[str]
    """Items out of shape; somebody has to repair them."""
    waiting: Sequence[str]
    """Accepted, but not searchable when waiting ended."""


@dataclass(frozen=True, slots=True)
class Work:
    reopen: Sequence[str]
    """Of which the table must forget that they are in step before they are written."""
    follow: Sequence[str]
    """To write, delete or wait for."""


def work(found: Comparison, *, rebuild: bool) -> Work:
    """What brings the index in step; with `rebuild` every document is written again."""
    if rebuild:
        candidates = found.having(*(one for one in Standing if one is not Standing.ORPHAN))
        return Work(candidates, sorted(found.standings))
    # The table may take these for indexed: it was not told when their document was lost.
    lost = found.having(Standing.MISSING, Standing.FAILED)
    return Work(lost, found.having(*(one for one in Standing if one is not Standing.IN_STEP)))


@dataclass
class Sync:
    candidates: IndexedCandidates
    knowledge_base: KnowledgeBase
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    _follow: FollowProfiles = field(init=False)

    def __post_init__(self) -> None:
        self._follow = FollowProfiles(self.candidates, self.knowledge_base, self.sleep)

    def __call__(self, work: Work, on_pulse: Callable[[Pulse], None]) -> Outcome:
        """Write what is behind, delete what has no candidate, wait until it is searchable."""
        started = self.clock()
        total = len(work.follow)
        unreadable: list[str] = []
        for candidate_id in work.reopen:
            # All before any is written: from then on an ordinary run finishes a rebuild.
            self.candidates.reopen(candidate_id)

        def followed(candidate_ids: Sequence[str]) -> list[str]:
            left: list[str] = []
            for behind, batch in _batches(candidate_ids):
                left += self._round(batch, unreadable)
                on_pulse(Pulse(total - len(left) - behind, total, self.clock() - started))
            return left

        waiting = followed(work.follow)
        progressed = self.clock()
        while waiting and self.clock() - progressed < STALLED_SECONDS:
            self.sleep(ROUND_SECONDS)
            left = followed(waiting)
            if len(left) < len(waiting):
                progressed = self.clock()
            waiting = left
        return Outcome(total, self.clock() - started, unreadable, waiting)

    def _round(self, batch: Sequence[str], unreadable: list[str]) -> list[str]:
        """Those of the batch to look at again."""
        failures = self._follow(batch, lambda: 0.0)  # the next round waits, for all at once
        unreadable += [one for one, why in failures.items() if isinstance(why, UnreadableProfile)]
        return [one for one, why in failures.items() if not isinstance(why, UnreadableProfile)]


def _batches(candidate_ids: Sequence[str]) -> Iterator[tuple[int, Sequence[str]]]:
    """Each batch of one call's size, with how many come after it."""
    for at in range(0, len(candidate_ids), MAX_DOCUMENTS):
        batch = candidate_ids[at : at + MAX_DOCUMENTS]
        yield len(candidate_ids) - at - len(batch), batch

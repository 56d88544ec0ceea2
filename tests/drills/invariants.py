"""What must hold whatever happened. `always` after every step, `at_rest` once nothing moves.

I1 … I10 are the invariants of the reliability page (docs/reliability.md).
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from cufit_contracts.items import CandidateItem, History, StepState
from cufit_contracts.photos import clean_keys
from cufit_contracts.results import DecidedBy, MatchResult
from cufit_contracts.stored import read
from cufit_contracts.vocabulary import RecommendationStatus
from match_worker.model.prompt import load_prompt
from match_worker.profile import Profile
from match_worker.scoring.fact_scores import FactScores
from profile_indexer.document import Document, document_of
from tests.drills.days import check_places
from tests.drills.forgetting import Departures, without
from tests.drills.functions import PHOTOS_PER_CANDIDATE
from tests.drills.picture import Plain, quotas, rows
from tests.drills.tallies import miscounted
from tests.drills.ties import check_roles, check_ties
from tests.drills.world import World
from tests.in_memory_aws.cloud import MATCH_REQUESTS

ANSWERS_PER_DELIVERY = 2
"""The question and one correction."""

_RUBRIC = load_prompt("v2").rubric


class Watch:
    """Holds a world to its invariants; remembers what must never change again."""

    def __init__(
        self,
        world: World,
        *,
        lost: bool = False,
        may_be_uncounted: Callable[[datetime], bool] = lambda _: False,
    ) -> None:
        """`lost`: there is work that only the reconciler will find. `may_be_uncounted`: of which
        time something may have lost its place of the day, because a disk lost it."""
        self._world = world
        self._lost = lost
        self._may_be_uncounted = may_be_uncounted
        self._ended: dict[str, tuple[int, Any]] = {}
        """By id: how often it had been asked for, and how it ended then."""
        self._taken: dict[str, Any] = {}
        self._of: dict[str, set[str]] = {}
        """Maker and seeker of what has ended, by id."""
        self._seen = {row["suggestion_id"] for row in rows(world, "matches") if "left_id" in row}
        """Matches."""
        self._departures = Departures(world)

    def always(self) -> None:
        self._departures.always()
        self._recommendations()
        self._invitations()
        self._matches()
        wrong = list(miscounted(rows(self._world, "candidates"), rows(self._world, "matches")))
        assert not wrong, wrong
        check_places(self._world, self._may_be_uncounted)
        self._photos()

    def at_rest(self) -> None:
        """After World.settle."""
        self.always()
        world = self._world
        assert not rows(world, "outbox"), "events are left unsent"
        for queue in world.cloud.sqs.queues.values():
            assert not queue.messages, f"{queue.name} is not empty"
        for row in rows(world, "recommendations"):
            assert row["status"] != RecommendationStatus.PENDING, f"{_id(row)} never ended"  # I1
        check_ties(world)
        self._index()
        self._files()
        self._departures.at_rest()

    def _recommendations(self) -> None:
        reachable = self._reachable()
        held = rows(self._world, "recommendations")
        left = self._departures.ever
        gone = self._ended.keys() - {_id(row) for row in held}
        gone = {one for one in gone if not self._of[one] & left}
        assert not gone, f"{gone} had ended and is gone"
        for row in held:
            states = [step["state"] for step in row["timeline"]]
            asked = 1 + states.count(StepState.UPGRADE_ASKED)
            ends = [state for state in states if state in _TERMINAL]
            sent = [json.dumps(step) for step in row["timeline"] if step["state"] == "SENT"]
            assert len(sent) == len(set(sent)), f"{_id(row)} tells the same twice"
            if row["status"] == RecommendationStatus.PENDING:
                assert row.get("open"), f"{_id(row)} is pending and not in the open index"
                assert len(ends) == asked - 1, f"{_id(row)} is pending after it had ended"
                assert self._lost or _id(row) in reachable, (
                    f"{_id(row)} is pending and nobody will work on it"
                )
                continue
            assert "open" not in row, f"{_id(row)} has ended and is in the open index"
            assert len(ends) == asked, f"{_id(row)} ended {len(ends)} times"  # I2
            end = (row["status"], row.get("result"), row.get("failure"), row["finished_at"])
            if self._ended.get(_id(row), (0, None))[0] < asked:
                self._ended[_id(row)] = asked, end
                self._of[_id(row)] = {row["maker_id"], row["candidate_id"]}
                _check_result(self._world, row)
            before = self._ended[_id(row)][1]
            same = [_but_for(left, one) for one in (before, end)]
            assert same[0] == same[1], f"{_id(row)} was changed after it had ended"

    def _reachable(self) -> set[str]:
        """Recommendations in the outbox, in the queue, in flight or in its dead letters (I4)."""
        queue = self._world.cloud.sqs.queues[MATCH_REQUESTS]
        letters = [*queue.messages, *queue.dead_letters]
        unsent = {row["correlation_id"] for row in rows(self._world, "outbox")}
        return unsent | {letter.correlation_id for letter in letters}

    def _invitations(self) -> None:
        members = {row["member_id"]: row for row in rows(self._world, "members")}
        used = [row for row in rows(self._world, "invitations") if "accepted_by" in row]
        for row in used:
            taken = (row["accepted_by"], row["accepted_at"])
            first = self._taken.setdefault(row["code"], taken)
            assert first == taken, f"{row['code']} was used twice"
        check_roles(members, used)

    def _matches(self) -> None:
        since = {row["candidate_id"]: row["joined_at"] for row in rows(self._world, "candidates")}
        for row in rows(self._world, "matches"):
            if "left_id" not in row:
                continue  # ruled out
            if row["suggestion_id"] not in self._seen and row["status"] == "SUGGESTED":
                for side in ("left", "right"):
                    joined_at = row[f"{side}_joined_at"]
                    now = since.get(row[f"{side}_id"], joined_at)
                    assert now == joined_at, f"{row['pair_id']} is made with who {side} was before"
            self._seen.add(row["suggestion_id"])
            both = {row["left_id"], row["right_id"]}
            accepted = row["accepted_by"]
            assert len(set(accepted)) == len(accepted), f"{row['pair_id']} answered twice"
            assert set(accepted) <= both
            wanted = {"SUGGESTED": 0, "ACCEPTED": 1, "MATCHED": 2}.get(row["status"])
            assert wanted in (None, len(accepted)), row

    def _photos(self) -> None:
        """Each of a membership has a place; what one before left is on its way out. All expire but
        those that are ready, and those whose files are just being deleted."""
        members = {row["member_id"]: row for row in rows(self._world, "members")}
        counted = {
            member_id: quota["places"]
            for member_id, quota in quotas(self._world, "photos").items()
            if member_id in members and quota["since"] == members[member_id]["joined_at"]
        }
        for row in rows(self._world, "photos"):
            stays = row["state"] == "READY" or row.get("reason") == "WITHDRAWN"
            assert stays != ("expires_at_epoch" in row), row
            owner_id = row["candidate_id"]
            owner = members.get(owner_id)
            if row["state"] in _LIVE and owner and row["created_at"] >= owner["joined_at"]:
                places = counted.get(owner_id, set())
                assert row["photo_id"] in places, f"{row['photo_id']} has no place in {places}"
        assert all(len(places) <= PHOTOS_PER_CANDIDATE for places in counted.values()), counted

    def _index(self) -> None:
        """Each candidate's document says what the table says, and nobody else has one."""
        documents = self._world.cloud.bedrock.searchable()
        candidates = {row["candidate_id"]: row for row in rows(self._world, "candidates")}
        for candidate_id, row in candidates.items():
            indexed = (row["index_state"], row.get("index_version"))
            assert indexed == ("INDEXED", row["version"]), f"{candidate_id}: {indexed}"
            held, wanted = documents[candidate_id], _document(row)
            assert held.text == wanted.text, f"{candidate_id}'s document is outdated"
            assert held.metadata == wanted.metadata, f"{candidate_id}'s metadata is outdated"
        strangers = documents.keys() - candidates.keys()
        assert not strangers, f"{strangers} left and are still found"

    def _files(self) -> None:
        """Of a photo that is shown there are all files, of any other none."""
        expected, tolerated = set(), set()
        for row in rows(self._world, "photos"):
            if row["state"] == "READY":
                expected |= {*clean_keys(row["photo_id"])}
            elif row.get("reason") == WITHDRAWN and "key" in row:
                tolerated |= {*clean_keys(row["photo_id"])}  # until deleted once more
        held = set(self._world.cloud.s3.objects) - tolerated
        assert held == expected, f"missing {expected - held}, left over {held - expected}"


_TERMINAL = {status.value for status in RecommendationStatus if status.is_terminal}
WITHDRAWN = "WITHDRAWN"
_LIVE = ("PENDING", "READY")


_documents: dict[str, Document] = {}


def _document(row: Plain) -> Document:
    text = json.dumps(row)
    if text not in _documents:
        _documents[text] = document_of(read(CandidateItem, row))
    return _documents[text]


def _but_for(people: set[str], end: tuple[Any, ...]) -> tuple[Any, ...]:
    status, result, *rest = end
    return status, without(people, result), *rest


def _id(row: Plain) -> str:
    return str(row["recommendation_id"])


def _check_result(world: World, row: Plain) -> None:
    """Right after it was stored: scores recomputed from the tables, hard rules hold (I7)."""
    if row["status"] == RecommendationStatus.FAILED:
        assert row["failure"]["code"], row
        return
    result = read(MatchResult, row["result"])
    result.check()
    people = {one["candidate_id"]: read(Profile, one) for one in rows(world, "candidates")}
    seeker = people.get(row["candidate_id"])
    if seeker is None:
        return  # left between the two
    finished = datetime.fromisoformat(row["finished_at"])
    facts = FactScores(_RUBRIC, seeker, finished)
    for ranked in result.candidates:
        profile = people.get(ranked.candidate_id)
        if profile is None:
            continue
        assert profile.gender is seeker.gender.other
        used = ranked.history or {}
        profile = replace(profile, history=History(**used))  # answers may have come since
        computed = [part for part in ranked.parts if part.decided_by is DecidedBy.CODE]
        assert computed == facts.parts(profile), f"{_id(row)}: {ranked.candidate_id}"
        assert ranked.score == sum(part.points for part in ranked.parts)

"""What every implementation of the stores must do; a use case relies on no more than this."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta

import pytest

from cufit_contracts.vocabulary import Gender, RecommendationStatus
from cufit_service.application.once import KEPT, Record, Recorded
from cufit_service.application.ports import Position, Window
from cufit_service.application.use_cases import Ports
from cufit_service.domain.candidate import Candidate
from cufit_service.domain.errors import ConcurrentChange
from cufit_service.domain.events import (
    MemberLeft,
    ProfileChange,
    ProfileChanged,
    RecommendationRequested,
)
from cufit_service.domain.invitation import Invitation, InvitationKind, accept, invite
from cufit_service.domain.match import Block, Match, Reply, suggest
from cufit_service.domain.member import Relation, Role
from cufit_service.domain.recommendation import (
    Failure,
    Origin,
    Ranking,
    Recommendation,
    Step,
    request,
)
from cufit_service.domain.recommendation_quota import RecommendationQuota
from tests.unit.service.world import (
    ADMIN,
    BASIC,
    MAKER,
    MORNING,
    OTHER_MAKER,
    candidate_of,
    member,
)

LATER = MORNING + timedelta(hours=1)
FAILED = Step(LATER, "reconciler", "FAILED", "FIRST")
SEEKER = candidate_of(MAKER.member_id, "m_seeker")


def _saved(candidate: Candidate) -> ProfileChanged:
    return ProfileChanged(
        candidate.candidate_id, ProfileChange.SAVED, candidate.version, candidate.updated_at
    )


async def _save_new(ports: Ports, candidate: Candidate) -> None:
    await ports.members.welcome(member(candidate.candidate_id, Role.CANDIDATE, MAKER.member_id))
    await ports.candidates.save(candidate, _saved(candidate))


def _invitation(code: str = "CODE1", inviter: str = "m_admin") -> Invitation:
    made = invite(ADMIN, InvitationKind.MAKER, Relation.FAMILY, code, MORNING)
    return replace(made, inviter_id=inviter)


async def _pending(ports: Ports, number: int = 1) -> Recommendation:
    pending = request(MAKER, SEEKER, f"rec_{number}", MORNING + timedelta(seconds=number))
    asked = RecommendationRequested(pending.recommendation_id, pending.created_at)
    await ports.recommendations.accept(pending, asked, await _one_more(ports))
    return pending


def _degraded(pending: Recommendation) -> Recommendation:
    origin = Origin("rules", "v1", "abc", None, without_model=True)
    ranking = Ranking(MORNING, origin, ())
    degraded = RecommendationStatus.DEGRADED
    return replace(pending, status=degraded, finished_at=MORNING, ranking=ranking)


async def _one_more(ports: Ports) -> RecommendationQuota:
    quota = await ports.recommendations.quota(MAKER.member_id, MORNING)
    return quota.after_one_more(100, MORNING)


async def _outcomes(*attempts: Awaitable[object]) -> list[type | None]:
    done = await asyncio.gather(*attempts, return_exceptions=True)
    return [type(outcome) if isinstance(outcome, Exception) else None for outcome in done]


class TestMembers:
    async def test_a_stranger_is_not_found(self, ports: Ports) -> None:
        assert await ports.members.find("m_nobody") is None

    async def test_welcome_stores_once(self, ports: Ports) -> None:
        assert await ports.members.welcome(BASIC) == BASIC
        late = replace(BASIC, joined_at=LATER, role=Role.MAKER)
        assert await ports.members.welcome(late) == BASIC
        assert await ports.members.find(BASIC.member_id) == BASIC

    async def test_one_who_left_is_gone_and_to_be_forgotten(self, ports: Ports) -> None:
        await ports.members.welcome(BASIC)
        left = MemberLeft(BASIC.member_id, LATER)
        for _ in range(2):
            await ports.members.remove(left)
            assert await ports.members.find(BASIC.member_id) is None
        assert await ports.outbox.waiting(LATER + timedelta(seconds=1), 10) == [left]


class TestInvitations:
    async def test_what_is_added_is_found(self, ports: Ports) -> None:
        await ports.invitations.add(_invitation())
        assert await ports.invitations.find("CODE1") == _invitation()
        assert await ports.invitations.find("CODE2") is None

    async def test_a_code_is_never_given_twice(self, ports: Ports) -> None:
        await ports.invitations.add(_invitation())
        with pytest.raises(ConcurrentChange):
            await ports.invitations.add(_invitation(inviter="m_other"))
        assert await ports.invitations.find("CODE1") == _invitation()

    async def test_acceptance_changes_both(self, ports: Ports) -> None:
        await ports.invitations.add(_invitation())
        used, joined = accept(_invitation(), BASIC, LATER)
        await ports.invitations.record_acceptance(used, joined)
        assert await ports.invitations.find("CODE1") == used
        assert await ports.members.find(BASIC.member_id) == joined

    async def test_a_used_code_changes_nobody(self, ports: Ports) -> None:
        await ports.invitations.add(_invitation())
        await ports.invitations.record_acceptance(*accept(_invitation(), BASIC, LATER))
        second = member("m_second", Role.BASIC)
        with pytest.raises(ConcurrentChange):
            await ports.invitations.record_acceptance(*accept(_invitation(), second, LATER))
        assert await ports.members.find("m_second") is None

    async def test_a_member_with_a_role_uses_no_code(self, ports: Ports) -> None:
        await ports.invitations.add(_invitation())
        await ports.members.welcome(replace(BASIC, role=Role.CANDIDATE))
        with pytest.raises(ConcurrentChange):
            await ports.invitations.record_acceptance(*accept(_invitation(), BASIC, LATER))
        assert await ports.invitations.find("CODE1") == _invitation()

    async def test_an_invitation_that_is_gone_is_not_accepted(self, ports: Ports) -> None:
        with pytest.raises(ConcurrentChange):
            await ports.invitations.record_acceptance(*accept(_invitation(), BASIC, LATER))
        assert await ports.members.find(BASIC.member_id) is None

    async def test_of_two_at_once_one_is_first(self, ports: Ports) -> None:
        await ports.invitations.add(_invitation())
        people = [member(f"m_{n}", Role.BASIC) for n in range(2)]
        outcomes = await _outcomes(
            *(
                ports.invitations.record_acceptance(*accept(_invitation(), person, LATER))
                for person in people
            )
        )
        assert outcomes.count(None) == 1
        assert any(outcome and issubclass(outcome, ConcurrentChange) for outcome in outcomes)

    async def test_only_an_open_one_is_removed(self, ports: Ports) -> None:
        await ports.invitations.add(_invitation())
        await ports.invitations.add(_invitation("CODE2"))
        used, joined = accept(_invitation(), BASIC, LATER)
        await ports.invitations.record_acceptance(used, joined)
        for code in ("CODE1", "CODE2", "CODE3"):
            await ports.invitations.remove_open(code)
        assert await ports.invitations.find("CODE1") == used
        assert await ports.invitations.find("CODE2") is None

    async def test_the_list_is_the_inviters_own(self, ports: Ports) -> None:
        for number in range(3):
            made = replace(
                _invitation(f"CODE{number}"), created_at=MORNING + timedelta(seconds=number)
            )
            await ports.invitations.add(made)
        await ports.invitations.add(_invitation("OTHER", inviter="m_other"))
        page = await ports.invitations.of_inviter("m_admin", Window(10))
        assert [item.code for item in page.items] == ["CODE2", "CODE1", "CODE0"]


class TestCandidates:
    async def test_what_is_saved_is_found_whole(self, ports: Ports) -> None:
        await _save_new(ports, SEEKER)
        assert await ports.candidates.find("m_seeker") == SEEKER
        assert await ports.candidates.find("m_nobody") is None

    async def test_only_a_member_invited_as_candidate_becomes_one(self, ports: Ports) -> None:
        with pytest.raises(ConcurrentChange):
            await ports.candidates.save(SEEKER, _saved(SEEKER))
        await ports.members.welcome(member("m_seeker", Role.BASIC))
        with pytest.raises(ConcurrentChange):
            await ports.candidates.save(SEEKER, _saved(SEEKER))
        assert await ports.candidates.find("m_seeker") is None

    async def test_only_the_version_stored_is_removed(self, ports: Ports) -> None:
        await _save_new(ports, SEEKER)
        gone = ProfileChanged("m_seeker", ProfileChange.LEFT, 2, LATER)
        with pytest.raises(ConcurrentChange):
            await ports.candidates.remove(replace(SEEKER, version=2), gone)
        assert await ports.candidates.find("m_seeker") == SEEKER
        await ports.candidates.remove(SEEKER, gone)
        assert await ports.candidates.find("m_seeker") is None
        with pytest.raises(ConcurrentChange):
            await ports.candidates.remove(SEEKER, gone)
        waiting = await ports.outbox.waiting(LATER + timedelta(days=1), 10)
        assert gone in waiting

    async def test_optional_parts_may_come_and_go(self, ports: Ports) -> None:
        await _save_new(ports, SEEKER)
        ideal = replace(SEEKER.profile.ideal_type, height_range=None, mbti=(), free_text="")
        bare = replace(SEEKER.profile, hobbies=(), self_introduction="", ideal_type=ideal)
        after = SEEKER.saved(bare, LATER)
        await ports.candidates.save(after, _saved(after))
        assert await ports.candidates.find("m_seeker") == after

    async def test_only_the_next_version_is_saved(self, ports: Ports) -> None:
        second = SEEKER.resting(True, LATER)
        with pytest.raises(ConcurrentChange):
            await ports.candidates.save(second, _saved(second))
        await _save_new(ports, SEEKER)
        with pytest.raises(ConcurrentChange):
            await _save_new(ports, SEEKER)
        await ports.candidates.save(second, _saved(second))
        with pytest.raises(ConcurrentChange):
            await ports.candidates.save(second, _saved(second))

    async def test_a_refused_save_tells_nobody(self, ports: Ports) -> None:
        second = SEEKER.resting(True, LATER)
        with pytest.raises(ConcurrentChange):
            await ports.candidates.save(second, _saved(second))
        assert await ports.outbox.waiting(LATER + timedelta(days=1), 10) == []

    async def test_a_save_leaves_its_event_in_the_outbox(self, ports: Ports) -> None:
        await _save_new(ports, SEEKER)
        assert await ports.outbox.waiting(LATER, 10) == [_saved(SEEKER)]

    async def test_several_are_found_at_once(self, ports: Ports) -> None:
        many = [candidate_of(MAKER.member_id, f"m_{n}") for n in range(3)]
        for candidate in many:
            await _save_new(ports, candidate)
        found = await ports.candidates.cards(["m_0", "m_2", "m_nobody"], LATER)
        assert found == {"m_0": many[0].card(LATER), "m_2": many[2].card(LATER)}
        assert await ports.candidates.cards([], LATER) == {}

    async def test_more_than_one_batch_is_found(
        self, ports: Ports, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("cufit_service.adapters.dynamodb.database.BATCH_GET_KEYS", 2)
        many = [candidate_of(MAKER.member_id, f"m_{n}") for n in range(5)]
        for candidate in many:
            await _save_new(ports, candidate)
        ids = [candidate.candidate_id for candidate in many]
        found = await ports.candidates.cards(ids, LATER)
        assert len(found) == 5

    async def test_a_makers_list_holds_their_own(self, ports: Ports) -> None:
        mine = candidate_of(MAKER.member_id, "m_mine")
        other = candidate_of(OTHER_MAKER.member_id, "m_other")
        for candidate in (mine, other):
            await _save_new(ports, candidate)
        page = await ports.candidates.of_maker(MAKER.member_id, Window(10))
        assert (list(page.items), page.end) == ([mine], None)


class TestRecommendations:
    async def test_what_is_accepted_is_found(self, ports: Ports) -> None:
        pending = await _pending(ports)
        assert await ports.recommendations.find("rec_1") == pending
        assert await ports.recommendations.find("rec_2") is None

    async def test_accepting_leaves_its_event_in_the_outbox(self, ports: Ports) -> None:
        pending = await _pending(ports)
        event = RecommendationRequested("rec_1", pending.created_at)
        assert await ports.outbox.waiting(LATER, 10) == [event]

    async def test_an_id_is_accepted_once(self, ports: Ports) -> None:
        first = await _pending(ports)
        again = replace(first, maker_id=OTHER_MAKER.member_id)
        asked = RecommendationRequested("rec_1", LATER)
        with pytest.raises(ConcurrentChange):
            await ports.recommendations.accept(again, asked, await _one_more(ports))
        assert await ports.recommendations.find("rec_1") == first
        assert (await ports.recommendations.quota(MAKER.member_id, LATER)).used == 1

    async def test_a_quota_is_used_once(self, ports: Ports) -> None:
        first = await ports.recommendations.quota(MAKER.member_id, MORNING)
        assert (first.used, first.version) == (0, 0)
        stale = await _one_more(ports)
        await _pending(ports, 1)
        await _pending(ports, 2)
        pending = request(MAKER, SEEKER, "rec_9", LATER)
        asked = RecommendationRequested("rec_9", LATER)
        with pytest.raises(ConcurrentChange):
            await ports.recommendations.accept(pending, asked, stale)
        assert await ports.recommendations.find("rec_9") is None
        assert (await ports.recommendations.quota(MAKER.member_id, LATER)).used == 2
        assert (await ports.recommendations.quota(OTHER_MAKER.member_id, LATER)).used == 0

    async def test_only_a_degraded_one_is_upgraded(self, ports: Ports) -> None:
        pending = await _pending(ports)
        again = replace(_degraded(pending).upgraded(LATER), timeline=pending.timeline)
        asked = RecommendationRequested("rec_1", LATER)
        for _ in range(2):
            with pytest.raises(ConcurrentChange):
                await ports.recommendations.upgrade(again, asked, await _one_more(ports))
            await ports.recommendations.fail("rec_1", Failure("FIRST", "why"), FAILED)
        assert (await ports.recommendations.quota(MAKER.member_id, LATER)).used == 1

    async def test_steps_are_added_in_order(self, ports: Ports) -> None:
        pending = await _pending(ports)
        steps = [Step(LATER, "outbox", "SENT"), Step(LATER, "worker", "STARTED", "try 1")]
        for step in steps:
            await ports.recommendations.note("rec_1", step)
        found = await ports.recommendations.find("rec_1")
        assert found == replace(pending, timeline=(*pending.timeline, *steps))

    async def test_a_step_of_one_that_is_gone_makes_nothing(self, ports: Ports) -> None:
        await ports.recommendations.note("rec_gone", Step(LATER, "outbox", "SENT"))
        assert await ports.recommendations.find("rec_gone") is None

    async def test_pages_are_whole_and_end(self, ports: Ports) -> None:
        for number in range(1, 6):
            await _pending(ports, number)
        seen: list[str] = []
        after: Position | None = None
        for expected in (2, 2, 1):
            page = await ports.recommendations.of_maker(MAKER.member_id, Window(2, after))
            assert len(page.items) == expected
            seen += [item.recommendation_id for item in page.items]
            after = page.end
        assert seen == [f"rec_{number}" for number in (5, 4, 3, 2, 1)]
        assert after is None

    async def test_a_full_last_page_is_the_last(self, ports: Ports) -> None:
        for number in range(1, 3):
            await _pending(ports, number)
        page = await ports.recommendations.of_maker(MAKER.member_id, Window(2))
        assert (len(page.items), page.end) == (2, None)

    async def test_anothers_position_leads_into_ones_own_list(self, ports: Ports) -> None:
        await _pending(ports)
        anywhere = Position("2026-11-23T00:00:00.000Z", "rec_of_somebody_else")
        page = await ports.recommendations.of_maker(MAKER.member_id, Window(2, anywhere))
        assert [item.recommendation_id for item in page.items] == ["rec_1"]

    async def test_only_a_pending_one_fails(self, ports: Ports) -> None:
        pending = await _pending(ports)
        fail = ports.recommendations.fail
        assert await fail("rec_1", Failure("FIRST", "why"), FAILED)
        assert not await fail("rec_1", Failure("SECOND", "why"), FAILED)
        assert not await fail("rec_gone", Failure("FIRST", "why"), FAILED)
        expected = replace(
            pending,
            status=RecommendationStatus.FAILED,
            failure=Failure("FIRST", "why"),
            finished_at=LATER,
            timeline=(*pending.timeline, FAILED),
        )
        assert await ports.recommendations.find("rec_1") == expected
        assert await ports.recommendations.pending(before=LATER) == []
        assert await ports.recommendations.find("rec_gone") is None

    async def test_pending_ones_are_found_oldest_first_and_removed(self, ports: Ports) -> None:
        first, second, _ = [await _pending(ports, number) for number in (1, 2, 3)]
        found = await ports.recommendations.pending(before=second.created_at)
        assert found == [first, second]
        await ports.recommendations.remove_pending("rec_1")
        await ports.recommendations.remove_pending("rec_1")
        assert await ports.recommendations.find("rec_1") is None
        assert await ports.recommendations.pending(before=second.created_at) == [second]


class TestOutbox:
    async def test_only_older_events_wait(self, ports: Ports) -> None:
        pending = await _pending(ports)
        assert await ports.outbox.waiting(pending.created_at, 10) == []

    async def test_no_more_than_asked_for(self, ports: Ports) -> None:
        for number in range(1, 4):
            await _pending(ports, number)
        assert len(await ports.outbox.waiting(LATER, 2)) == 2

    async def test_what_is_kept_waits(self, ports: Ports) -> None:
        event = RecommendationRequested("rec_1", MORNING)
        await ports.outbox.keep(event)
        await ports.outbox.keep(event)
        assert await ports.outbox.waiting(LATER, 10) == [event]

    async def test_removing_twice_is_removing_once(self, ports: Ports) -> None:
        pending = await _pending(ports)
        event = RecommendationRequested("rec_1", pending.created_at)
        await ports.outbox.remove(event)
        await ports.outbox.remove(event)
        assert await ports.outbox.waiting(LATER, 10) == []


HER = candidate_of(MAKER.member_id, "m_her")
HIM = candidate_of(OTHER_MAKER.member_id, "m_him", profile=replace(HER.profile, gender=Gender.MALE))


async def _couple(ports: Ports) -> Match:
    for candidate in (HER, HIM):
        await _save_new(ports, candidate)
    return suggest(HER, HIM, "sug_1", MORNING)


class TestMatches:
    async def test_what_is_added_is_found_with_its_quota(self, ports: Ports) -> None:
        match = await _couple(ports)
        unused = await ports.matches.quota("m_her", MORNING)
        assert (unused.used, unused.version) == (0, 0)
        used = unused.after_one_more(MORNING)
        await ports.matches.add(match, used)
        assert await ports.matches.find("m_her+m_him") == match
        assert await ports.matches.quota("m_her", MORNING) == used
        assert await ports.matches.find("m_a+m_b") is None

    async def test_a_pair_is_added_once(self, ports: Ports) -> None:
        match = await _couple(ports)
        quota = (await ports.matches.quota("m_her", MORNING)).after_one_more(MORNING)
        await ports.matches.add(match, quota)
        with pytest.raises(ConcurrentChange):
            await ports.matches.add(match, quota.after_one_more(MORNING))
        assert (await ports.matches.quota("m_her", MORNING)).used == 1

    async def test_a_quota_is_used_once(self, ports: Ports) -> None:
        match = await _couple(ports)
        third = candidate_of(OTHER_MAKER.member_id, "m_third", profile=HIM.profile)
        await _save_new(ports, third)
        quota = (await ports.matches.quota("m_her", MORNING)).after_one_more(MORNING)
        await ports.matches.add(match, quota)
        with pytest.raises(ConcurrentChange):
            await ports.matches.add(suggest(HER, third, "sug_2", MORNING), quota)
        assert await ports.matches.find("m_her+m_third") is None

    async def test_nobody_who_rests_or_has_left_is_added(self, ports: Ports) -> None:
        match = await _couple(ports)
        quota = (await ports.matches.quota("m_her", MORNING)).after_one_more(MORNING)
        paused = HIM.resting(True, LATER)
        await ports.candidates.save(paused, _saved(paused))
        with pytest.raises(ConcurrentChange):
            await ports.matches.add(match, quota)
        left = candidate_of(OTHER_MAKER.member_id, "m_left", profile=HIM.profile)
        with pytest.raises(ConcurrentChange):
            await ports.matches.add(suggest(HER, left, "sug_2", MORNING), quota)
        assert (await ports.matches.quota("m_her", MORNING)).used == 0

    async def test_only_the_next_version_is_saved(self, ports: Ports) -> None:
        match = await _couple(ports)
        quota = (await ports.matches.quota("m_her", MORNING)).after_one_more(MORNING)
        await ports.matches.add(match, quota)
        accepted = match.answered("m_her", Reply.ACCEPT, LATER)
        rejected = match.answered("m_him", Reply.REJECT, LATER)
        await ports.matches.save(accepted)
        with pytest.raises(ConcurrentChange):
            await ports.matches.save(rejected)
        assert await ports.matches.find(match.match_id) == accepted

    async def test_lists_have_both_sides_newest_first(self, ports: Ports) -> None:
        await _couple(ports)
        others = [
            candidate_of(MAKER.member_id, f"m_w{number}", profile=HER.profile)
            for number in range(4)
        ]
        expected: list[Match] = []
        for number, other in enumerate(others):
            await _save_new(ports, other)
            pair = (other, HIM) if number % 2 else (HIM, other)
            at = MORNING + timedelta(seconds=number)
            match = suggest(*pair, f"sug_{number}", at)
            quota = await ports.matches.quota(pair[0].candidate_id, at)
            await ports.matches.add(match, quota.after_one_more(at))
            expected.insert(0, match)
        first = await ports.matches.of_candidate("m_him", Window(3))
        second = await ports.matches.of_candidate("m_him", Window(3, first.end))
        assert [*first.items, *second.items] == expected
        assert second.end is None

    async def test_a_block_is_found_and_taken_back_by_its_maker_alone(self, ports: Ports) -> None:
        blocked = Block("m_her+m_him", MAKER.member_id, MORNING)
        await ports.matches.block(blocked)
        assert await ports.matches.find("m_her+m_him") == blocked
        with pytest.raises(ConcurrentChange):
            await ports.matches.block(replace(blocked, maker_id="m_else"))
        await ports.matches.unblock("m_her+m_him", "m_else")
        assert await ports.matches.find("m_her+m_him") == blocked
        await ports.matches.unblock("m_her+m_him", MAKER.member_id)
        assert await ports.matches.find("m_her+m_him") is None

    async def test_unblocking_removes_no_match(self, ports: Ports) -> None:
        match = await _couple(ports)
        quota = (await ports.matches.quota("m_her", MORNING)).after_one_more(MORNING)
        await ports.matches.add(match, quota)
        await ports.matches.unblock(match.match_id, MAKER.member_id)
        assert await ports.matches.find(match.match_id) == match

    async def test_a_quota_is_no_match(self, ports: Ports) -> None:
        match = await _couple(ports)
        quota = (await ports.matches.quota("m_her", MORNING)).after_one_more(MORNING)
        await ports.matches.add(match, quota)
        assert await ports.matches.find("quota#m_her") is None


class TestRecords:
    record = Record("a", "body-1", "rec_1", LATER, LATER + KEPT)

    async def test_what_is_saved_is_found(self, ports: Ports) -> None:
        assert await ports.records.find("a") is None
        await ports.records.save(self.record)
        assert await ports.records.find("a") == self.record

    async def test_only_the_next_version_is_saved(self, ports: Ports) -> None:
        await ports.records.save(self.record)
        with pytest.raises(ConcurrentChange):
            await ports.records.save(replace(self.record, reserved_id="rec_2"))
        answer = Recorded(201, {"Location": "/v1/x"}, '{"이름": 1}')
        completed = replace(self.record, answer=answer, version=2)
        await ports.records.save(completed)
        with pytest.raises(ConcurrentChange):
            await ports.records.save(replace(completed, answer=Recorded(409, {}, "{}")))
        assert await ports.records.find("a") == completed

    async def test_removing_twice_is_removing_once(self, ports: Ports) -> None:
        await ports.records.save(self.record)
        await ports.records.remove("a")
        await ports.records.remove("a")
        assert await ports.records.find("a") is None

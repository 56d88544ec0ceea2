"""Who leaves and comes back is somebody new: old ties do not revive, on either side."""

from dataclasses import replace

import pytest

from cufit_contracts.results import MadeBy, MatchResult, RankedCandidate
from cufit_contracts.vocabulary import RecommendationStatus, timestamp
from cufit_service.application.pages import Window
from cufit_service.domain.candidate import Candidate
from cufit_service.domain.errors import (
    CandidateUnknown,
    MatchUnknown,
    PairBlocked,
    PairTaken,
    ProfileUnknown,
    RecommendationUnknown,
    Unavailable,
)
from cufit_service.domain.invitation import InvitationKind
from cufit_service.domain.match import Reply
from cufit_service.domain.member import Relation, Role
from cufit_service.domain.recommendation import Recommendation
from tests.unit.service.couples import HER, HIM, answer, couple, suggest
from tests.unit.service.returning import enters, matched, she_comes_back
from tests.unit.service.world import ADMIN, MAKER, OTHER_MAKER, PROFILE, World, member, settle


async def test_her_old_match_shows_that_she_left_whatever_her_number_is_now() -> None:
    world, match = await matched()
    await she_comes_back(world)
    read = world.use_cases.matches
    with pytest.raises(CandidateUnknown):
        await read.contact(HIM, match.match_id)
    (own,) = (await read.own(HIM, Window(10))).items
    for seen in (own, await read.one(HIM, match.match_id)):
        assert set(seen.cards) == {"m_him"}
    (listed,) = (await read.of_candidate(OTHER_MAKER, "m_him", Window(10))).items
    assert set(listed.cards) == {"m_him"}


async def test_she_sees_no_older_match_nor_does_her_new_maker_among_hers() -> None:
    world, match = await matched()
    back = await she_comes_back(world)
    read = world.use_cases.matches
    for use in (read.one, read.contact):
        with pytest.raises(MatchUnknown):
            await use(back, match.match_id)
    with pytest.raises(MatchUnknown):
        await answer(world, back, match)
    assert (await read.own(back, Window(10))).items == []
    assert (await read.of_candidate(OTHER_MAKER, "m_her", Window(10))).items == []


async def test_her_former_maker_sees_neither_her_new_profile_nor_her_old_match() -> None:
    world, match = await matched()
    await she_comes_back(world)
    with pytest.raises(MatchUnknown):
        await world.use_cases.matches.one(MAKER, match.match_id)
    with pytest.raises(CandidateUnknown):
        await world.use_cases.matches.of_candidate(MAKER, "m_her", Window(10))
    assert not isinstance(await world.use_cases.candidates.view(MAKER, "m_her"), Candidate)
    listed = await world.use_cases.candidates.of_maker(MAKER, Window(10))
    assert [one.candidate_id for one in listed.items] == ["m_stranger"]


async def test_a_page_is_full_although_old_matches_are_passed_over() -> None:
    men = [f"m_man{number}" for number in range(6)]
    world = couple(*men)
    world.knows(MAKER, OTHER_MAKER, HER)
    for him in men[:3]:
        await suggest(world, right=him)
        world.clock.advance(seconds=1)
    back = await she_comes_back(world, MAKER)
    for him in men[3:]:
        world.clock.advance(days=1)
        await suggest(world, right=him)
    first = await world.use_cases.matches.own(back, Window(2))
    rest = await world.use_cases.matches.own(back, Window(2, first.end))
    shown = [item.match.right.candidate_id for item in (*first.items, *rest.items)]
    assert (shown, len(first.items), rest.end) == (men[:2:-1], 2, None)


@pytest.mark.parametrize("reply", Reply)
async def test_a_pair_is_suggested_once_also_when_one_left_and_came_back(reply: Reply) -> None:
    world = couple()
    world.knows(MAKER, OTHER_MAKER, HER, HIM)
    await answer(world, HIM, await suggest(world), reply)
    await she_comes_back(world, MAKER)
    for left, right, maker in (("m_her", "m_him", MAKER), ("m_him", "m_her", OTHER_MAKER)):
        with pytest.raises(PairTaken):
            await suggest(world, left, right, maker)


async def test_a_block_outlives_a_membership_of_the_blocked() -> None:
    world = couple()
    world.knows(MAKER, OTHER_MAKER, HER, HIM)
    await world.use_cases.matches.block(OTHER_MAKER, "m_him", "m_her")
    await she_comes_back(world, MAKER)
    with pytest.raises(PairBlocked):
        await suggest(world)


async def test_her_profile_of_before_is_not_hers_before_it_is_forgotten() -> None:
    world, _ = await matched()
    left = replace(HER, joined_at=world.clock.now())
    world.clock.advance(seconds=10)
    back = replace(left, joined_at=world.clock.now())
    world.knows(back)
    with pytest.raises(ProfileUnknown):
        await world.use_cases.candidates.read_profile(back)
    saved = await world.use_cases.candidates.save_profile(back, PROFILE)
    assert (saved.version, saved.created_at) == (2, world.clock.now())


async def _recommended(world: World) -> None:
    """rec_1 of MAKER for m_her, which ranks m_him; rec_2 of OTHER_MAKER for m_him: m_her."""
    use = world.use_cases.recommendations
    for number, maker, seeker, found in (
        (1, MAKER, "m_her", "m_him"),
        (2, OTHER_MAKER, "m_him", "m_her"),
    ):
        asked = await use.ask(maker, seeker, f"rec_{number}")
        world.clock.advance(seconds=2)
        _ranked(world, asked, found)


def _ranked(world: World, asked: Recommendation, found: str) -> None:
    made_by = MadeBy("rules", "v1", "0" * 12, None)
    ranked = RankedCandidate(1, found, 0, (), "함께 걷기 좋은 사람")
    result = MatchResult(timestamp(world.clock.now()), made_by, (ranked,))
    world.worker_ends(replace(asked, status=RecommendationStatus.DEGRADED, result=result))


async def _unreachable(_: str) -> None:
    raise Unavailable


async def test_a_recommendation_that_names_her_does_not_show_who_she_is_now(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While it is not forgotten yet."""
    world, _ = await matched()
    await _recommended(world)
    use = world.use_cases.recommendations
    assert set((await use.one(MAKER, "rec_1")).cards) == {"m_her", "m_him"}
    assert set((await use.one(OTHER_MAKER, "rec_2")).cards) == {"m_her", "m_him"}
    monkeypatch.setattr(world.recommendations, "naming", _unreachable)
    await she_comes_back(world, MAKER)
    assert set((await use.one(MAKER, "rec_1")).cards) == {"m_him"}
    assert set((await use.one(OTHER_MAKER, "rec_2")).cards) == {"m_him"}
    (listed,) = (await use.newest(OTHER_MAKER, Window(10))).items
    assert set(listed.cards) == {"m_him"}
    with pytest.raises(CandidateUnknown):
        await use.upgrade(MAKER, "rec_1")


async def test_a_maker_who_comes_back_sees_nothing_of_before() -> None:
    world, match = await matched()
    await _recommended(world)
    use = world.use_cases
    code = world.ids.invitation_code()
    await use.invitations.invite(MAKER, InvitationKind.CANDIDATE, Relation.FRIEND, code)
    await use.invitations.accept(member("m_new", Role.BASIC), code)
    await use.members.leave(MAKER)
    world.clock.advance(seconds=10)
    back = await enters(world, MAKER.member_id, ADMIN, InvitationKind.MAKER)
    assert (await use.invitations.newest(back, Window(10))).items == []
    assert (await use.candidates.of_maker(back, Window(10))).items == []
    assert (await use.recommendations.newest(back, Window(10))).items == []
    with pytest.raises(RecommendationUnknown):
        await use.recommendations.one(back, "rec_1")
    with pytest.raises(MatchUnknown):
        await use.matches.one(back, match.match_id)
    with pytest.raises(CandidateUnknown):
        await use.matches.of_candidate(back, "m_her", Window(10))
    with pytest.raises(CandidateUnknown):
        await use.recommendations.ask(back, "m_her", "rec_3")


async def test_not_even_before_what_they_had_is_forgotten() -> None:
    world, match = await matched()
    await _recommended(world)
    back = replace(MAKER, joined_at=world.clock.now())
    world.knows(back)
    use = world.use_cases
    assert (await use.candidates.of_maker(back, Window(10))).items == []
    assert (await use.recommendations.newest(back, Window(10))).items == []
    assert not isinstance(await use.candidates.view(back, "m_her"), Candidate)
    with pytest.raises(MatchUnknown):
        await use.matches.one(back, match.match_id)
    with pytest.raises(CandidateUnknown):
        await use.matches.suggest(back, "m_her", "m_him", "sug_9")


async def test_an_answer_asked_for_before_she_came_back_keeps_who_she_is_now() -> None:
    world = couple()
    world.knows(MAKER, OTHER_MAKER, HER, HIM)
    use = world.use_cases.recommendations
    asked = [await use.ask(OTHER_MAKER, "m_him", f"rec_{number}") for number in range(2)]
    _ranked(world, asked[0], "m_her")
    await she_comes_back(world, MAKER)
    _ranked(world, asked[1], "m_her")
    await settle(world)
    assert set((await use.one(OTHER_MAKER, "rec_0")).cards) == {"m_him"}
    shown = await use.one(OTHER_MAKER, "rec_1")
    assert set(shown.cards) == {"m_her", "m_him"}
    assert shown.recommendation.result is not None
    assert [one.candidate_id for one in shown.recommendation.result.candidates] == ["m_her"]

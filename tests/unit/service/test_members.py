"""Who is calling."""

from cufit_contracts.identity import member_id_of
from cufit_service.application.ports import Identity
from cufit_service.domain.member import Member, Role
from tests.unit.service.leaving import peopled_world
from tests.unit.service.world import ADMIN_SUBJECT, MAKER, MORNING, World, member, settle

SOMEBODY = Identity("https://issuer.example", "somebody")
THE_ADMIN = Identity("https://issuer.example", ADMIN_SUBJECT)


async def test_a_stranger_is_basic_and_not_stored_until_they_sign_in() -> None:
    world = World()
    stranger = await world.use_cases.members.identify(SOMEBODY)
    assert stranger.role is Role.BASIC
    assert stranger.member_id == member_id_of(SOMEBODY.issuer, SOMEBODY.subject)
    assert stranger.member_id not in world.rows("members")
    await world.use_cases.members.sign_in(stranger)
    assert world.stored(world.members.find(stranger.member_id)) == stranger


async def test_signing_in_again_changes_nothing() -> None:
    world = World()
    first = await world.use_cases.members.sign_in(await world.use_cases.members.identify(SOMEBODY))
    world.clock.advance(days=1)
    again = await world.use_cases.members.sign_in(await world.use_cases.members.identify(SOMEBODY))
    assert again == first


async def test_the_same_subject_of_another_issuer_is_somebody_else() -> None:
    world = World()
    here = await world.use_cases.members.identify(SOMEBODY)
    there = await world.use_cases.members.identify(Identity("https://other.example", "somebody"))
    assert here.member_id != there.member_id


async def test_a_configured_subject_is_admin_and_stored_as_basic() -> None:
    world = World()
    admin = await world.use_cases.members.sign_in(await world.use_cases.members.identify(THE_ADMIN))
    assert admin.role is Role.ADMIN
    assert world.stored(world.members.find(admin.member_id)).role is Role.BASIC


async def test_the_stored_role_is_the_one_that_counts() -> None:
    world = World()
    member_id = member_id_of(SOMEBODY.issuer, SOMEBODY.subject)
    world.knows(member(member_id, Role.MAKER))
    assert (await world.use_cases.members.identify(SOMEBODY)).role is Role.MAKER


async def test_who_looks_at_themselves_while_they_leave_does_not_undo_it() -> None:
    """They were identified before; the membership ended before they were welcomed."""
    world = await peopled_world()
    await world.use_cases.members.leave(MAKER)
    world.clock.advance(seconds=1)
    begun = world.clock.now()
    seen = await world.use_cases.members.sign_in(MAKER)
    assert seen == Member(MAKER.member_id, Role.BASIC, begun)
    await settle(world)
    assert world.stored(world.members.find(MAKER.member_id)) == seen
    assert world.stored(world.candidates.find("m_her")).maker_id is None


async def test_an_admin_who_was_stored_once_is_stored_anew() -> None:
    world = World()
    admin = member("m_admin", Role.ADMIN)
    world.clock.advance(days=1)
    seen = await world.use_cases.members.sign_in(admin)
    assert seen == Member("m_admin", Role.ADMIN, world.clock.now())
    assert seen.joined_at != MORNING

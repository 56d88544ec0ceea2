"""Who gets an upload URL, and how many."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cufit_contracts.photos import QUOTA_KEPT, PhotoItem
from photo_upload_url.issue_upload_url import new_photo_id
from photo_upload_url.problems import Refused
from photo_upload_url.quota import Limits, Quota
from tests.unit.lambdas.photo_upload_url.uploads import JOINED, NOW, World


def test_a_candidate_gets_a_url_for_a_photo_that_waits_for_it(world: World) -> None:
    issued = world.issue()
    assert issued.signed.url == f"https://storage/{issued.photo_id}"
    assert issued.expires_at == "2026-11-22T15:04:00.000Z"
    assert world.pending == [issued.photo_id]
    week_later = int((NOW + QUOTA_KEPT).timestamp())
    places = frozenset({issued.photo_id})
    assert world.quota == Quota(places, "2026-11-22", 1, 1, JOINED, week_later)


@pytest.mark.parametrize("member_id", ["m_maker", "m_basic", "m_stranger"])
def test_only_candidates_do(world: World, member_id: str) -> None:
    assert world.refusal(member_id) == "role_not_allowed"
    assert world.pending == []


def test_no_more_photos_than_allowed(world: World) -> None:
    for _ in range(3):
        world.issue()
    assert world.refusal() == "photos_per_candidate_reached"


def test_one_who_left_and_came_back_begins_anew(world: World) -> None:
    """Also while what they left is not forgotten yet."""
    for _ in range(3):
        world.issue()
    world.an_hour_passes()
    world.joins("m_a", "2026-11-22T15:30:00.000Z")
    left = set(world.pending)
    issued = world.issue()
    assert set(world.pending) == {*left, issued.photo_id}
    quota = world.quota
    assert quota.places == {issued.photo_id}
    assert quota.since == "2026-11-22T15:30:00.000Z"
    assert (quota.day, quota.day_uploads, quota.revision) == ("2026-11-23", 1, 4)
    for _ in range(2):
        world.issue()
    assert world.refusal() == "photos_per_candidate_reached"


def test_no_photo_is_older_than_the_membership_it_is_of(world: World) -> None:
    def back_meanwhile(photo: PhotoItem, *_: object) -> bool:
        world.joins("m_a", "2026-11-22T15:30:00.000Z")
        return False

    world.photos.add = back_meanwhile  # type: ignore[method-assign, assignment]
    assert world.refusal() == "uploads_collide"
    assert world.pending == []


def test_nothing_is_written_of_a_membership_that_has_ended(world: World) -> None:
    issued = world.issue()
    world.joins("m_a", "2026-11-22T15:30:00.000Z")
    before = world.quota
    photo = world.row(issued.photo_id)
    after = before.taken("pho_late", NOW, world.limits)
    assert not world.photos.add(replace(photo, photo_id="pho_late"), before, after, [])
    assert world.pending == [issued.photo_id]


def test_a_photo_that_came_keeps_its_place(world: World) -> None:
    came, _, _ = [world.issue().photo_id for _ in range(3)]
    world.ready(came)
    world.an_hour_passes()
    latest = world.issue().photo_id
    assert world.pending == [latest]
    assert world.quota.places == {came, latest}
    before = world.quota
    after = replace(before, places=frozenset({latest}), revision=before.revision + 1)
    photo = replace(world.row(latest), photo_id="pho_new")
    assert not world.photos.add(photo, before, after, [came]), "it came while this was asked"
    assert world.quota == before


def test_no_more_uploads_a_day_than_allowed_and_the_day_is_koreas(world: World) -> None:
    world.limits = Limits(100, 2)
    world.issue()
    world.issue()
    assert world.refusal() == "uploads_per_day_reached"
    world.now += timedelta(minutes=1)
    world.issue()
    assert world.quota.day == "2026-11-23"
    assert world.quota.day_uploads == 1


def test_somebody_elses_write_in_between_is_not_lost(world: World) -> None:
    world.limits, world.photos.rivals = Limits(99, 99), 3
    world.issue()
    assert world.quota.places == {*world.pending}
    assert len(world.pending) == 4
    world.photos.rivals = 99
    assert world.refusal() == "uploads_collide"


def test_all_the_photos_one_may_have_can_be_begun_at_once(world: World) -> None:
    """The last of them sees every other come first."""
    world.limits, world.photos.rivals = Limits(6, 20), 5
    world.issue()
    assert len(world.quota.places) == len(world.pending) == 6


def test_photo_ids_are_long_random_and_plain() -> None:
    ids = {new_photo_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(re.fullmatch(r"pho_[a-z2-7]{26}", one) for one in ids)


@given(
    st.integers(0, 9),
    st.sampled_from(["", "2026-11-21", "2026-11-22"]),
    st.integers(0, 9),
)
def test_a_quota_never_exceeds_its_limits(live: int, day: str, used: int) -> None:
    limits = Limits(6, 5)
    places = frozenset(map(str, range(live)))
    try:
        after = Quota(places, day, used, 1).taken("pho_new", NOW, limits)
    except Refused:
        return
    assert len(after.places) <= 6
    assert after.day_uploads <= 5

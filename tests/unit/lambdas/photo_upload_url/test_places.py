"""A photo takes a place until it ended, in whatever way."""

import pytest

from tests.unit.lambdas.photo_upload_url.uploads import World


def test_uploads_that_never_came_give_their_place_back(world: World) -> None:
    for _ in range(3):
        world.issue()
    world.an_hour_passes()
    world.issue()
    assert world.quota.places == {*world.pending}
    assert len(world.pending) == 1


@pytest.mark.parametrize("swept", [True, False], ids=["deleted", "not deleted yet"])
def test_uploads_that_expired_give_their_place_back(world: World, swept: bool) -> None:
    """The day after, and when the row that counts has expired as well."""
    for days in (4, 8):
        issued = {world.issue().photo_id for _ in range(3)}
        assert world.refusal() == "photos_per_candidate_reached"
        world.days_pass(days, swept=swept)
        latest = world.issue().photo_id
        assert world.quota.places == {latest} == {*world.pending}
        assert latest not in issued
        world.days_pass(days, swept=swept)


def test_what_is_ready_is_counted_when_the_row_that_counts_has_expired(world: World) -> None:
    world.cloud.dynamodb.page_items = 1
    ready = [world.issue().photo_id for _ in range(3)]
    for photo_id in ready:
        world.ready(photo_id)
    for swept in (True, False):
        world.days_pass(8, swept=swept)
        assert world.refusal() == "photos_per_candidate_reached"
    world.gone(ready[0])
    world.issue()
    assert world.refusal() == "photos_per_candidate_reached"


@pytest.mark.parametrize("ended", ["rejected", "gone"])
def test_a_photo_that_was_rejected_or_deleted_takes_no_place(world: World, ended: str) -> None:
    """At once, though no index shows it yet."""
    world.cloud.dynamodb.lag = 1.0
    first, *others = [world.issue().photo_id for _ in range(3)]
    getattr(world, ended)(first)
    latest = world.issue().photo_id
    assert world.quota.places == {*others, latest}
    assert world.refusal() == "photos_per_candidate_reached"
    assert (ended == "rejected") == world.stands(first), "people read why"


def test_one_that_came_keeps_its_place_though_the_index_does_not_know(world: World) -> None:
    came, *_ = [world.issue().photo_id for _ in range(3)]
    world.an_hour_passes()
    world.cloud.dynamodb.lag = 1.0
    world.ready(came)
    latest = world.issue().photo_id
    assert world.quota.places == {came, latest}

"""Somebody who left is nowhere within 15 minutes, whatever becomes of the deletion; what never goes
is a dead letter by then. The clock is the drill's: queue, visibility and functions run by it."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.drills.enumeration import Stages
from tests.drills.people import MAKER_OF, member_id
from tests.drills.town import Town
from tests.drills.world import World
from tests.in_memory_aws.cloud import MATCH_REQUESTS, PROFILE_CHANGES
from tests.in_memory_aws.errors import AwsError

PROMISED_SECONDS = 15 * 60
ALARM_SECONDS = 120
"""A minute of the metric of dead letters, and one to evaluate it (stacks/components/alarms.py)."""
STEP = 5.0
GONE = "man-1"


def until_nowhere(world: World) -> float:
    """Seconds until neither the knowledge base nor the queue knows of them; at most the promised
    ones. The sweeper runs as well."""
    start = world.clock.seconds()
    while (passed := world.clock.seconds() - start) <= PROMISED_SECONDS:
        world.sweep()
        while world.deliver(PROFILE_CHANGES):
            pass
        if not found(world) and not world.cloud.sqs.queues[PROFILE_CHANGES].messages:
            return passed
        world.clock.advance(STEP)
    return passed


def found(world: World) -> bool:
    return member_id(GONE) in world.cloud.bedrock.searchable()


@pytest.fixture
def world_of_one_gone(stages: Stages, world: World) -> World:
    world.restore(stages.town_at_rest)
    assert found(world)
    Town(world).leave(GONE)
    return world


def broken(world: World, codes: list[tuple[str, int]]) -> None:
    """The next calls that delete are answered with these."""

    def ask(service: str, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        if operation == "DeleteKnowledgeBaseDocuments" and codes:
            code, status = codes.pop(0)
            raise AwsError(code, "no", status)
        return world.cloud.call(service, operation, request)

    world.boundary.ask = ask


@pytest.fixture(autouse=True)
def _mended(world: World) -> Any:
    documents = world.cloud.bedrock.documents
    yield
    world.boundary.ask = world.cloud.call
    documents.lost_deletions, documents.deleting_seconds = 0, 0.1


def test_three_deletions_fail_each_in_its_way(world_of_one_gone: World) -> None:
    world = world_of_one_gone
    broken(world, [("ThrottlingException", 429), ("InternalServerException", 500)])
    world.cloud.bedrock.documents.lost_deletions = 1
    assert until_nowhere(world) < PROMISED_SECONDS


@pytest.mark.parametrize("lost", [3, 30, 60])
def test_deletions_are_accepted_and_the_document_stays(world_of_one_gone: World, lost: int) -> None:
    world_of_one_gone.cloud.bedrock.documents.lost_deletions = lost
    assert until_nowhere(world_of_one_gone) < PROMISED_SECONDS


@pytest.mark.parametrize("seconds", [10, 60, 300])
def test_a_deletion_takes_its_time(world_of_one_gone: World, seconds: float) -> None:
    world_of_one_gone.cloud.bedrock.documents.deleting_seconds = seconds
    assert until_nowhere(world_of_one_gone) < PROMISED_SECONDS


def test_who_is_still_found_reaches_no_maker(stages: Stages, world: World) -> None:
    world.restore(stages.town_at_rest)
    town = Town(world)
    assert member_id(GONE) in shown(town), "as long as they are here"
    world.restore(stages.town_at_rest)
    world.cloud.bedrock.documents.lost_deletions = 1_000_000
    town.leave(GONE)
    assert member_id(GONE) not in shown(town)
    assert found(world)


def shown(town: Town) -> str:
    """All that is answered to a maker who asks."""
    asked = town.ask(MAKER_OF["woman-1"], "woman-1")
    world = town.world
    while world.deliver(MATCH_REQUESTS):
        pass
    target = f"/v1/recommendations/{asked.body['recommendationId']}"
    reply = town.send(MAKER_OF["woman-1"], "GET", target)
    assert reply.body["status"] == "READY"
    return json.dumps(reply.body)


def test_what_never_goes_is_a_dead_letter_in_time_for_its_alarm(world_of_one_gone: World) -> None:
    world = world_of_one_gone
    world.cloud.bedrock.documents.lost_deletions = 1_000_000
    left_at = world.clock.seconds()
    queue = world.cloud.sqs.queues[PROFILE_CHANGES]
    while not queue.dead_letters and world.clock.seconds() < left_at + PROMISED_SECONDS:
        world.deliver(PROFILE_CHANGES)
        world.clock.advance(STEP)
    assert queue.dead_letters
    assert world.clock.seconds() - left_at <= PROMISED_SECONDS - ALARM_SECONDS
    world.cloud.bedrock.documents.lost_deletions = 0
    world.redrive()
    until_nowhere(world)
    assert not found(world), "once it can be, it is done by moving the letter back"

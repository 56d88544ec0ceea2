"""What people and functions do in more than one race."""

from tests.drills.preparations import Act, Ids
from tests.drills.service import Reply
from tests.drills.town import Town
from tests.in_memory_aws.cloud import MATCH_REQUESTS, PROFILE_CHANGES
from tests.in_memory_aws.s3 import ObjectCreated


def work(town: Town, _: Ids) -> None:
    """match_worker gets what is in its queue, also what another worker holds."""
    town.world.deliver_a_copy(MATCH_REQUESTS)


def index(town: Town, _: Ids) -> None:
    town.world.deliver_a_copy(PROFILE_CHANGES)


def process(town: Town, ids: Ids) -> None:
    """The event, if it is still there, and else a copy of it."""
    event = ObjectCreated(f"incoming/{ids['photo']}")
    town.world.process_upload(event, taken=event in town.world.cloud.s3.events)


def accept(subject: str, code: str = "code") -> Act:
    return lambda town, ids: town.accept(subject, ids[code])


def save(subject: str, job: str) -> Act:
    return lambda town, _: town.save_profile(subject, job=job)


def pause(subject: str) -> Act:
    return lambda town, _: town.pause(subject, True)


def leave(subject: str) -> Act:
    return lambda town, _: town.leave(subject)


def suggest(maker: str, own: str, other: str) -> Act:
    return lambda town, _: town.suggest(maker, own, other)


def answer(subject: str, reply: str) -> Act:
    return lambda town, ids: town.answer(subject, ids["match"], reply)


def block(town: Town, _: Ids) -> Reply:
    return town.block("maker-1", "man-1", "woman-2")

"""Races (see races.py) of profile_indexer with those whose profiles it indexes."""

from tests.drills.acts import index, leave, pause, save
from tests.drills.gone import first_profile_waits
from tests.drills.preparations import Ids, unindexed
from tests.drills.race import Race
from tests.drills.service import Reply
from tests.drills.town import Town
from tests.in_memory_aws.cloud import PROFILE_CHANGES


def _index(town: Town, _: Ids) -> None:
    """Whoever indexes beside it does not see the message this one holds."""
    town.world.deliver(PROFILE_CHANGES)


def _save_and_index(town: Town, _: Ids) -> Reply:
    reply = town.save_profile("man-1", job="교사")
    town.world.deliver_all()
    return reply


def _leave_and_index(town: Town, _: Ids) -> Reply:
    reply = town.leave("man-1")
    town.world.deliver_all()
    return reply


def _return_and_index(town: Town, ids: Ids) -> Reply:
    """As somebody new, whose first version has the number of the one before."""
    town.leave("man-9")
    town.accept("man-9", ids["code"])
    reply = town.save_profile("man-9", job="교사")
    town.world.deliver_all()
    return reply


INDEX_RACES = (
    Race("two indexers", index, index, unindexed, fragile=True),
    Race("index and save", index, save("man-1", "교사"), unindexed),
    Race("index while saved and indexed", _index, _save_and_index, unindexed, fragile=True),
    Race("index while forgotten", _index, _leave_and_index, unindexed),
    Race("index while back and indexed", _index, _return_and_index, first_profile_waits),
    Race("index and pause", index, pause("man-1"), unindexed),
    Race("index and leave", index, leave("man-1"), unindexed),
)

"""Preparations (see preparations.py) in which somebody has left."""

from tests.drills.preparations import (
    Ids,
    blocked,
    entangled,
    newcomer,
    one_more_code,
    upload_url,
    uploaded_rubbish,
)
from tests.drills.town import Town


def upload_url_and_gone(town: Town) -> Ids:
    """The URL outlives the membership it was given in."""
    ids = upload_url(town)
    town.leave("man-1")
    town.world.settle()
    return ids


def blocked_by_departed(town: Town) -> Ids:
    """And by another."""
    blocked(town)
    town.block("maker-2", "woman-2", "man-1")
    town.leave("maker-1")
    town.world.settle()
    return {}


def unattached(town: Town) -> Ids:
    """man-1's maker has left, and another has invited him."""
    town.leave("maker-1")
    town.world.settle()
    return {"code": town.invite("maker-2").body["code"]}


def unattached_newcomer(town: Town) -> Ids:
    """Of man-9, who has not saved a profile yet."""
    town.member("man-9", "maker-1")
    return unattached(town)


def gone_but_not_forgotten(town: Town) -> Ids:
    """man-1 has left, the service died before it forgot him, and he has been invited again."""
    town.leave_unanswered(lambda: town.leave("man-1"))
    return {"code": town.invite("maker-2").body["code"]}


def gone_and_photos_are_left(town: Town) -> Ids:
    entangled(town)
    return gone_but_not_forgotten(town)


def gone_and_rubbish_came(town: Town) -> Ids:
    ids = uploaded_rubbish(town)
    return {**ids, **gone_but_not_forgotten(town)}


def back_and_not_forgotten(town: Town) -> Ids:
    """woman-2 has left and joined again; the service died before it forgot who she was."""
    town.leave_unanswered(lambda: town.leave("woman-2"))
    town.accept("woman-2", one_more_code(town)["code"])
    return {}


def first_profile_waits(town: Town) -> Ids:
    """man-9's first profile is in the queue for the indexer, and maker-2 has invited him too."""
    newcomer(town)
    town.save_profile("man-9")
    return one_more_code(town)


def two_codes_for_unattached(town: Town) -> Ids:
    return {**unattached_newcomer(town), "second": one_more_code(town)["code"]}

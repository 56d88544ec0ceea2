"""Races (see races.py) about who introduces whom, and who rules a pair out."""

from tests.drills.preparations import (
    Act,
    Ids,
    blocked,
    code_for_maker,
    newcomer,
    nothing,
    one_more_code,
    unattached,
    unattached_newcomer,
)
from tests.drills.races import Race
from tests.drills.service import ADMIN, Reply
from tests.drills.town import Town


def _accept(subject: str, code: str = "code") -> Act:
    return lambda town, ids: town.accept(subject, ids[code])


def _save(subject: str) -> Act:
    return lambda town, _: town.save_profile(subject, job="약사")


def _leave(subject: str) -> Act:
    return lambda town, _: town.leave(subject)


def _come_back(town: Town, ids: Ids) -> Reply:
    """woman-2 leaves and is at once a candidate again."""
    town.leave("woman-2")
    town.accept("woman-2", ids["code"])
    return town.save_profile("woman-2", job="교사")


def _suggest(town: Town, _: Ids) -> Reply:
    return town.suggest("maker-1", "man-1", "woman-2")


def _block(town: Town, _: Ids) -> Reply:
    return town.block("maker-1", "man-1", "woman-2")


def _block_too(town: Town, _: Ids) -> Reply:
    return town.block("maker-2", "woman-2", "man-1")


def _unblock(town: Town, _: Ids) -> Reply:
    return town.unblock("maker-1", "man-1", "woman-2")


def two_codes_for_unattached(town: Town) -> Ids:
    return {**unattached_newcomer(town), "second": one_more_code(town)["code"]}


LOOSE = ("told", "matches", "counted in matches")
"""Whoever comes back in three requests may be suggested in between."""

MAKER_RACES = (
    Race("maker and first profile", _accept("man-9"), _save("man-9"), unattached_newcomer),
    Race("maker and profile", _accept("man-1"), _save("man-1"), unattached),
    Race("maker and leave", _accept("man-1"), _leave("man-1"), unattached),
    Race("maker who leaves", _accept("man-1"), _leave("maker-2"), unattached),
    Race(
        "two codes, one unattached",
        _accept("man-9"),
        _accept("man-9", "second"),
        two_codes_for_unattached,
    ),
    Race("first profile and maker leaves", _save("man-9"), _leave("maker-1"), newcomer),
    Race("accept and admin leaves", _accept("man-9"), _leave(ADMIN), code_for_maker),
    Race("suggest and maker leaves", _suggest, _leave("maker-2"), nothing),
    Race("suggest and come back", _suggest, _come_back, one_more_code, LOOSE),
    Race("two blocks", _block, _block_too, nothing),
    Race("block and unblock", _block_too, _unblock, blocked),
)

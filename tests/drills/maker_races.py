"""Races (see races.py) about who introduces whom, and who rules a pair out."""

from tests.drills.acts import accept, block, leave, save
from tests.drills.flows import sweep
from tests.drills.gone import (
    back_and_not_forgotten,
    two_codes_for_unattached,
    unattached,
    unattached_newcomer,
)
from tests.drills.picture import COUNTED
from tests.drills.preparations import (
    Ids,
    blocked,
    code_for_maker,
    newcomer,
    nothing,
    one_more_code,
)
from tests.drills.race import Race
from tests.drills.service import ADMIN, Reply
from tests.drills.town import Town


def _come_back(town: Town, ids: Ids) -> Reply:
    """woman-2 leaves and is at once a candidate again."""
    town.leave("woman-2")
    town.accept("woman-2", ids["code"])
    return town.save_profile("woman-2", job="교사")


def _suggest(town: Town, _: Ids) -> Reply:
    return town.suggest("maker-1", "man-1", "woman-2")


def _block_too(town: Town, _: Ids) -> Reply:
    return town.block("maker-2", "woman-2", "man-1")


def _unblock(town: Town, _: Ids) -> Reply:
    return town.unblock("maker-1", "man-1", "woman-2")


def _ask(town: Town, _: Ids) -> Reply:
    return town.ask("maker-2", "woman-2")


LOOSE = ("told", "matches", COUNTED)
"""Whoever comes back in three requests may be suggested in between."""

MAKER_RACES = (
    Race("maker and first profile", accept("man-9"), save("man-9", "약사"), unattached_newcomer),
    Race("maker and profile", accept("man-1"), save("man-1", "약사"), unattached),
    Race("maker and leave", accept("man-1"), leave("man-1"), unattached),
    Race("maker who leaves", accept("man-1"), leave("maker-2"), unattached),
    Race(
        "two codes, one unattached",
        accept("man-9"),
        accept("man-9", "second"),
        two_codes_for_unattached,
    ),
    Race("first profile and maker leaves", save("man-9", "약사"), leave("maker-1"), newcomer),
    Race("accept and admin leaves", accept("man-9"), leave(ADMIN), code_for_maker),
    Race("suggest and maker leaves", _suggest, leave("maker-2"), nothing),
    Race("suggest and come back", _suggest, _come_back, one_more_code, LOOSE),
    Race("suggest whom one forgets", _suggest, sweep, back_and_not_forgotten),
    Race("ask for whom one forgets", _ask, sweep, back_and_not_forgotten),
    Race("two blocks", block, _block_too, nothing),
    Race("block and unblock", _block_too, _unblock, blocked),
)

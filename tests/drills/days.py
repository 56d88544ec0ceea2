"""What is counted in a day, of a membership. Part of what must hold whatever happened."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime

from cufit_contracts.items import StepState
from cufit_contracts.vocabulary import KST
from cufit_service.domain.quota import SUGGESTIONS
from tests.drills.picture import DAYS, Plain, quotas, rows
from tests.drills.world import World


def check_places(world: World, may_be_uncounted: Callable[[datetime], bool]) -> None:
    """Everything took a place of its day, and nobody has more than there are.

    Places of who left are forgotten: who is back counts anew.
    """
    since = {row["member_id"]: row["joined_at"] for row in rows(world, "members")}
    for row in rows(world, "recommendations"):
        if row["maker_joined_at"] != since.get(row["maker_id"]):
            continue
        for asked, at in _asked(row):
            counted = _counted(world, "recommendations", row["maker_id"], _day(at))
            excused = may_be_uncounted(datetime.fromisoformat(at))
            assert excused or asked in counted, f"{asked} is not counted"
    made: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in rows(world, "matches"):
        if "left_id" not in row:
            continue  # ruled out
        day = _day(row["created_at"])
        for side in ("left", "right"):
            if row[f"{side}_maker_id"] == row["left_maker_id"]:
                owner = row[f"{side}_id"], row[f"{side}_joined_at"], day
                made[owner] |= {row["suggestion_id"]}
    assert all(len(ids) <= SUGGESTIONS.a_day for ids in made.values()), made
    for (owner_id, joined_at, day), ids in made.items():
        if joined_at == since.get(owner_id):
            counted = _counted(world, SUGGESTIONS.kind, owner_id, day)
            assert ids <= counted, f"{owner_id}: one is not counted"


def lost_places(world: World) -> int:
    """Places of a day that nothing has taken which is there."""
    taken = {asked for row in rows(world, "recommendations") for asked, _ in _asked(row)}
    taken |= {row.get("suggestion_id", "") for row in rows(world, "matches")}
    return sum(len(set(row.get("ids", ())) - taken) for row in quotas(world, DAYS).values())


def _counted(world: World, kind: str, owner_id: str, day: str) -> set[str]:
    """What takes a place of that day, if only for a request that was never answered."""
    return set(quotas(world, DAYS).get(f"{kind}#{owner_id}#{day}", {}).get("ids", ()))


def _asked(row: Plain) -> Iterator[tuple[str, str]]:
    """What of a maker's day it takes, and when: the request and each upgrade."""
    one = row["recommendation_id"]
    yield one, row["created_at"]
    upgrades = [step["at"] for step in row["timeline"] if step["state"] == StepState.UPGRADE_ASKED]
    yield from ((f"{one}+{number}", at) for number, at in enumerate(upgrades, 1))


def _day(at: str) -> str:
    return datetime.fromisoformat(at).astimezone(KST).date().isoformat()

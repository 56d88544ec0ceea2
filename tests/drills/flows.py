"""Everything somebody can set in motion. A new flow is one entry of FLOWS; every drill takes it up.

A flow begins in a town at rest (Town.build). `prepare` brings about what it needs and remembers
ids; `act` is the one thing that faults and rivals are let loose on.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.drills.gone import (
    blocked_by_departed,
    unattached,
    unattached_newcomer,
    upload_url_and_gone,
)
from tests.drills.preparations import (
    Act,
    Ids,
    answered,
    ask_with_key,
    asked_and_paused,
    blocked,
    code_for_newcomer,
    degraded,
    entangled,
    forgotten_by_all,
    forgotten_for_a_day,
    half_agreed,
    hard_to_please,
    maker_with_open_work,
    newcomer,
    nothing,
    suggest_with_key,
    suggested,
    suggested_and_paused,
    throttled,
    two_photos,
    unsent,
    upload_url,
)
from tests.drills.service import ADMIN
from tests.drills.town import Town
from tests.drills.world import SWEPT_AFTER_SECONDS


@dataclass(frozen=True)
class Flow:
    name: str
    act: Act
    prepare: Callable[[Town], Ids] = nothing
    repeats: bool = False
    """The request has no key: a client that asks again may be told, and bring about, what a second
    request is and does."""
    loose: tuple[str, ...] = ()
    """Parts of the picture that depend on who was quicker even without faults."""
    halves: bool = False
    """A client that never got an answer and never asks again may leave it half done."""
    waits: bool = False
    """An attempt that died holds its key: who does not ask again gets no answer."""
    lost: bool = False
    """It begins with work that only the reconciler can find."""

    def __str__(self) -> str:
        return self.name


def sweep(town: Town, _: Ids) -> None:
    town.world.clock.advance(SWEPT_AFTER_SECONDS)
    town.world.sweep()


def reconcile(town: Town, _: Ids) -> None:
    town.world.reconcile()


FLOWS = (
    Flow("first sign-in", lambda town, _: town.sign_in("man-9")),
    Flow("invite a maker", lambda town, _: town.invite(ADMIN)),
    Flow("invite a candidate", lambda town, _: town.invite("maker-1")),
    Flow("accept", lambda town, ids: town.accept("man-9", ids["code"]), code_for_newcomer),
    Flow("first profile", lambda town, _: town.save_profile("man-9"), newcomer, True),
    Flow("save profile", lambda town, _: town.save_profile("man-1", job="약사")),
    Flow("pause", lambda town, _: town.pause("man-1", True)),
    Flow("ask", lambda town, _: town.ask("maker-1", "man-1")),
    Flow("ask while throttled", lambda town, _: town.ask("maker-1", "man-1"), throttled),
    Flow("ask in vain", lambda town, _: town.ask("maker-1", "man-1"), hard_to_please),
    Flow("upgrade", lambda town, ids: town.upgrade("maker-1", ids["recommendation"]), degraded),
    Flow("sweep", sweep, unsent),
    Flow("reconcile", reconcile, forgotten_by_all, lost=True),
    Flow("give up", reconcile, forgotten_for_a_day, lost=True),
    Flow("ask again though it rests by now", ask_with_key, asked_and_paused, waits=True),
    Flow(
        "suggest again though one rests by now", suggest_with_key, suggested_and_paused, waits=True
    ),
    Flow("suggest", lambda town, _: town.suggest("maker-1", "man-1", "woman-2")),
    Flow("suggest two of one's own", lambda town, _: town.suggest("maker-1", "man-1", "woman-1")),
    Flow(
        "agree first",
        lambda town, ids: town.answer("man-1", ids["match"], "ACCEPT"),
        suggested,
    ),
    Flow(
        "agree second",
        lambda town, ids: town.answer("woman-2", ids["match"], "ACCEPT"),
        half_agreed,
    ),
    Flow(
        "refuse",
        lambda town, ids: town.answer("woman-2", ids["match"], "REJECT"),
        half_agreed,
    ),
    Flow("block", lambda town, _: town.block("maker-1", "man-1", "woman-2")),
    Flow("unblock", lambda town, _: town.unblock("maker-1", "man-1", "woman-2"), blocked),
    Flow("unblock in vain", lambda town, _: town.unblock("maker-2", "woman-2", "man-1"), blocked),
    Flow("upload URL", lambda town, _: town.ask_for_upload("man-1"), repeats=True),
    Flow("photo", lambda town, ids: town.upload(ids["photo"]), upload_url),
    Flow(
        "delete a photo",
        lambda town, ids: town.delete_photo("man-1", ids["photo"]),
        two_photos,
        repeats=True,
        halves=True,
    ),
    Flow(
        "arrange photos",
        lambda town, ids: town.arrange_photos("man-1", ids["other"], ids["photo"]),
        two_photos,
    ),
    Flow("no photo", lambda town, ids: town.upload(ids["photo"], b"?" * 10), upload_url),
    Flow("photo of one who left", lambda town, ids: town.upload(ids["photo"]), upload_url_and_gone),
    Flow(
        "candidate leaves",
        lambda town, _: town.leave("man-1"),
        entangled,
        loose=("recommendations",),
    ),
    Flow("one who was ranked leaves", lambda town, _: town.leave("woman-2"), answered),
    Flow(
        "maker leaves",
        lambda town, _: town.leave("maker-1"),
        maker_with_open_work,
        loose=("recommendations",),
    ),
    Flow(
        "get another maker",
        lambda town, ids: town.accept("man-1", ids["code"]),
        unattached,
        repeats=True,
    ),
    Flow(
        "get another maker before a profile",
        lambda town, ids: town.accept("man-9", ids["code"]),
        unattached_newcomer,
        repeats=True,
    ),
    Flow(
        "first profile without a maker",
        lambda town, _: town.save_profile("man-9"),
        unattached_newcomer,
        repeats=True,
    ),
    Flow(
        "block what another blocks",
        lambda town, _: town.block("maker-2", "woman-2", "man-1"),
        blocked,
    ),
    Flow(
        "lift a departed maker's block",
        lambda town, _: town.lift("man-1", "woman-2"),
        blocked_by_departed,
    ),
)

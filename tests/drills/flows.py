"""Everything somebody can set in motion. A new flow is one entry of FLOWS; every drill takes it up.

A flow begins in a town at rest (Town.build). `prepare` brings about what it needs and remembers
ids; `act` is the one thing that faults and rivals are let loose on.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cufit_service.application.reconcile import GIVEN_UP_AFTER, QUIET
from tests.drills.service import ADMIN, Reply
from tests.drills.town import Town, pair
from tests.drills.world import SWEPT_AFTER_SECONDS
from tests.in_memory_aws.cloud import MATCH_REQUESTS

CIRCUIT_OPEN_SECONDS = 600
"""More than the worker's circuit breaker stays open."""

Ids = Mapping[str, str]
Act = Callable[[Town, Ids], Reply | None]


def _nothing(_: Town) -> Ids:
    return {}


@dataclass(frozen=True)
class Flow:
    name: str
    act: Act
    prepare: Callable[[Town], Ids] = _nothing
    repeats: bool = False
    """The request has no key: a client that asks again may be told, and bring about, what a second
    request is and does."""
    loose: tuple[str, ...] = ()
    """Parts of the picture that depend on who was quicker even without faults."""
    halves: bool = False
    """A client that never got an answer and never asks again may leave it half done."""
    lost: bool = False
    """It begins with work that only the reconciler can find."""

    def __str__(self) -> str:
        return self.name


def code_for_newcomer(town: Town) -> Ids:
    town.sign_in("man-9")
    return {"code": town.invite("maker-1").body["code"]}


def newcomer(town: Town) -> Ids:
    town.member("man-9", "maker-1")
    return {}


def throttled(town: Town) -> Ids:
    town.world.cloud.bedrock.throttled = True
    return {}


def hard_to_please(town: Town) -> Ids:
    ideal = {"ageRange": {"min": 90, "max": 99}}
    town.save_profile("man-1", idealType=ideal)
    return {}


def degraded(town: Town) -> Ids:
    """Answered by rules, and the model is back."""
    throttled(town)
    asked = town.ask("maker-1", "man-1")
    town.world.settle()
    town.world.cloud.bedrock.throttled = False
    town.world.clock.advance(CIRCUIT_OPEN_SECONDS)
    return {"recommendation": asked.body["recommendationId"]}


def two_photos(town: Town) -> Ids:
    photos = [town.ask_for_upload("man-1").body["photoId"] for _ in range(2)]
    for photo_id in photos:
        town.upload(photo_id)
    town.world.settle()
    return {"photo": photos[0], "other": photos[1]}


def forgotten_by_all(town: Town) -> Ids:
    """An accepted request whose message is gone for good: nothing but the reconciler finds it."""
    ids = waiting_request(town)
    town.world.cloud.sqs.queues[MATCH_REQUESTS].messages = []
    town.world.clock.advance(QUIET.total_seconds() + 1)
    return ids


def waiting_for_a_day(town: Town) -> Ids:
    """The message is still there."""
    ids = waiting_request(town)
    town.world.clock.advance(GIVEN_UP_AFTER.total_seconds() + 1)
    return ids


def forgotten_for_a_day(town: Town) -> Ids:
    ids = forgotten_by_all(town)
    town.world.clock.advance(GIVEN_UP_AFTER.total_seconds())
    return ids


def suggested(town: Town) -> Ids:
    town.suggest("maker-1", "man-1", "woman-2")
    return {"match": pair("man-1", "woman-2")}


def half_agreed(town: Town) -> Ids:
    ids = suggested(town)
    town.answer("man-1", ids["match"], "ACCEPT")
    return ids


def used_twice(town: Town) -> Ids:
    """Two of man-1's three suggestions of the day are gone."""
    for number, maker in ((7, "maker-1"), (8, "maker-2")):
        woman = f"woman-{number}"
        town.member(woman, maker)
        town.save_profile(woman)
        town.suggest("maker-1", "man-1", woman)
    return {}


def blocked(town: Town) -> Ids:
    town.block("maker-1", "man-1", "woman-2")
    return {}


def upload_url(town: Town) -> Ids:
    return {"photo": town.ask_for_upload("man-1").body["photoId"]}


def full_of_photos(town: Town) -> Ids:
    """One place is left."""
    for _ in range(2):
        town.upload(town.ask_for_upload("man-1").body["photoId"])
    return {}


def unsent(town: Town) -> Ids:
    """An accepted request and a saved profile whose service died before sending."""
    town.leave_unanswered(lambda: town.ask("maker-1", "man-1"))
    town.leave_unanswered(lambda: town.save_profile("woman-1", job="약사"))
    return {}


def waiting_request(town: Town) -> Ids:
    """Accepted, in the queue, not yet worked on."""
    return {"recommendation": town.ask("maker-1", "man-1").body["recommendationId"]}


def entangled(town: Town) -> Ids:
    """man-1 has a photo, an upload under way, a half agreed match and an open recommendation."""
    town.upload(upload_url(town)["photo"])
    half_agreed(town)
    town.world.settle()
    waiting_request(town)
    return upload_url(town)


def maker_with_open_work(town: Town) -> Ids:
    town.invite("maker-1")
    suggested(town)
    town.world.settle()
    return waiting_request(town)


def ask_with_key(town: Town, _: Ids) -> Reply:
    return town.send_with_key("the-key", lambda: town.ask("maker-1", "man-1"))


def suggest_with_key(town: Town, _: Ids) -> Reply:
    return town.send_with_key("the-key", lambda: town.suggest("maker-1", "man-1", "woman-2"))


def asked_and_paused(town: Town) -> Ids:
    """The first answer was lost, and the seeker rests by the time the client asks again."""
    town.leave_unanswered(lambda: ask_with_key(town, {}))
    town.pause("man-1", True)
    return {}


def suggested_and_paused(town: Town) -> Ids:
    town.leave_unanswered(lambda: suggest_with_key(town, {}))
    town.pause("woman-2", True)
    return {}


def sweep(town: Town, _: Ids) -> None:
    town.world.clock.advance(SWEPT_AFTER_SECONDS)
    town.world.sweep()


def reconcile(town: Town, _: Ids) -> None:
    town.world.reconcile()


FLOWS = (
    Flow("first sign-in", lambda town, _: town.sign_in("man-9")),
    Flow("invite a maker", lambda town, _: town.invite(ADMIN)),
    Flow("invite a candidate", lambda town, _: town.invite("maker-1")),
    Flow("accept", lambda town, ids: town.accept("man-9", ids["code"]), code_for_newcomer, True),
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
    Flow("ask again though it rests by now", ask_with_key, asked_and_paused),
    Flow("suggest again though one rests by now", suggest_with_key, suggested_and_paused),
    Flow("suggest", lambda town, _: town.suggest("maker-1", "man-1", "woman-2")),
    Flow(
        "agree first",
        lambda town, ids: town.answer("man-1", ids["match"], "ACCEPT"),
        suggested,
        repeats=True,
    ),
    Flow(
        "agree second",
        lambda town, ids: town.answer("woman-2", ids["match"], "ACCEPT"),
        half_agreed,
        repeats=True,
    ),
    Flow(
        "refuse",
        lambda town, ids: town.answer("woman-2", ids["match"], "REJECT"),
        half_agreed,
        repeats=True,
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
    Flow(
        "candidate leaves",
        lambda town, _: town.leave("man-1"),
        entangled,
        loose=("recommendations",),
    ),
    Flow(
        "maker leaves",
        lambda town, _: town.leave("maker-1"),
        maker_with_open_work,
        loose=("recommendations",),
    ),
)

BY_NAME = {flow.name: flow for flow in FLOWS}

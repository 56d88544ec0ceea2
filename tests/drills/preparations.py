"""What a flow or a race begins with: each brings it about in a town at rest and remembers ids."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from cufit_service.adapters.dynamodb.expressions import packed
from cufit_service.application.reconcile import GIVEN_UP_AFTER, QUIET
from cufit_service.domain.quota import RECOMMENDATIONS_A_DAY, day_of
from tests.drills.people import MAKERS, member_id, picture
from tests.drills.picture import DAYS
from tests.drills.service import ADMIN, Reply
from tests.drills.town import Town, pair
from tests.in_memory_aws.cloud import MATCH_REQUESTS

CIRCUIT_OPEN_SECONDS = 600
"""More than the worker's circuit breaker stays open."""

Ids = Mapping[str, str]
Act = Callable[[Town, Ids], Reply | None]


def nothing(_: Town) -> Ids:
    return {}


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


def asked_but_once(town: Town) -> Ids:
    """One of maker-1's recommendations of the day is left."""
    day = day_of(datetime.now(UTC)).isoformat()
    key = f"quota#recommendations#{member_id('maker-1')}#{day}"
    table = town.world.cloud.dynamodb.tables[DAYS]
    ids = set(table.items.get(key, {"ids": {"SS": []}})["ids"]["SS"])
    ids |= {f"rec_{number}" for number in range(RECOMMENDATIONS_A_DAY - 1 - len(ids))}
    table.write(key, packed({"id": key, "ids": ids}), 0)
    return {}


def degraded_and_asked_but_once(town: Town) -> Ids:
    return {**degraded(town), **asked_but_once(town)}


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


def answered(town: Town) -> Ids:
    """Ranked are both women."""
    ids = waiting_request(town)
    town.world.settle()
    return ids


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


def code_for_maker(town: Town) -> Ids:
    town.sign_in("man-9")
    return {"code": town.invite(ADMIN).body["code"]}


def one_more_code(town: Town) -> Ids:
    return {"code": town.invite("maker-2").body["code"]}


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


def a_code(town: Town) -> Ids:
    return {"code": town.invite("maker-1").body["code"]}


def two_newcomers(town: Town) -> Ids:
    town.sign_in("man-8")
    return code_for_newcomer(town)


def two_codes(town: Town) -> Ids:
    ids = code_for_newcomer(town)
    return {**ids, "second": town.invite("maker-2").body["code"]}


def two_codes_for_all(town: Town) -> Ids:
    """Those who take them have never signed in."""
    codes = [town.invite(maker).body["code"] for maker in MAKERS]
    return {"code": codes[0], "second": codes[1]}


def third_woman(town: Town) -> Ids:
    """man-1 has one suggestion of the day left and two women to be suggested to."""
    used_twice(town)
    town.member("woman-9", "maker-2")
    town.save_profile("woman-9")
    return {}


def unindexed(town: Town) -> Ids:
    """man-1's profile waits in the queue for the indexer."""
    town.save_profile("man-1", job="약사")
    return {}


def uploaded(town: Town) -> Ids:
    ids = upload_url(town)
    town.upload(ids["photo"])
    return ids


def uploaded_rubbish(town: Town) -> Ids:
    """Beside a photo that is one."""
    town.upload(upload_url(town)["photo"])
    town.world.settle()
    ids = upload_url(town)
    town.upload(ids["photo"], b"?" * len(picture()))
    return ids

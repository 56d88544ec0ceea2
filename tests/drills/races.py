"""Pairs of things that may happen at once. Whoever is quicker, it ends as if one had come after the
other.

One is stopped before one of its calls, the other happens as a whole, then the first goes on: with
every call of either, so that each single preemption is tried.
"""

from tests.drills.acts import (
    accept,
    answer,
    block,
    leave,
    pause,
    process,
    save,
    suggest,
    work,
)
from tests.drills.flows import reconcile, sweep
from tests.drills.gone import (
    gone_and_photos_are_left,
    gone_and_rubbish_came,
    gone_but_not_forgotten,
)
from tests.drills.index_races import INDEX_RACES
from tests.drills.picture import COUNTED
from tests.drills.preparations import (
    Ids,
    a_code,
    asked_but_once,
    code_for_newcomer,
    degraded,
    degraded_and_asked_but_once,
    entangled,
    forgotten_by_all,
    forgotten_for_a_day,
    full_of_photos,
    half_agreed,
    newcomer,
    nothing,
    suggested,
    third_woman,
    two_codes,
    two_codes_for_all,
    two_newcomers,
    two_photos,
    unsent,
    uploaded,
    uploaded_rubbish,
    waiting_for_a_day,
    waiting_request,
)
from tests.drills.race import REASONS, Race
from tests.drills.service import Reply
from tests.drills.town import Town


def _come_back(town: Town, ids: Ids) -> Reply:
    town.accept("man-1", ids["code"])
    return town.save_profile("man-1", job="교사")


def _come_back_with_photo(town: Town, ids: Ids) -> Reply:
    town.accept("man-1", ids["code"])
    return town.ask_for_upload("man-1")


def _come_back_and_be_suggested(town: Town, ids: Ids) -> Reply:
    _come_back(town, ids)
    return town.suggest("maker-2", "man-1", "woman-1")


def _leave_and_return(town: Town, _: Ids) -> Reply:
    """As somebody new, who has not been invited."""
    town.leave("man-9")
    return town.sign_in("man-9")


def _invite(town: Town, _: Ids) -> Reply:
    return town.invite("maker-1")


def _ask(town: Town, _: Ids) -> Reply:
    return town.ask("maker-1", "man-1")


def _ask_again(town: Town, _: Ids) -> Reply:
    """The same request once more, sent before the first has been answered."""
    return town.send_with_key("the-key", lambda: town.ask("maker-1", "man-1"))


def _ask_again_and_work(town: Town, ids: Ids) -> Reply:
    """Sent again, and answered by the worker before the first attempt goes on."""
    reply = _ask_again(town, ids)
    town.world.deliver_all()
    return reply


def _upload_url(town: Town, _: Ids) -> Reply:
    return town.ask_for_upload("man-1")


def _upgrade(town: Town, ids: Ids) -> Reply:
    return town.upgrade("maker-1", ids["recommendation"])


def _upgrade_and_work(town: Town, ids: Ids) -> Reply:
    reply = _upgrade(town, ids)
    town.world.deliver_all()
    return reply


def _delete(town: Town, ids: Ids) -> Reply:
    return town.delete_photo("man-1", ids["photo"])


def _arrange(town: Town, ids: Ids) -> Reply:
    return town.arrange_photos("man-1", ids["other"], ids["photo"])


_BOTH = suggest("maker-1", "man-1", "woman-2")

RACES = (
    Race("one code, two people", accept("man-9"), accept("man-8"), two_newcomers),
    Race("two codes, one person", accept("man-9"), accept("man-9", "second"), two_codes),
    Race("two codes, a stranger", accept("man-9"), accept("man-9", "second"), two_codes_for_all),
    Race("one code, two devices", accept("man-9"), accept("man-9"), code_for_newcomer),
    Race("first visit twice", *(2 * (lambda town, _: town.sign_in("man-9"),)), nothing),
    Race("first visit and accept", lambda town, _: town.sign_in("man-9"), accept("man-9"), a_code),
    Race("accept and return", accept("man-9"), _leave_and_return, code_for_newcomer),
    Race("accept and inviter leaves", accept("man-9"), leave("maker-1"), code_for_newcomer),
    Race("two first profiles", save("man-9", "약사"), save("man-9", "교사"), newcomer),
    Race("two saves", save("man-1", "약사"), save("man-1", "교사"), nothing),
    Race("save and pause", save("man-1", "약사"), pause("man-1"), nothing),
    Race("ask and pause", _ask, pause("man-1"), nothing),
    Race("two requests", _ask, _ask, nothing),
    Race("last request of the day", _ask, _ask, asked_but_once),
    Race("last request of the day sent twice", _ask_again, _ask_again, asked_but_once),
    Race("last request of the day or an upgrade", _ask, _upgrade, degraded_and_asked_but_once),
    Race("one request sent twice", _ask_again, _ask_again, nothing),
    Race("a stalled request is taken over", _ask_again, _ask_again_and_work, nothing),
    Race("one pair, two makers", _BOTH, suggest("maker-2", "woman-2", "man-1"), nothing),
    Race(
        "last suggestion of the day",
        suggest("maker-1", "man-1", "woman-2"),
        suggest("maker-1", "man-1", "woman-9"),
        third_woman,
    ),
    Race(
        "last suggestion of the day, on the right",
        suggest("maker-1", "woman-1", "man-1"),
        suggest("maker-1", "man-1", "woman-9"),
        third_woman,
    ),
    Race(
        "first suggestions of the day",
        suggest("maker-1", "man-1", "woman-2"),
        suggest("maker-1", "man-1", "woman-1"),
        nothing,
    ),
    Race("suggest and block", _BOTH, block, nothing),
    Race("suggest and pause left", _BOTH, pause("man-1"), nothing),
    Race("suggest and pause right", _BOTH, pause("woman-2"), nothing),
    Race("suggest and right leaves", _BOTH, leave("woman-2"), nothing),
    Race("both agree", answer("man-1", "ACCEPT"), answer("woman-2", "ACCEPT"), suggested),
    Race("yes and no", answer("man-1", "ACCEPT"), answer("woman-2", "REJECT"), suggested),
    Race("yes from two devices", *(2 * (answer("woman-2", "ACCEPT"),)), half_agreed),
    Race("agree and other leaves", answer("woman-2", "ACCEPT"), leave("man-1"), half_agreed),
    Race("last place for a photo", _upload_url, _upload_url, full_of_photos),
    Race("two workers", work, work, waiting_request),
    Race("work and pause", work, pause("man-1"), waiting_request),
    Race("work and block", work, block, waiting_request),
    Race("work and seeker leaves", work, leave("man-1"), waiting_request, ("recommendations",)),
    Race("two sweepers", sweep, sweep, unsent),
    Race("two reconcilers", reconcile, reconcile, forgotten_by_all, lost=True),
    Race("two give up", reconcile, reconcile, forgotten_for_a_day, lost=True),
    Race("work and give up", work, reconcile, waiting_for_a_day),
    Race("upgrade twice", _upgrade, _upgrade, degraded),
    Race("upgrade and ask", _upgrade, _ask, degraded),
    *INDEX_RACES,
    Race("two processors", process, process, uploaded),
    Race("process and leave", process, leave("man-1"), uploaded),
    Race("reject and leave", process, leave("man-1"), uploaded_rubbish),
    Race("reject and come back", process, _come_back_with_photo, gone_and_rubbish_came),
    Race("process and delete", process, _delete, uploaded),
    Race("reject and delete", process, _delete, uploaded_rubbish),
    Race("arrange and delete", _arrange, _delete, two_photos),
    Race("delete twice", _delete, _delete, two_photos, ("told",)),
    Race("process and upload URL", process, _upload_url, uploaded),
    Race("leave twice", leave("man-1"), leave("man-1"), entangled, ("recommendations",)),
    Race("leave and save", leave("man-1"), save("man-1", "약사"), nothing),
    Race("forget and come back", sweep, _come_back, gone_but_not_forgotten),
    Race(
        "forget and come back with a photo",
        sweep,
        _come_back_with_photo,
        gone_and_photos_are_left,
        (COUNTED,),
    ),
    Race(
        "forget and be suggested",
        sweep,
        _come_back_and_be_suggested,
        gone_and_photos_are_left,
        (COUNTED,),
    ),
    Race("candidate and maker leave", leave("man-1"), leave("maker-1"), nothing),
    Race("leave and first profile", leave("man-9"), save("man-9", "약사"), newcomer),
    Race("leave and ask", leave("man-1"), _ask, nothing, ("recommendations",)),
    Race("leave and upload URL", leave("man-1"), _upload_url, nothing),
    Race("work and ranked leaves", work, leave("woman-2"), waiting_request, ("recommendations",)),
    Race("upgrade and leave", _upgrade_and_work, leave("woman-2"), degraded, ("recommendations",)),
    Race("maker leaves and invites", leave("maker-1"), _invite, nothing),
    Race(
        "maker leaves and asks",
        leave("maker-1"),
        _ask,
        nothing,
        ("recommendations", REASONS),
    ),
    Race("maker leaves and suggests", leave("maker-1"), _BOTH, nothing, (REASONS,)),
)

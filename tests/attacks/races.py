"""What may happen once is asked for many times at the same moment; then it has happened once."""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from cufit_contracts.photos import PhotoState
from cufit_contracts.stored import written
from cufit_contracts.vocabulary import pair_id
from photo_processor.ports import CleanPhoto, Encoded
from tests.attacks.at_once import Race, Races, request
from tests.attacks.exchange import Client, Request
from tests.attacks.judge import Judge, code_of
from tests.attacks.system import RECOMMENDATIONS_A_DAY, System
from tests.unit.service.http_world import PROFILE_BODY

ROUNDS: Final = 8
AT_ONCE: Final = 50
SUGGESTIONS_A_DAY: Final = 3
"""Of one candidate."""


async def one_code_for_many(races: Races) -> None:
    code = await races.invitation(await races.maker())
    many = [races.newcomer() for _ in range(10)]
    answers = await races.at_once(
        *(request(one, "POST", f"/v1/invitations/{code}/accept") for one in many)
    )
    races.expect(answers, _200=1, invitation_used=9)
    roles = [(await races.read(one, "/v1/members/me"))["role"] for one in many]
    races.hold(roles.count("CANDIDATE") == 1, f"{roles.count('CANDIDATE')} have the role")


async def many_codes_for_one(races: Races) -> None:
    codes = [await races.invitation(await races.maker()) for _ in range(4)]
    one = races.newcomer()
    answers = await races.at_once(
        *(request(one, "POST", f"/v1/invitations/{code}/accept") for code in codes)
    )
    races.expect(answers, _200=1, role_taken=3)
    used = [row for row in races.rows("invitations") if row.get("accepted_by") == one.member_id]
    races.hold(len(used) == 1, f"{len(used)} codes are used")


async def yes_and_no(races: Races) -> None:
    maker = await races.maker()
    her, him = await races.candidate(maker), await races.candidate(maker, "MALE")
    match_id = await races.suggested(maker, her, him)
    bodies = [{"answer": "ACCEPT"}, {"answer": "REJECT"}] * 4
    answers = await races.at_once(
        *(request(her, "POST", f"/v1/matches/{match_id}/answer", body) for body in bodies)
    )
    done = [one for one in answers if one.status == 200]
    # The same answer in the same millisecond is one that was sent again; it happens once.
    taken = {body["answer"] for body, one in zip(bodies, answers, strict=True) if one.status == 200}
    races.hold(len(taken) == 1, f"{sorted(taken)} were taken")
    seen = (await races.read(her, f"/v1/matches/{match_id}"))["status"]
    told = {json.loads(one.body)["status"] for one in done}
    races.hold(told == {seen}, f"told {sorted(told)}, but it is {seen}")


async def both_agree(races: Races) -> None:
    maker = await races.maker()
    her, him = await races.candidate(maker), await races.candidate(maker, "MALE")
    match_id = await races.suggested(maker, her, him)
    answers = await races.at_once(
        *(request(one, "POST", f"/v1/matches/{match_id}/answer", {"answer": "ACCEPT"})
          for one in (her, him))
    )  # fmt: skip
    races.expect(answers, _200=2)
    seen = (await races.read(her, f"/v1/matches/{match_id}"))["status"]
    races.hold(seen == "MATCHED", f"it is {seen}")


async def one_pair_in_both_orders(races: Races) -> None:
    one, two = await races.maker(), await races.maker()
    her, him = await races.candidate(one), await races.candidate(two, "MALE")
    ids = (her.member_id, him.member_id)
    suggestions = [(one, ids[0], ids[1]), (two, ids[1], ids[0])] * 3
    answers = await races.at_once(
        *(request(maker, "POST", "/v1/matches", {"candidateId": a, "otherCandidateId": b})
          for maker, a, b in suggestions)
    )  # fmt: skip
    races.expect(answers, _201=1, pair_taken=5)
    rows = [row for row in races.rows("matches") if pair_id(*ids) in map(str, row.values())]
    races.hold(len(rows) == 1, f"{len(rows)} rows of the pair")


async def all_of_todays_recommendations(races: Races) -> None:
    maker = await races.maker()
    body = {"candidateId": (await races.candidate(maker)).member_id}
    answers = await races.at_once(
        *(request(maker, "POST", "/v1/recommendations", body) for _ in range(AT_ONCE))
    )
    left = AT_ONCE - RECOMMENDATIONS_A_DAY
    races.expect(answers, _202=RECOMMENDATIONS_A_DAY, recommendations_used_up=left)
    rows = [row for row in races.rows("recommendations") if row.get("maker_id") == maker.member_id]
    races.hold(len(rows) == RECOMMENDATIONS_A_DAY, f"{len(rows)} of them are kept")


async def all_of_todays_suggestions(races: Races) -> None:
    maker, other = await races.maker(), await races.maker()
    her = await races.candidate(maker)
    men = [await races.candidate(other, "MALE") for _ in range(6)]
    answers = await races.at_once(
        *(request(maker, "POST", "/v1/matches",
                   {"candidateId": her.member_id, "otherCandidateId": man.member_id})
          for man in men)
    )  # fmt: skip
    left = len(men) - SUGGESTIONS_A_DAY
    races.expect(answers, _201=SUGGESTIONS_A_DAY, suggestions_used_up=left)
    shown = len((await races.read(her, "/v1/matches"))["items"])
    races.hold(shown == SUGGESTIONS_A_DAY, f"{shown} matches today")


async def one_key_ten_times(races: Races) -> None:
    maker = await races.maker()
    body = {"kind": "CANDIDATE", "relation": "FAMILY"}
    answers = await races.at_once(
        *(request(maker, "POST", "/v1/invitations", body, "the-same-key") for _ in range(10))
    )
    made = {one.body for one in answers if one.status == 201}
    races.hold(len(made) == 1, f"{len(made)} different answers")
    others = {code_of(one) for one in answers if one.status != 201}
    races.hold(others <= {"request_running"}, f"also {sorted(others)}")
    kept = len((await races.read(maker, "/v1/invitations"))["items"])
    races.hold(kept == 1, f"{kept} invitations are kept")


async def one_version_saved_twice(races: Races) -> None:
    her = await races.candidate(await races.maker())
    first = await races.ask(request(her, "GET", "/v1/candidates/me"))
    etag = (first.header(b"etag") or "").encode()
    sent = [
        Request("PUT", "/v1/candidates/me", her,
                json.dumps(PROFILE_BODY | {"job": f"job {number}"}).encode(), (("If-Match", etag),))
        for number in range(6)
    ]  # fmt: skip
    answers = await races.at_once(*sent)
    races.expect(answers, _200=1, version_stale=5)


async def ready_while_deleted(races: Races) -> None:
    """Its owner deletes a photo at the moment photo_processor is done with it."""
    her = await races.candidate(await races.maker())
    photo_id = her.own["photo_id"]
    store = races.system.tables.photo_processor()
    ready = store.get(photo_id)
    assert ready is not None
    soon = int(time.time()) + 3600
    photo = replace(ready, state=PhotoState.PENDING, expires_at_epoch=soon)
    races.system.tables.put("photos", written(photo))
    delete = request(her, "DELETE", f"/v1/candidates/me/photos/{photo_id}")
    nothing = Encoded(b"", b"")
    clean = CleanPhoto(nothing, nothing, 1, 1, "", "#000000")
    done = asyncio.create_task(asyncio.to_thread(store.make_ready, photo, clean))
    answers = await races.at_once(delete, delete, delete)
    await done
    told = {one.status for one in answers}
    races.hold(204 in told and told <= {204, 404}, f"answered {sorted(told)}")
    races.hold(store.get(photo_id) is None, "it is there again")
    shown = (await races.read(her, "/v1/candidates/me"))["photos"]
    races.hold(not shown, "its owner still sees it")


async def leaving_while_writing(races: Races) -> None:
    maker = await races.maker()
    her, him = await races.candidate(maker), await races.candidate(maker, "MALE")
    await races.suggested(maker, her, him)
    pause, seek = {"paused": True}, {"candidateId": her.member_id}
    await races.at_once(
        request(her, "PUT", "/v1/candidates/me", PROFILE_BODY),
        request(her, "DELETE", "/v1/members/me"),
        request(her, "PUT", "/v1/candidates/me/pause", pause),
        request(her, "DELETE", f"/v1/candidates/me/photos/{her.own['photo_id']}"),
        request(maker, "POST", "/v1/recommendations", seek),
        request(her, "PUT", "/v1/candidates/me", PROFILE_BODY),
    )
    for table in ("members", "candidates", "photos"):
        mine = [row for row in races.rows(table) if row.get("candidate_id") == her.member_id
                or (table == "members" and row["member_id"] == her.member_id
                    and row["role"] != "BASIC")]  # fmt: skip
        races.hold(not mine, f"{len(mine)} rows of {table} stay")


async def inviting_while_leaving(races: Races) -> None:
    maker = await races.maker()
    body = {"kind": "CANDIDATE", "relation": "FRIEND"}
    answers = await races.at_once(
        *(request(maker, "POST", "/v1/invitations", body) for _ in range(3)),
        request(maker, "DELETE", "/v1/members/me"),
        *(request(maker, "POST", "/v1/invitations", body) for _ in range(3)),
    )
    codes = [json.loads(one.body)["code"] for one in answers if one.status == 201]
    accepted = await races.at_once(
        *(request(races.newcomer(), "POST", f"/v1/invitations/{code}/accept") for code in codes)
    )
    done = sum(one.status == 200 for one in accepted)
    races.hold(done == 0, "an invitation of who has left makes a candidate of nobody")


RACES: Final[Sequence[Race]] = (
    one_code_for_many, many_codes_for_one, yes_and_no, both_agree, one_pair_in_both_orders,
    all_of_todays_recommendations, all_of_todays_suggestions, one_key_ten_times,
    one_version_saved_twice, ready_while_deleted, leaving_while_writing, inviting_while_leaving,
)  # fmt: skip


async def attack(system: System, client: Client, judge: Judge) -> None:
    races = Races(system, client, judge)
    for _ in range(ROUNDS):
        for race in RACES:
            await races.run(race)

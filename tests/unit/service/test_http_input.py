"""What people type: kept as they mean it, or refused with everything that is wrong with it."""

import json

import httpx
import pytest

from cufit_service.domain.member import Role
from tests.unit.service.http_world import PROFILE_BODY, HttpWorld

NAMES = ["nickname", "name", "city", "district", "job"]
LONGER = ["selfIntroduction"]


async def _save(body: object, **headers: str) -> httpx.Response:
    http = HttpWorld(shares_app=True)
    http.person("candidate", Role.CANDIDATE, "maker")
    async with http.client("candidate") as client:
        headers = {"Content-Type": "application/json", **headers}
        return await client.put("/v1/candidates/me", content=json.dumps(body), headers=headers)


def _fields(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [error["field"] for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("010-1234-5678", "01012345678"),
        ("010 1234 5678", "01012345678"),
        ("０１０－１２３４－５６７８", "01012345678"),
        ("010１２３４５６７８", "01012345678"),
        ("016-123-4567", "0161234567"),
    ],
)
async def test_a_phone_is_kept_in_ascii_digits(typed: str, kept: str) -> None:
    assert (await _save(PROFILE_BODY | {"phone": typed})).json()["phone"] == kept


@pytest.mark.parametrize(
    "typed",
    [
        "٠١٠١٢٣٤٥٦٧٨",
        "010١٢٣٤٥٦٧٨",
        "०१०१२३४५६७८",
        "0101234567⑧",
        "+82 10 1234 5678",
    ],
)
async def test_digits_nobody_here_means_are_refused(typed: str) -> None:
    assert _fields(await _save(PROFILE_BODY | {"phone": typed})) == ["phone"]


@pytest.mark.parametrize("field", [*NAMES, *LONGER])
@pytest.mark.parametrize(
    "text",
    [
        "한글 이름",
        "O'Brien-김",
        "José",
        "👩‍❤️‍👨",
        "👨‍👩‍👧‍👦 👍🏽 🇰🇷 1️⃣",
        "☀️ ㅋㅋ ㅠㅠ",
        "\U0001fae8",  # of 2022, younger than the data of Python 3.11
        "नमस्ते می‌خواهم",
    ],
)
async def test_letters_of_the_world_and_emoji_live(field: str, text: str) -> None:
    assert (await _save(PROFILE_BODY | {field: text})).json()[field] == text


@pytest.mark.parametrize("field", [*NAMES, *LONGER])
@pytest.mark.parametrize(
    "text",
    [
        "\u202e거꾸로",  # override
        "가\u202a나\u202c",
        "가\u2066나\u2069",  # isolate
        "가\U000e0041\U000e007f",  # tags
        "\u3164",  # Hangul filler
        "\u200b",
        "\u2800\u2800",
        "\u200d\ufe0f",
        "\ufeff가",
        "가\u0000",
        "가\u001b[31m",
        "가\u0085나",
        "가\u2028나",
        "가\ud800",
        "가\ufdd0",  # noncharacter
        "가\U0010ffff",
        "가\U0003fffd",  # unassigned
        "가\ue000",  # private
    ],
)
async def test_what_hides_or_breaks_text_is_refused(field: str, text: str) -> None:
    assert _fields(await _save(PROFILE_BODY | {field: text})) == [field]


async def test_the_same_holds_inside_lists_and_the_ideal_type() -> None:
    ideal = PROFILE_BODY["idealType"] | {"freeText": "\u202e다정한"}
    answer = await _save(PROFILE_BODY | {"hobbies": ["등산", "\u3164"], "idealType": ideal})
    assert _fields(answer) == ["hobbies.1", "idealType.freeText"]


async def test_lines_break_where_there_is_room_for_them() -> None:
    kept = await _save(PROFILE_BODY | {"selfIntroduction": " 하나\r\n둘\n"})
    assert kept.json()["selfIntroduction"] == "하나\n둘"
    assert _fields(await _save(PROFILE_BODY | {"nickname": "하나\n둘"})) == ["nickname"]


async def test_a_refused_character_is_named() -> None:
    answer = await _save(PROFILE_BODY | {"name": "김\u202e"})
    (error,) = answer.json()["errors"]
    assert error["message"] == "must not contain U+202E (RIGHT-TO-LEFT OVERRIDE)"


@pytest.mark.parametrize("length", [20, 21])
async def test_length_is_counted_in_code_points_after_composing(length: int) -> None:
    decomposed = "\u1112\u1161\u11ab" * length
    answer = await _save(PROFILE_BODY | {"nickname": decomposed})
    if length == 21:
        assert _fields(answer) == ["nickname"]
    else:
        assert answer.json()["nickname"] == "한" * length


async def test_thousands_of_unknown_fields_are_counted_not_listed() -> None:
    unknown = {f"{number:04x}": 0 for number in range(7_000)}  # as many as a body may have
    http = HttpWorld(shares_app=True)
    http.person("maker", Role.MAKER, "admin")
    async with http.client("maker") as client:
        answer = await client.post(
            "/v1/invitations",
            content=json.dumps(unknown, separators=(",", ":")),
            headers={"Content-Type": "application/json"},
        )
    told = answer.json()
    assert (answer.status_code, told["code"]) == (422, "fields_unknown")
    assert len(answer.content) < 1500
    assert _fields(answer)[:5] == [f"000{number}" for number in range(5)]
    assert {"kind", "relation"} <= set(_fields(answer))
    assert "and 6995 more" in told["detail"]


async def test_a_long_name_of_an_unknown_field_is_cut() -> None:
    answer = await _save(PROFILE_BODY | {"x" * 10_000: 1})
    assert len(answer.content) < 1500
    assert _fields(answer) == ["x" * 39 + "…"]


async def test_half_a_surrogate_pair_is_no_name() -> None:
    answer = await _save(PROFILE_BODY | {"\ud800": 1})
    assert answer.json()["errors"] == [{"field": "body", "message": "must be Unicode text"}]


async def test_every_fault_is_named_at_once() -> None:
    wrong = {
        "name": "\u202e",
        "phone": "1",
        "nickname": "",
        "gender": "OTHER",
        "birthYear": 2015,
        "heightCm": 99,
        "hobbies": ["등산", "등산"],
        "smoking": 4,
        "salary": 1,
        "idealType": {
            "ageRange": {"min": 18, "max": 120},
            "heightRange": {"min": 190, "max": 170},
            "mbti": ["ENFP", "ENFP"],
            "freeText": "\u200b",
        },
    }
    answer = await _save(PROFILE_BODY | wrong, **{"If-Match": "v1"})
    assert sorted(_fields(answer)) == sorted(
        [
            "If-Match",
            *(name for name in wrong if name != "idealType"),
            "idealType.ageRange.min",
            "idealType.ageRange.max",
            "idealType.heightRange",
            "idealType.mbti",
            "idealType.freeText",
        ]
    )


async def test_a_header_is_named_as_people_write_it() -> None:
    answer = await _save(PROFILE_BODY, **{"if-match": "v1"})
    assert _fields(answer) == ["If-Match"]
    http = HttpWorld(shares_app=True)
    http.person("maker", Role.MAKER, "admin")
    async with http.client("maker", **{"idempotency-key": "no key"}) as client:
        invited = await client.post("/v1/invitations", json={})
    assert _fields(invited) == ["Idempotency-Key", "kind", "relation"]


@pytest.mark.parametrize("body", [[], None, "text", 1, True])
async def test_a_body_that_is_no_object_is_told_so_in_plain_words(body: object) -> None:
    answer = await _save(body)
    assert _fields(answer) == ["body"]
    (error,) = answer.json()["errors"]
    assert error["message"] in ("must be a JSON object", "Field required")


@pytest.mark.parametrize("height", ["164.0", "1.64e2"])
async def test_a_whole_number_may_have_a_point(height: str) -> None:
    body = json.dumps(PROFILE_BODY).replace('"heightCm": 164', f'"heightCm": {height}')
    http = HttpWorld(shares_app=True)
    http.person("candidate", Role.CANDIDATE, "maker")
    async with http.client("candidate") as client:
        json_type = {"Content-Type": "application/json"}
        saved = await client.put("/v1/candidates/me", content=body, headers=json_type)
    assert (saved.status_code, saved.json()["heightCm"]) == (201, 164)


async def test_messages_speak_of_fields_and_not_of_programs() -> None:
    answer = await _save(PROFILE_BODY | {"idealType": []})
    assert answer.json()["errors"] == [{"field": "idealType", "message": "must be a JSON object"}]
    assert "Value error" not in (await _save(PROFILE_BODY | {"phone": "1"})).text


@pytest.mark.parametrize("photo_id", ["", "p" * 65])
async def test_an_id_is_refused_that_no_table_could_have(photo_id: str) -> None:
    http = HttpWorld(shares_app=True)
    http.person("candidate", Role.CANDIDATE, "maker")
    async with http.client("candidate") as client:
        body = {"photoIds": ["pho_1", photo_id]}
        answer = await client.put("/v1/candidates/me/photos/order", json=body)
    assert _fields(answer) == ["photoIds.1"]

"""Photos over HTTP: what lists say of them, and ids that nobody here made."""

import asyncio
from dataclasses import replace
from urllib.parse import quote

from hypothesis import example, given, settings
from hypothesis import strategies as st

from cufit_contracts.photos import PhotoState, image_key, thumbnail_key
from cufit_service.domain.member import Member, Role
from cufit_service.domain.photo import Photo
from tests.unit.service.http_world import HttpWorld
from tests.unit.service.world import MORNING, candidate_of

PHOTO_ID = "pho_7zq3x2m5k4j6h8g9f1d2s3a4p5"
THUMB_HASH = "3OcRJYB4d3h/iIeHeEh3eIhw+j3A"


def _ready(photo_id: str, owner: Member) -> Photo:
    photo = Photo(photo_id, owner.member_id, PhotoState.READY, MORNING)
    return replace(
        photo,
        key=image_key(photo_id),
        thumbnail_key=thumbnail_key(photo_id),
        width=1280,
        height=960,
        placeholder=THUMB_HASH,
        dominant_colour="#8a6f5c",
    )


def _http() -> tuple[HttpWorld, Member]:
    http = HttpWorld(shares_app=True)
    maker = http.person("maker", Role.MAKER, "admin")
    her = http.person("her", Role.CANDIDATE, "maker")
    http.world.has(candidate_of(maker.member_id, her.member_id))
    http.world.has_photos(_ready(PHOTO_ID, her))
    http.world.cloud.dynamodb.settle()
    return http, her


async def test_every_list_of_photos_says_what_to_show_before_the_picture() -> None:
    http, her = _http()
    async with http.client("her") as own, http.client("maker") as maker:
        mine = (await own.get("/v1/candidates/me")).json()["photos"]
        card = (await maker.get(f"/v1/candidates/{her.member_id}/photos")).json()["items"]
    for (photo,) in (mine, card):
        shown = ("placeholder", "dominantColour", "width", "height")
        assert [photo[name] for name in shown] == [THUMB_HASH, "#8a6f5c", 1280, 960]
        links = ("url", "thumbnailUrl", "webpUrl", "thumbnailWebpUrl")
        assert all(photo[name].startswith("https://photos.test/") for name in links)


text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
pieces = st.sampled_from(["..", "/", "%2f", "%2e%2e", "quota#", "incoming/", "photos/", PHOTO_ID])
ids = st.one_of(
    text, st.lists(pieces | text, min_size=1, max_size=5).map("".join), text.map(lambda t: t * 60)
).filter(lambda one: one != PHOTO_ID)


@settings(max_examples=60)
@given(ids, st.booleans())
@example(f"../photos/{PHOTO_ID}", True)
@example(f"{PHOTO_ID}/1280.jpg", True)
@example("..%2f..%2fquota#m_her", False)
@example("\x00", True)
def test_an_id_that_names_no_photo_of_ones_own_touches_nothing(photo_id: str, quoted: bool) -> None:
    http, _ = _http()
    world = http.world
    before = (dict(world.cloud.s3.objects), world.everything("photos"))
    part = quote(photo_id, safe="" if quoted else "/%")

    async def ask() -> list[int]:
        async with http.client("her") as her:
            deleted = await her.delete(f"/v1/candidates/me/photos/{part}")
            body = {"photoIds": [photo_id]}
            arranged = await her.put("/v1/candidates/me/photos/order", json=body)
            return [deleted.status_code, arranged.status_code]

    assert all(400 <= status < 500 for status in asyncio.run(ask()))
    assert (dict(world.cloud.s3.objects), world.everything("photos")) == before

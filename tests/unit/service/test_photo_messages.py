"""The owner of a rejected photo reads in their language what to do about it."""

import pytest

from cufit_contracts.photo_problems import Language
from cufit_contracts.photo_sentences import OF_REJECTION
from cufit_contracts.photos import PhotoState, RejectionReason
from cufit_service.domain.photo import Photo
from tests.unit.service import test_permission_matrix as matrix
from tests.unit.service.http_world import PROFILE_BODY
from tests.unit.service.world import MORNING

REASON = RejectionReason.ANIMATED


@pytest.mark.parametrize(
    ("asked", "language"),
    [("en-GB, ko;q=0.9", Language.ENGLISH), ("ko, en;q=0.9", Language.KOREAN)],
)
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v1/candidates/me", None),
        ("PUT", "/v1/candidates/me", PROFILE_BODY),
        ("PUT", "/v1/candidates/me/pause", {"paused": True}),
    ],
)
async def test_a_rejected_photo_says_what_to_do(
    method: str, path: str, body: object, asked: str, language: Language
) -> None:
    http = await matrix._world()
    rejected = Photo("pho_2", matrix.HER, PhotoState.REJECTED, MORNING, reason=REASON)
    http.world.has_photos(rejected)
    http.world.cloud.dynamodb.settle()
    async with http.client("her", **{"Accept-Language": asked}) as her:
        photos = (await her.request(method, path, json=body)).json()["photos"]
    told = {photo["photoId"]: (photo["reason"], photo["message"]) for photo in photos}
    assert told == {
        matrix.PHOTO: (None, None),
        "pho_2": (REASON, OF_REJECTION[REASON].text(language)),
    }


async def test_nobody_is_given_what_was_said_in_another_language() -> None:
    """The ETag is of the profile's version, for If-Match: it is the same in both languages."""
    http = await matrix._world()
    http.world.has_photos(Photo("pho_2", matrix.HER, PhotoState.REJECTED, MORNING, reason=REASON))
    http.world.cloud.dynamodb.settle()
    async with http.client("her") as her:
        tag = None
        for language in Language:
            headers = {"Accept-Language": language, **({"If-None-Match": tag} if tag else {})}
            answer = await her.get("/v1/candidates/me", headers=headers)
            tag = answer.headers["ETag"]
            assert answer.headers["Vary"] == "Accept-Language"
            assert answer.headers["Cache-Control"] == "no-store"
            (told,) = [one["message"] for one in answer.json()["photos"] if one["message"]]
            assert told == OF_REJECTION[REASON].text(language)

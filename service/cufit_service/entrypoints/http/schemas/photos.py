"""Photos as their owner sees them."""

from pydantic import Field

from cufit_contracts.photo_problems import Language
from cufit_contracts.photo_sentences import OF_REJECTION
from cufit_contracts.photos import PhotoState, RejectionReason
from cufit_contracts.profile import values_of
from cufit_service.application.photos import LinkedPhoto
from cufit_service.domain.photo import Photo
from cufit_service.entrypoints.http.schemas.common import Answer, Body, Id, Time

MAX_PHOTOS = 50


class PhotoOrderBody(Body):
    photo_ids: list[Id] = Field(
        max_length=MAX_PHOTOS,
        description="The first is the one shown first; those left out follow. None twice.",
        json_schema_extra={"uniqueItems": True},
        examples=[["pho_7zq3x2m5k4j6h8g9f1d2s3a4p5"]],
    )


class PhotoAnswer(Answer):
    photo_id: str = Field(examples=["pho_7zq3x2m5k4j6h8g9f1d2s3a4p5"])
    state: PhotoState
    reason: RejectionReason | None = Field(description="Why it was rejected.")
    message: str | None = Field(
        description="The reason in a sentence for people, and what to do.",
        examples=[OF_REJECTION[RejectionReason.ANIMATED].english],
    )
    created_at: Time
    url: str | None = Field(description="Shows the picture for five minutes; once READY.")
    thumbnail_url: str | None
    width: int | None
    height: int | None

    @classmethod
    def of(cls, linked: LinkedPhoto, language: Language = Language.KOREAN) -> "PhotoAnswer":
        reason = linked.photo.reason
        told = {
            "url": linked.url,
            "thumbnail_url": linked.thumbnail_url,
            "message": None if reason is None else OF_REJECTION[reason].text(language),
        }
        return cls.model_validate(values_of(Photo, linked.photo) | told)

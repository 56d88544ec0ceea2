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
    placeholder: str | None = Field(
        description="ThumbHash in base64, to show before the picture is loaded; once READY, as is"
        " all that follows.",
        examples=["3OcRJYB4d3h/iIeHeEh3eIhw+j3A"],
    )
    dominant_colour: str | None = Field(
        description="To show before the placeholder is decoded.", examples=["#8a6f5c"]
    )
    width: int | None = Field(description="Of the picture, in pixels.", examples=[1280])
    height: int | None = Field(description="Likewise.", examples=[960])
    url: str | None = Field(description="Shows the picture as JPEG, for at least four minutes.")
    thumbnail_url: str | None = Field(description="Likewise, at most 320 pixels a side.")
    webp_url: str | None = Field(description="The picture as WebP: smaller.")
    thumbnail_webp_url: str | None

    @classmethod
    def of(cls, linked: LinkedPhoto, language: Language = Language.KOREAN) -> "PhotoAnswer":
        reason = linked.photo.reason
        message = None if reason is None else OF_REJECTION[reason].text(language)
        told = values_of(Photo, linked.photo) | values_of(LinkedPhoto, linked)
        return cls.model_validate(told | {"message": message})

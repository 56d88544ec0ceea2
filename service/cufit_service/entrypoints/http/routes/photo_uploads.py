"""POST /v1/photos: described here, answered by lambdas/photo_upload_url behind the same gateway.

The service has no such route; the document shows it beside the others, because to a client they
are one API.
"""

from typing import Final, Literal

from fastapi import APIRouter
from pydantic import Field

from cufit_contracts.photos import UploadRefusal, UploadType
from cufit_service.entrypoints.http.context import CallOf, MemberRoute
from cufit_service.entrypoints.http.problems import Responses, response_of
from cufit_service.entrypoints.http.schemas.common import Answer, Parameters, Time

router = APIRouter(prefix="/v1/photos", tags=["photos"], route_class=MemberRoute)


class UploadBody(Parameters):
    content_type: UploadType = Field(description="Upper case is taken as well.")
    content_length: int = Field(
        ge=1, description="The file's size in bytes. There is a limit, which a refusal names."
    )
    sha256: str = Field(
        min_length=44,
        max_length=44,
        description="Base64 of the file's 32-byte SHA-256.",
        examples=["47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="],
        json_schema_extra={"format": "sha256"},
    )


class UploadAnswer(Answer):
    method: Literal["PUT"]
    url: str = Field(description="Presigned: whoever has it can upload this one photo with it.")
    headers: dict[str, str] = Field(
        description="To be sent exactly so, or storage refuses the upload."
    )


class UploadIssuedAnswer(Answer):
    photo_id: str = Field(examples=["pho_7zq3x2m5k4j6h8g9f1d2s3a4p5"])
    upload: UploadAnswer
    expires_at: Time


def _refusals() -> Responses:
    statuses = dict.fromkeys(refusal.status for refusal in UploadRefusal)
    return {
        str(status.value): response_of(
            *((one.value, one.meaning) for one in UploadRefusal if one.status is status)
        )
        for status in statuses
    }


REFUSALS: Final = _refusals()


@router.post(
    "",
    status_code=201,
    summary="Get the address for one photo's upload",
    operation_id="create_photo",
)
async def create_photo(call: CallOf, body: UploadBody) -> UploadIssuedAnswer:
    """For candidates. Upload the file to `upload.url` before `expiresAt`; then read your photos
    until the state of this one is not PENDING. Other fields of the body are not looked at.
    """
    raise NotImplementedError

"""POST /v1/photos: described here, answered by lambdas/photo_upload_url behind the same gateway.

The service has no such route; the document shows it beside the others, because to a client they
are one API.
"""

from typing import Final, Literal

from fastapi import APIRouter
from pydantic import Field

from cufit_contracts.photo_problems import StorageRefusal
from cufit_contracts.photo_sentences import OF_ISSUING
from cufit_contracts.photos import UploadRefusal, UploadType
from cufit_service.entrypoints.http.context import CallOf, MemberRoute
from cufit_service.entrypoints.http.languages import LanguageAsked
from cufit_service.entrypoints.http.problems import Responses, Told, response_of
from cufit_service.entrypoints.http.schemas.common import Answer, Parameters, Time

router = APIRouter(prefix="/v1/photos", tags=["photos"], route_class=MemberRoute)


class UploadBody(Parameters):
    content_type: UploadType = Field(
        description="`upload.headers` says it for the upload. What the file really is, its bytes"
        " tell; upper case and `image/jpg` are taken as well."
    )
    content_length: int = Field(
        ge=1,
        description="The file's size in bytes. There is a limit: `limits` and a refusal name it.",
    )
    sha256: str = Field(
        min_length=44,
        max_length=44,
        description="Base64 of the file's 32-byte SHA-256.",
        examples=["47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="],
        json_schema_extra={"format": "sha256"},
    )


class StorageRefusalAnswer(Answer):
    code: StorageRefusal = Field(description="`<Code>` of the XML that S3 answers the PUT with.")
    status: int = Field(examples=[403])
    message: str = Field(description="What is wrong and what to do, for people.")


class UploadAnswer(Answer):
    method: Literal["PUT"]
    url: str = Field(description="Presigned: whoever has it can upload this one photo with it.")
    headers: dict[str, str] = Field(
        description="To be sent exactly so, or storage refuses the upload. Browsers send"
        " `Content-Length` by themselves."
    )
    refusals: list[StorageRefusalAnswer] = Field(description="How storage may refuse the upload.")


class UploadLimitsAnswer(Answer):
    bytes: int = Field(description="Of a file, at most.", examples=[10_000_000])
    photos: int = Field(description="Of a candidate, pending ones included.", examples=[6])
    uploads_per_day: int = Field(description="Begun, by the day in Korea.", examples=[20])


class UploadIssuedAnswer(Answer):
    photo_id: str = Field(examples=["pho_7zq3x2m5k4j6h8g9f1d2s3a4p5"])
    upload: UploadAnswer
    expires_at: Time
    limits: UploadLimitsAnswer


def told_of(refusal: UploadRefusal) -> Told:
    return refusal.value, OF_ISSUING[refusal].filled("…").english


def _refusals() -> Responses:
    statuses = dict.fromkeys(refusal.status for refusal in UploadRefusal)
    return {
        str(status.value): response_of(
            *(told_of(one) for one in UploadRefusal if one.status is status)
        )
        for status in statuses
    }


REFUSALS: Final = _refusals()


CURL: Final = r"""
FILE=photo.jpg TYPE=image/jpeg
SIZE=$(wc -c < "$FILE" | tr -d ' ')
SHA256=$(openssl dgst -sha256 -binary "$FILE" | base64)
BODY='{"contentType": "'$TYPE'", "contentLength": '$SIZE', "sha256": "'$SHA256'"}'
URL=$(curl -sS "$API/v1/photos" -d "$BODY" -H "Content-Type: application/json" \
  -H "Authorization: Bearer $TOKEN" | sed -E 's/.*"url": *"([^"]+)".*/\1/')
curl -sS -T "$FILE" "$URL" -H "Content-Type: $TYPE" -H "If-None-Match: *" \
  -H "x-amz-checksum-sha256: $SHA256"
""".strip()
"""tests/e2e runs it."""

DESCRIPTION: Final = f"""\
For candidates. Upload the file to `upload.url` before `expiresAt`; then read your photos until the
state of this one is not PENDING. Other fields of the body are not looked at.

With a shell, `$API` being this API's address and `$TOKEN` a candidate's token:

```sh
{CURL}
```

Nothing printed: it is uploaded. S3 refuses in XML; `upload.refusals` has a sentence for each
`<Code>`. The language of all sentences is the one `Accept-Language` asks for.
"""


@router.post(
    "",
    status_code=201,
    summary="Get the address for one photo's upload",
    operation_id="create_photo",
    description=DESCRIPTION,
)
async def create_photo(
    call: CallOf, body: UploadBody, language: LanguageAsked
) -> UploadIssuedAnswer:
    raise NotImplementedError  # never served: this router is in no app, only in the document

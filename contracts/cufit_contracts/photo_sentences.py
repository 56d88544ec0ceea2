"""What is wrong with a photo and what its owner can do: the one list, in Korean and in English.

The service says these with a REJECTED photo, `photo_upload_url` in its answers, and
docs/photo-problems.md shows them (`python -m cufit_ops.photo_problems` writes it).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from cufit_contracts.photo_problems import Sentences, StorageRefusal
from cufit_contracts.photos import RejectionReason, UploadRefusal

_CAPTURE: Final = Sentences(
    "화면에 띄워 캡처한 사진을 올려 주세요(아이폰: 측면 버튼+음량 높이기, 갤럭시: 측면 버튼+음량"
    " 내리기).",
    "Show it and take a screenshot (iPhone: side and volume up, Galaxy: side and volume down);"
    " upload that.",
)
"""Of a file that is not taken as it is. Every phone can, though none has a menu for all that may be
wrong (an iPhone's Photos makes no smaller copy), and a screenshot has about the size shown."""
_CHOOSE_AGAIN: Final = Sentences(
    "사진을 다시 골라 올려 주세요.", "Choose the photo again and upload it."
)
_LATER: Final = Sentences("잠시 뒤 다시 올려 주세요.", "Wait a moment and upload it again.")
_UPDATE_APP: Final = Sentences(
    "다시 올려 보고, 계속되면 앱을 업데이트해 주세요.",
    "Upload it again; if it goes on, update the app.",
)
"""Of a program's fault: its user can do no more."""
_NO_PHOTO: Final = _CAPTURE.after(
    "JPEG, HEIC, PNG, WebP, AVIF 사진이 아닙니다.",
    "The file is no JPEG, HEIC, PNG, WebP or AVIF photo.",
)

OF_REJECTION: Final[Mapping[RejectionReason, Sentences]] = MappingProxyType(
    {
        RejectionReason.ANIMATED: _CAPTURE.after("움직이는 사진입니다.", "The picture moves."),
        RejectionReason.CHECKSUM_MISMATCH: _CHOOSE_AGAIN.after(
            "올라온 파일이 고른 사진과 다릅니다.", "What arrived is not the file that was chosen."
        ),
        RejectionReason.LENGTH_MISMATCH: _CHOOSE_AGAIN.after(
            "올라온 파일의 크기가 처음 알린 크기와 다릅니다.",
            "The file that arrived has another length than announced.",
        ),
        RejectionReason.SECOND_FORMAT: _CAPTURE.after(
            "사진 안에 다른 파일이 들어 있습니다.", "The photo has another file inside."
        ),
        RejectionReason.TOO_MANY_PIXELS: _CAPTURE.after(
            "사진의 해상도가 너무 높습니다. 카메라 해상도를 12MP로 바꿔 다시 찍거나,",
            "The photo has too many pixels. Set the camera to 12 megapixels and take it again, or"
            " do this.",
        ),
        RejectionReason.TOO_NARROW: Sentences(
            "사진이 너무 길쭉합니다. 긴 쪽을 잘라 낸 뒤 올려 주세요.",
            "The photo is too long and narrow. Crop its longer side and upload that.",
        ),
        RejectionReason.TOO_SMALL: Sentences(
            "사진이 너무 작습니다. 잘라 내거나 줄이지 않은 원본을 올려 주세요.",
            "The photo is too small. Upload the original, neither cropped nor shrunk.",
        ),
        RejectionReason.TYPE_UNSUPPORTED: _NO_PHOTO,
        RejectionReason.UNREADABLE: Sentences(
            "파일이 손상되어 사진을 열 수 없습니다. 사진첩에서 열리면 화면을 캡처해 올리고, 열리지"
            " 않으면 다른 사진을 골라 주세요.",
            "The file is damaged. If your gallery opens it, upload a screenshot of it; if not,"
            " choose another photo.",
        ),
        RejectionReason.WITHDRAWN: Sentences(
            "삭제하고 있는 사진입니다. 잠시 뒤에도 목록에 있으면 다시 삭제해 주세요.",
            "This photo is being deleted. If it is still here in a moment, delete it again.",
        ),
    }
)
"""With the photo, once it is REJECTED."""

OF_STORAGE: Final[Mapping[StorageRefusal, Sentences]] = MappingProxyType(
    {
        StorageRefusal.ACCESS_DENIED: _CHOOSE_AGAIN.after(
            "올릴 수 있는 시간이 지났습니다.", "The time for this upload is over."
        ),
        StorageRefusal.BAD_DIGEST: _CHOOSE_AGAIN.after(
            "올라온 파일이 고른 사진과 다릅니다.", "What arrived is not the file that was chosen."
        ),
        StorageRefusal.CONDITIONAL_REQUEST_CONFLICT: Sentences(
            "같은 사진이 동시에 두 번 올라왔습니다. 목록을 새로 고치고, 없으면 다시 올려 주세요.",
            "The upload was sent twice at once. Refresh the list; upload again what is missing.",
        ),
        StorageRefusal.ENTITY_TOO_LARGE: _CAPTURE.after(
            "파일이 너무 큽니다.", "The file is too large."
        ),
        StorageRefusal.ENTITY_TOO_SMALL: _CHOOSE_AGAIN.after(
            "파일이 비어 있거나 너무 작습니다.", "The file is empty or too small."
        ),
        StorageRefusal.EXPIRED_TOKEN: _CHOOSE_AGAIN.after(
            "올릴 수 있는 시간이 지났습니다.", "The time for this upload is over."
        ),
        StorageRefusal.INCOMPLETE_BODY: _CHOOSE_AGAIN.after(
            "올리는 도중에 연결이 끊겼습니다.", "The connection broke off on the way."
        ),
        StorageRefusal.INTERNAL_ERROR: _LATER.after(
            "저장소에 문제가 생겼습니다.", "Something broke in the storage."
        ),
        StorageRefusal.INVALID_REQUEST: _UPDATE_APP.after(
            "앱이 파일을 잘못된 방식으로 보냈습니다.", "The app sent the file in a wrong way."
        ),
        StorageRefusal.MISSING_CONTENT_LENGTH: _UPDATE_APP.after(
            "앱이 파일의 크기를 보내지 않았습니다.", "The app did not send the file's length."
        ),
        StorageRefusal.NOT_IMPLEMENTED: _UPDATE_APP.after(
            "저장소가 받지 않는 방식으로 앱이 파일을 보냈습니다.",
            "The app sent the file in a way the storage does not take.",
        ),
        StorageRefusal.PRECONDITION_FAILED: Sentences(
            "이 사진은 이미 올라와 있습니다. 목록을 새로 고쳐 상태를 확인해 주세요.",
            "This photo has arrived already. Refresh the list and look at its state.",
        ),
        StorageRefusal.REQUEST_TIMEOUT: _CHOOSE_AGAIN.after(
            "연결이 너무 느립니다. 신호가 좋은 곳에서",
            "The connection is too slow. Go where it is better.",
        ),
        StorageRefusal.SERVICE_UNAVAILABLE: _LATER.after(
            "저장소가 잠시 응답하지 않습니다.", "The storage does not answer just now."
        ),
        StorageRefusal.SIGNATURE_DOES_NOT_MATCH: _UPDATE_APP.after(
            "앱이 처음 알린 것과 다른 형식이나 크기로 파일을 보냈습니다.",
            "The app sent another type or length than it had announced.",
        ),
        StorageRefusal.SLOW_DOWN: _LATER.after(
            "지금 올리는 사람이 많습니다.", "Many are uploading just now."
        ),
        StorageRefusal.CONTENT_SHA256_MISMATCH: _UPDATE_APP.after(
            "올라온 파일이 고른 사진과 다릅니다.", "What arrived is not the file that was chosen."
        ),
    }
)
"""With the URL, for whoever is refused by S3, which speaks XML and English."""

OF_ISSUING: Final[Mapping[UploadRefusal, Sentences]] = MappingProxyType(
    {
        UploadRefusal.UNAUTHORIZED: Sentences(
            "로그인이 필요합니다. 다시 로그인해 주세요.", "You are not signed in. Sign in again."
        ),
        UploadRefusal.ROLE_NOT_ALLOWED: Sentences(
            "사진은 후보자만 올릴 수 있습니다. 먼저 후보자 초대를 수락해 주세요.",
            "Only candidates upload photos. Accept a candidate's invitation first.",
        ),
        UploadRefusal.UPLOADS_COLLIDE: _LATER.after(
            "여러 사진을 동시에 올리기 시작했습니다.", "Several uploads began at once."
        ),
        UploadRefusal.BODY_INVALID: _UPDATE_APP.after(
            "앱의 요청을 읽을 수 없습니다.", "The app's request cannot be read."
        ),
        UploadRefusal.CONTENT_TYPE_UNSUPPORTED: _NO_PHOTO,
        UploadRefusal.CONTENT_LENGTH_INVALID: _CHOOSE_AGAIN.after(
            "파일이 비어 있거나 크기를 알 수 없습니다.",
            "The file is empty or its size unknown.",
        ),
        UploadRefusal.PHOTO_TOO_LARGE: _CAPTURE.after(
            "사진은 {limit} MB까지 올릴 수 있습니다.", "A photo may have at most {limit} MB."
        ),
        UploadRefusal.SHA256_INVALID: _UPDATE_APP.after(
            "앱이 파일 정보를 잘못 보냈습니다.", "The app told something wrong about the file."
        ),
        UploadRefusal.UPLOADS_PER_DAY_REACHED: Sentences(
            "하루에 {limit}번까지 올릴 수 있습니다. 내일(한국 시간) 다시 올려 주세요.",
            "At most {limit} uploads a day; try again tomorrow (in Korea).",
        ),
        UploadRefusal.PHOTOS_PER_CANDIDATE_REACHED: Sentences(
            "사진은 {limit}장까지 둘 수 있습니다. 한 장을 지우고 다시 올려 주세요.",
            "At most {limit} photos; delete one and upload again.",
        ),
        UploadRefusal.INTERNAL_ERROR: _LATER.after(
            "저희 쪽에 문제가 생겼습니다.", "Something broke here."
        ),
    }
)
"""In place of the URL. `{limit}` is what is allowed."""

_DRAWING: Final = _CAPTURE.after(
    "사진이 아니라 그림이나 문서입니다.", "This is a drawing or a document, not a photo."
)
_FILM: Final = _CAPTURE.after(
    "동영상은 받지 않습니다. 마음에 드는 장면을", "This is a film. Stop it where you like."
)
_RAW: Final = _CAPTURE.after(
    "RAW 사진은 받지 않습니다. 카메라의 RAW를 끄고(아이폰: 설정 > 카메라 > 포맷, 갤럭시: 카메라"
    " 설정 > 고급 사진 옵션) 다시 찍거나,",
    "RAW photos are not taken. Switch RAW off (iPhone: Settings > Camera > Formats, Galaxy: Camera"
    " settings > Advanced picture options) and take it again, or do this.",
)

OF_TYPE: Final[Mapping[str, Sentences]] = MappingProxyType(
    {
        "image/gif": _CAPTURE.after("GIF는 받지 않습니다.", "GIFs are not taken."),
        "image/svg+xml": _DRAWING,
        "application/pdf": _DRAWING,
        "image/x-adobe-dng": _RAW,
        "video/mp4": _FILM,
        "video/quicktime": _FILM,
    }
)
"""In place of CONTENT_TYPE_UNSUPPORTED's, for types people try."""

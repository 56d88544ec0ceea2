"""Photos of a candidate. Uploads start at POST /v1/photos, which a function answers."""

from cufit_service.domain import errors
from cufit_service.entrypoints.http.context import Call
from cufit_service.entrypoints.http.routing import Router
from cufit_service.entrypoints.http.schemas.common import Id, List
from cufit_service.entrypoints.http.schemas.photos import PhotoAnswer, PhotoOrderBody

router = Router("/v1/candidates", tag="photos")


@router.operation("PUT", "/me/photos/order", refuses=(errors.NotAllowed, errors.PhotoUnknown))
async def put_photo_order(call: Call, body: PhotoOrderBody) -> None:
    """Show your photos in this order."""
    await call.use_cases.manage_photos.arrange(call.member, body.photo_ids)


@router.operation(
    "DELETE",
    "/me/photos/{photo_id}",
    refuses=(errors.NotAllowed, errors.PhotoUnknown),
)
async def delete_photo(call: Call, photo_id: Id) -> None:
    """Delete one of your photos."""
    await call.use_cases.manage_photos.delete(call.member, photo_id)


@router.operation(
    "GET",
    "/{candidate_id}/photos",
    refuses=(errors.NotAllowed, errors.CandidateUnknown),
)
async def list_photos(call: Call, candidate_id: Id) -> List[PhotoAnswer]:
    """The photos that belong to a candidate's card."""
    photos = await call.use_cases.list_photos.of_candidate(call.member, candidate_id)
    return List(items=[PhotoAnswer.of(photo) for photo in photos])

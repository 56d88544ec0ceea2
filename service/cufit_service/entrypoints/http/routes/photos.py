"""Photos of a candidate. Uploads start at POST /v1/photos, which a function answers."""

from fastapi import APIRouter, Response

from cufit_service.domain import errors
from cufit_service.entrypoints.http.context import CallOf, MemberRoute
from cufit_service.entrypoints.http.problems import refusals
from cufit_service.entrypoints.http.schemas.common import Id, List
from cufit_service.entrypoints.http.schemas.photos import PhotoAnswer, PhotoOrderBody

router = APIRouter(prefix="/v1/candidates", tags=["photos"], route_class=MemberRoute)


@router.put(
    "/me/photos/order",
    status_code=204,
    response_class=Response,
    summary="Show your photos in this order",
    responses=refusals(errors.NotAllowed, errors.PhotoUnknown, errors.Contended),
)
async def put_photo_order(call: CallOf, body: PhotoOrderBody) -> None:
    await call.use_cases.photos.arrange(call.member, body.photo_ids)


@router.delete(
    "/me/photos/{photo_id}",
    status_code=204,
    response_class=Response,
    summary="Delete one of your photos",
    responses=refusals(errors.NotAllowed, errors.PhotoUnknown, errors.Contended),
)
async def delete_photo(call: CallOf, photo_id: Id) -> None:
    await call.use_cases.photos.delete(call.member, photo_id)


@router.get(
    "/{candidate_id}/photos",
    summary="The photos that belong to a candidate's card",
    responses=refusals(errors.NotAllowed, errors.CandidateUnknown),
)
async def list_photos(call: CallOf, candidate_id: Id) -> List[PhotoAnswer]:
    photos = await call.use_cases.photos.of_candidate(call.member, candidate_id)
    return List(items=[PhotoAnswer.of(photo) for photo in photos])

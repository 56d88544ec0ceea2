"""Photos of a candidate. Uploads start at POST /v1/photos, which a function answers."""

from fastapi import APIRouter

from cufit_service.domain import errors
from cufit_service.entrypoints.http.context import CallingMember, ContextOf, MemberRoute
from cufit_service.entrypoints.http.problems import refusals
from cufit_service.entrypoints.http.schemas.common import Id, List
from cufit_service.entrypoints.http.schemas.photos import PhotoAnswer, PhotoOrderBody

router = APIRouter(prefix="/v1/candidates", tags=["photos"], route_class=MemberRoute)


@router.put(
    "/me/photos/order",
    status_code=204,
    summary="Show your photos in this order",
    responses=refusals(errors.NotAllowed, errors.PhotoUnknown),
)
async def put_photo_order(member: CallingMember, context: ContextOf, body: PhotoOrderBody) -> None:
    await context.use_cases.manage_photos.arrange(member, body.photo_ids)


@router.delete(
    "/me/photos/{photo_id}",
    status_code=204,
    summary="Delete one of your photos",
    responses=refusals(errors.NotAllowed, errors.PhotoUnknown),
)
async def delete_photo(member: CallingMember, context: ContextOf, photo_id: Id) -> None:
    await context.use_cases.manage_photos.delete(member, photo_id)


@router.get(
    "/{candidate_id}/photos",
    summary="The photos that belong to a candidate's card",
    responses=refusals(errors.NotAllowed, errors.CandidateUnknown),
)
async def list_photos(
    member: CallingMember, context: ContextOf, candidate_id: Id
) -> List[PhotoAnswer]:
    photos = await context.use_cases.list_photos.of_candidate(member, candidate_id)
    return List(items=[PhotoAnswer.of(photo) for photo in photos])

"""Photos of a candidate. Uploads start at POST /v1/photos, which a function answers."""

from typing import Annotated

from fastapi import APIRouter, Path

from cufit_service.domain import errors
from cufit_service.entrypoints.http.context import CallingMember, UseCasesOf
from cufit_service.entrypoints.http.openapi import refusals
from cufit_service.entrypoints.http.schemas.common import List
from cufit_service.entrypoints.http.schemas.photos import PhotoAnswer, PhotoOrderBody

router = APIRouter(prefix="/v1/candidates", tags=["photos"])


@router.put(
    "/me/photos/order",
    status_code=204,
    summary="Show your photos in this order",
    responses=refusals(errors.NotAllowed, errors.PhotoUnknown),
)
async def put_photo_order(
    body: PhotoOrderBody, member: CallingMember, use_cases: UseCasesOf
) -> None:
    await use_cases.manage_photos.arrange(member, body.photo_ids)


@router.delete(
    "/me/photos/{photo_id}",
    status_code=204,
    summary="Delete one of your photos",
    responses=refusals(errors.NotAllowed, errors.PhotoUnknown),
)
async def delete_photo(
    photo_id: Annotated[str, Path(max_length=64)], member: CallingMember, use_cases: UseCasesOf
) -> None:
    await use_cases.manage_photos.delete(member, photo_id)


@router.get(
    "/{candidate_id}/photos",
    summary="The photos that belong to a candidate's card",
    responses=refusals(errors.NotAllowed, errors.CandidateUnknown),
)
async def list_photos(
    candidate_id: Annotated[str, Path(max_length=64)], member: CallingMember, use_cases: UseCasesOf
) -> List[PhotoAnswer]:
    photos = await use_cases.list_photos.of_candidate(member, candidate_id)
    return List(items=[PhotoAnswer.of(photo) for photo in photos])

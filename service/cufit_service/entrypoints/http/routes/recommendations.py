"""/v1/recommendations"""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from starlette.requests import Request

from cufit_service.domain import errors
from cufit_service.entrypoints.http.context import (
    CallingMember,
    ContextOf,
    UseCasesOf,
    WindowAsked,
    cursor_after,
)
from cufit_service.entrypoints.http.idempotency import CreationOf, Made
from cufit_service.entrypoints.http.openapi import refusals
from cufit_service.entrypoints.http.request_log import CORRELATION_HEADER
from cufit_service.entrypoints.http.schemas.common import List
from cufit_service.entrypoints.http.schemas.recommendations import (
    AcceptedAnswer,
    RecommendationAnswer,
    RecommendationBody,
)

router = APIRouter(prefix="/v1/recommendations", tags=["recommendations"])

RecommendationId = Annotated[str, Path(max_length=64)]


@router.post(
    "",
    status_code=202,
    response_model=AcceptedAnswer,
    summary="Ask who would suit one of your candidates",
    description="The answer comes later: read the address in `Location` until it is not PENDING.",
    responses=refusals(
        errors.NotAllowed,
        errors.CandidateUnknown,
        errors.CandidatePaused,
        errors.RecommendationsUsedUp,
        errors.KeyReused,
        errors.StillRunning,
    ),
)
async def create_recommendation(
    body: RecommendationBody, member: CallingMember, context: ContextOf, creation: CreationOf
) -> Response:
    async def make(recommendation_id: str) -> Made:
        pending = await context.use_cases.ask_for_recommendation(
            member, body.candidate_id, recommendation_id
        )
        headers = {
            "Location": f"{router.prefix}/{recommendation_id}",
            CORRELATION_HEADER: recommendation_id,
        }
        return 202, headers, AcceptedAnswer.model_validate(pending)

    return await creation.answer(context, member, body, context.ids.recommendation_id, make)


@router.get("", summary="Your recommendations", responses=refusals(errors.NotAllowed))
async def list_recommendations(
    member: CallingMember, window: WindowAsked, use_cases: UseCasesOf
) -> List[RecommendationAnswer]:
    page = await use_cases.read_recommendations.newest(member, window)
    items = [RecommendationAnswer.of(introduced) for introduced in page.items]
    return List(items=items, next=cursor_after(page))


@router.get(
    "/{recommendation_id}",
    summary="A recommendation of yours, with its story",
    responses=refusals(errors.NotAllowed, errors.RecommendationUnknown),
)
async def get_recommendation(
    recommendation_id: RecommendationId,
    member: CallingMember,
    use_cases: UseCasesOf,
) -> RecommendationAnswer:
    return RecommendationAnswer.of(
        await use_cases.read_recommendations.one(member, recommendation_id)
    )


@router.post(
    "/{recommendation_id}/upgrade",
    status_code=202,
    summary="Ask a model after all, where rules alone have answered",
    description="For a recommendation that is DEGRADED; it is PENDING again, its answer is taken "
    "back, and it counts as one of the day's. Sent twice, it happens once.",
    responses=refusals(
        errors.NotAllowed,
        errors.RecommendationUnknown,
        errors.NotDegraded,
        errors.CandidateUnknown,
        errors.CandidatePaused,
        errors.RecommendationsUsedUp,
    ),
)
async def upgrade_recommendation(
    recommendation_id: RecommendationId,
    member: CallingMember,
    use_cases: UseCasesOf,
    request: Request,
    response: Response,
) -> AcceptedAnswer:
    pending = await use_cases.upgrade_recommendation(member, recommendation_id)
    request.state.correlation_id = pending.recommendation_id
    response.headers["Location"] = f"{router.prefix}/{pending.recommendation_id}"
    return AcceptedAnswer.model_validate(pending)

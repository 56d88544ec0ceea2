"""/v1/recommendations"""

from fastapi import APIRouter, Response

from cufit_service.domain import errors
from cufit_service.entrypoints.http.context import CallOf, MemberRoute, PageAsked, cursor_after
from cufit_service.entrypoints.http.idempotency import CreationOf, Made
from cufit_service.entrypoints.http.problems import refusals
from cufit_service.entrypoints.http.request_log import CORRELATION_HEADER
from cufit_service.entrypoints.http.schemas.common import Id, List
from cufit_service.entrypoints.http.schemas.recommendations import (
    AcceptedAnswer,
    RecommendationAnswer,
    RecommendationBody,
)

router = APIRouter(prefix="/v1/recommendations", tags=["recommendations"], route_class=MemberRoute)


@router.post(
    "",
    status_code=202,
    response_model=AcceptedAnswer,
    summary="Ask who would suit one of your candidates",
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
    call: CallOf, creation: CreationOf, body: RecommendationBody
) -> Response:
    """The answer comes later: read the address in `Location` until it is not PENDING."""

    async def make(recommendation_id: str) -> Made:
        pending = await call.use_cases.recommendations.ask(
            call.member, body.candidate_id, recommendation_id
        )
        headers = {
            "Location": f"{router.prefix}/{recommendation_id}",
            CORRELATION_HEADER: recommendation_id,
        }
        return headers, AcceptedAnswer.model_validate(pending)

    return await creation.answer(body, call.context.ids.recommendation_id, make)


@router.get("", summary="Your recommendations", responses=refusals(errors.NotAllowed))
async def list_recommendations(call: CallOf, query: PageAsked) -> List[RecommendationAnswer]:
    page = await call.use_cases.recommendations.newest(call.member, query.window)
    items = [RecommendationAnswer.of(introduced) for introduced in page.items]
    return List(items=items, next=cursor_after(page))


@router.get(
    "/{recommendation_id}",
    summary="A recommendation of yours, with its story",
    responses=refusals(errors.NotAllowed, errors.RecommendationUnknown),
)
async def get_recommendation(call: CallOf, recommendation_id: Id) -> RecommendationAnswer:
    return RecommendationAnswer.of(
        await call.use_cases.recommendations.one(call.member, recommendation_id)
    )


@router.post(
    "/{recommendation_id}/upgrade",
    status_code=202,
    summary="Ask a model after all, where rules alone have answered",
    responses=refusals(
        errors.NotAllowed,
        errors.RecommendationUnknown,
        errors.NotDegraded,
        errors.CandidateUnknown,
        errors.CandidatePaused,
        errors.RecommendationsUsedUp,
    ),
)
async def upgrade_recommendation(call: CallOf, recommendation_id: Id) -> AcceptedAnswer:
    """For a recommendation that is DEGRADED; it is PENDING again, its answer is taken back, and it
    counts as one of the day's. Sent twice, it happens once.
    """
    pending = await call.use_cases.recommendations.upgrade(call.member, recommendation_id)
    call.request.state.correlation_id = pending.recommendation_id
    call.response.headers["Location"] = f"{router.prefix}/{pending.recommendation_id}"
    return AcceptedAnswer.model_validate(pending)

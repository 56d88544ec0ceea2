"""/v1/recommendations"""

from starlette.responses import Response

from cufit_service.domain import errors
from cufit_service.entrypoints.http.context import Call, PageQuery, cursor_after
from cufit_service.entrypoints.http.idempotency import CreationHeaders, Made, answer_once
from cufit_service.entrypoints.http.request_log import CORRELATION_HEADER
from cufit_service.entrypoints.http.routing import Router
from cufit_service.entrypoints.http.schemas.common import Id, List
from cufit_service.entrypoints.http.schemas.recommendations import (
    AcceptedAnswer,
    RecommendationAnswer,
    RecommendationBody,
)

router = Router("/v1/recommendations", tag="recommendations")


@router.operation(
    "POST",
    status=202,
    answer=AcceptedAnswer,
    refuses=(
        errors.NotAllowed,
        errors.CandidateUnknown,
        errors.CandidatePaused,
        errors.RecommendationsUsedUp,
        errors.KeyReused,
        errors.StillRunning,
    ),
)
async def create_recommendation(
    call: Call, headers: CreationHeaders, body: RecommendationBody
) -> Response:
    """Ask who would suit one of your candidates.

    The answer comes later: read the address in `Location` until it is not PENDING.
    """

    async def make(recommendation_id: str) -> Made:
        pending = await call.use_cases.ask_for_recommendation(
            call.member, body.candidate_id, recommendation_id
        )
        made_headers = {
            "Location": f"{router.prefix}/{recommendation_id}",
            CORRELATION_HEADER: recommendation_id,
        }
        return 202, made_headers, AcceptedAnswer.model_validate(pending)

    return await answer_once(call, headers, body, call.context.ids.recommendation_id, make)


@router.operation("GET", refuses=(errors.NotAllowed,))
async def list_recommendations(call: Call, query: PageQuery) -> List[RecommendationAnswer]:
    """Your recommendations."""
    page = await call.use_cases.read_recommendations.newest(call.member, query.window)
    items = [RecommendationAnswer.of(introduced) for introduced in page.items]
    return List(items=items, next=cursor_after(page))


@router.operation(
    "GET",
    "/{recommendation_id}",
    refuses=(errors.NotAllowed, errors.RecommendationUnknown),
)
async def get_recommendation(call: Call, recommendation_id: Id) -> RecommendationAnswer:
    """A recommendation of yours, with its story."""
    return RecommendationAnswer.of(
        await call.use_cases.read_recommendations.one(call.member, recommendation_id)
    )


@router.operation(
    "POST",
    "/{recommendation_id}/upgrade",
    status=202,
    refuses=(
        errors.NotAllowed,
        errors.RecommendationUnknown,
        errors.NotDegraded,
        errors.CandidateUnknown,
        errors.CandidatePaused,
        errors.RecommendationsUsedUp,
    ),
)
async def upgrade_recommendation(call: Call, recommendation_id: Id) -> AcceptedAnswer:
    """Ask a model after all, where rules alone have answered.

    For a recommendation that is DEGRADED; it is PENDING again, its answer is taken back, and it
    counts as one of the day's. Sent twice, it happens once.
    """
    pending = await call.use_cases.upgrade_recommendation(call.member, recommendation_id)
    call.request.state.correlation_id = pending.recommendation_id
    call.headers["Location"] = f"{router.prefix}/{pending.recommendation_id}"
    return AcceptedAnswer.model_validate(pending)

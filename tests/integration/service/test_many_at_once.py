"""Many requests of one maker at once, by HTTP: exactly what a day's quota allows, and never a 5xx.

On the AWS in memory requests overtake each other and transactions that meet on an item conflict;
moto makes one call after the other, in the client's own wire format.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from cufit_contracts.identity import member_id_of
from cufit_contracts.vocabulary import Gender
from cufit_service.application.ports import Identity
from cufit_service.application.use_cases import Ports, UseCases
from cufit_service.bootstrap import aws_ports
from cufit_service.domain.member import Role
from cufit_service.domain.quota import RECOMMENDATIONS_A_DAY, SUGGESTIONS
from cufit_service.entrypoints.http.app import create_app
from cufit_service.entrypoints.http.context import Context
from cufit_service.entrypoints.http.rate_limits import Rate, RateLimits
from cufit_service.entrypoints.server import Lifecycle
from tests.in_memory_aws.clients import clients
from tests.in_memory_aws.cloud import Cloud
from tests.in_memory_aws.settings import ISSUER, SETTINGS
from tests.integration.service.conftest import Backend
from tests.integration.service.profiles import save_new
from tests.unit.service.http_world import PROFILE_BODY
from tests.unit.service.world import PROFILE, candidate_of, member

IN_MEMORY, MOTO = "in memory", "moto"

LATENCY_SECONDS = 0.004
"""What a call of DynamoDB takes within a region."""

MAKER, OTHER = (member_id_of(ISSUER, subject) for subject in ("maker", "other"))
HER = PROFILE
HIM = replace(PROFILE, gender=Gender.MALE)


class _NamesAsTokens:
    async def verify(self, token: str) -> Identity:
        return Identity(ISSUER, token)


@pytest.fixture
async def ports(request: pytest.FixtureRequest) -> AsyncIterator[Ports]:
    if request.param == IN_MEMORY:
        cloud = Cloud(time.time)
        cloud.dynamodb.transaction_seconds = 0.9 * LATENCY_SECONDS
        yield aws_ports(SETTINGS, clients(cloud.call, LATENCY_SECONDS))
        return
    backend: Backend = request.getfixturevalue("backend")
    async with backend.asked() as moto:
        yield moto.ports


@pytest.fixture
def a_day(request: pytest.FixtureRequest) -> int:
    """Recommendations the maker has in a day."""
    number: int = getattr(request, "param", RECOMMENDATIONS_A_DAY)
    return number


@pytest.fixture
async def maker(ports: Ports, a_day: int) -> AsyncIterator[httpx.AsyncClient]:
    for maker_id in (MAKER, OTHER):
        await ports.members.welcome(member(maker_id, Role.MAKER, "m_admin"))
    await save_new(ports, candidate_of(MAKER, "m_her"))
    context = Context(
        UseCases.on(ports, admin_subjects=(), daily_recommendations=a_day),
        _NamesAsTokens(),
        ports.clock,
        ports.ids,
        Lifecycle(),
        RateLimits(writes=Rate(burst=1000, per_second=1000)),
    )
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(create_app(context)),
        base_url="http://cufit",
        headers={"Authorization": "Bearer maker"},
    ) as client:
        yield client


def _statuses(answers: list[httpx.Response]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


@pytest.mark.parametrize(
    ("ports", "a_day", "at_once"),
    # moto answers a hundred calls in a second, and a call that waits for a second is given up.
    [(IN_MEMORY, 30, 50), (IN_MEMORY, 30, 100), (MOTO, 5, 10)],
    indirect=["ports", "a_day"],
)
async def test_exactly_a_days_recommendations_are_accepted(
    maker: httpx.AsyncClient, a_day: int, at_once: int
) -> None:
    answers = await asyncio.gather(
        *(maker.post("/v1/recommendations", json={"candidateId": "m_her"}) for _ in range(at_once))
    )
    assert _statuses(answers) == {202: a_day, 429: at_once - a_day}
    for answer in answers:
        if answer.status_code == 429:
            assert answer.json()["code"] == "recommendations_used_up"
            assert int(answer.headers["Retry-After"]) > 0
    listed = (await maker.get("/v1/recommendations", params={"limit": 50})).json()["items"]
    assert len(listed) == a_day


@pytest.mark.parametrize("ports", [IN_MEMORY, MOTO], indirect=True)
async def test_exactly_a_days_suggestions_are_made_of_one_candidate(
    maker: httpx.AsyncClient, ports: Ports
) -> None:
    """She on the left side and on the right, where half of the others are the maker's own."""
    men = [f"m_man_{number}" for number in range(12)]
    for number, man in enumerate(men):
        await save_new(ports, candidate_of((MAKER, OTHER)[number % 2], man, profile=HIM))
    pairs = [
        (man, "m_her") if number % 4 == 0 else ("m_her", man) for number, man in enumerate(men)
    ]
    answers = await asyncio.gather(
        *(
            maker.post("/v1/matches", json={"candidateId": one, "otherCandidateId": other})
            for one, other in pairs
        )
    )
    assert _statuses(answers) == {201: SUGGESTIONS.a_day, 429: len(men) - SUGGESTIONS.a_day}
    listed = (await maker.get("/v1/matches", params={"candidateId": "m_her"})).json()["items"]
    assert len(listed) == SUGGESTIONS.a_day


@pytest.mark.parametrize("ports", [IN_MEMORY], indirect=True)
async def test_one_wanted_by_many_is_suggested_to_each_of_them(
    maker: httpx.AsyncClient, ports: Ports
) -> None:
    """Every suggestion checks his row, so every two of the transactions meet."""
    await save_new(ports, candidate_of(OTHER, "m_him", profile=HIM))
    women = [f"m_woman_{number}" for number in range(30)]
    for woman in women:
        await save_new(ports, candidate_of(MAKER, woman))
    answers = await asyncio.gather(
        *(
            maker.post("/v1/matches", json={"candidateId": woman, "otherCandidateId": "m_him"})
            for woman in women
        )
    )
    assert _statuses(answers) == {201: len(women)}


@pytest.mark.parametrize("ports", [IN_MEMORY], indirect=True)
async def test_one_profile_saved_by_many_devices_at_once_is_never_a_5xx(
    maker: httpx.AsyncClient, ports: Ports
) -> None:
    her = member_id_of(ISSUER, "her")
    await save_new(ports, candidate_of(MAKER, her))
    answers = await asyncio.gather(
        *(
            maker.put(
                "/v1/candidates/me",
                json=PROFILE_BODY | {"job": f"job {number}"},
                headers={"Authorization": "Bearer her"},
            )
            for number in range(30)
        )
    )
    assert _statuses(answers) == {200: 30}

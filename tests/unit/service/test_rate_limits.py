"""Nobody crowds out the others."""

import pytest

from cufit_service.domain.errors import RateLimited
from cufit_service.domain.member import Role
from cufit_service.entrypoints.http import rate_limits
from cufit_service.entrypoints.http.rate_limits import Rate, RateLimits
from tests.unit.service.http_world import HttpWorld


class Limits:
    def __init__(self, burst: int = 3, per_second: float = 0.5) -> None:
        self.now = 0.0
        rate = Rate(burst, per_second)
        self.limits = RateLimits(rate, rate, clock=lambda: self.now)

    def admitted(self, member_id: str = "m_a", *, writes: bool = False) -> int:
        """How many requests are admitted before one is not."""
        for count in range(100):
            try:
                self.limits.admit(member_id, writes=writes)
            except RateLimited:
                return count
        return 100


def test_a_burst_is_admitted_and_then_a_trickle() -> None:
    limits = Limits()
    assert limits.admitted() == 3
    limits.now += 2
    assert limits.admitted() == 1
    limits.now += 3600
    assert limits.admitted() == 3


def test_the_refusal_says_when_to_come_again() -> None:
    limits = Limits()
    limits.admitted()
    limits.now += 0.5
    with pytest.raises(RateLimited) as refused:
        limits.limits.admit("m_a", writes=False)
    assert refused.value.again_in_seconds == 2
    limits.now += 2
    limits.limits.admit("m_a", writes=False)


def test_members_and_reads_and_writes_do_not_share() -> None:
    limits = Limits()
    assert limits.admitted("m_a") == 3
    assert limits.admitted("m_b") == 3
    assert limits.admitted("m_a", writes=True) == 3


def test_memory_is_bounded_and_the_least_recent_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "MEMBERS_KEPT", 2)
    limits = Limits()
    for member_id in ("m_a", "m_b"):
        assert limits.admitted(member_id) == 3
    assert limits.admitted("m_a") == 0
    assert limits.admitted("m_c") == 3
    assert limits.admitted("m_a") == 0
    assert limits.admitted("m_b") == 3


async def test_over_http_it_is_429_with_retry_after() -> None:
    http = HttpWorld(rate_limits=RateLimits(reads=Rate(2, 0.1)))
    http.person("maker", Role.MAKER, "admin")
    async with http.client("maker") as client:
        answers = [await client.get("/v1/invitations") for _ in range(3)]
        assert (await client.get("/health")).status_code == 200
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].json()["code"] == "rate_limited"
    assert answers[2].headers["Retry-After"] == "10"
    async with http.client("somebody-else") as client:
        assert (await client.get("/v1/members/me")).status_code == 200

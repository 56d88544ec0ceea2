"""The HTTP application on a World, and people who call it with signed tokens."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpx
from fastapi import FastAPI

from cufit_contracts.identity import member_id_of
from cufit_service.adapters.tokens.oidc_tokens import IssuerKeys, OidcTokens
from cufit_service.domain.member import Member, Role
from cufit_service.entrypoints.http.admission import Admission
from cufit_service.entrypoints.http.app import create_app
from cufit_service.entrypoints.http.context import Context
from cufit_service.entrypoints.http.rate_limits import RateLimits
from cufit_service.entrypoints.server import Lifecycle
from tests.unit.service.signing import AUDIENCES, ISSUER, published, token
from tests.unit.service.world import World, member

UPLOAD_PATH = "/v1/photos"

PROFILE_BODY: dict[str, Any] = {
    "name": "김하늘",
    "phone": "010-1234-5678",
    "nickname": "산들바람",
    "gender": "FEMALE",
    "birthYear": 1996,
    "heightCm": 164,
    "mbti": "INFJ",
    "city": "서울",
    "district": "마포구",
    "job": "디자이너",
    "hobbies": ["등산", "영화"],
    "smoking": 0,
    "drinking": 1,
    "selfIntroduction": "주말에는 한강을 걷습니다.",
    "idealType": {
        "ageRange": {"min": 28, "max": 35},
        "heightRange": {"min": 170, "max": 190},
        "mbti": ["ENFP"],
        "smokingMax": 0,
        "drinkingMax": 2,
        "freeText": "다정한 사람",
    },
}


@dataclass
class HttpWorld:
    world: World = field(default_factory=World)
    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    rate_limits: RateLimits = field(default_factory=RateLimits)
    admission: Admission = field(default_factory=Admission)
    shares_app: bool = False
    """Take the app that served other worlds; a new one works out its routes first, 60 ms."""

    def __post_init__(self) -> None:
        keys = IssuerKeys(ISSUER, "https://issuer.example/keys", fetch=published)
        tokens = OidcTokens(ISSUER, AUDIENCES, keys)
        world = self.world
        context = Context(
            world.use_cases,
            tokens,
            world.clock,
            world.ids,
            self.lifecycle,
            self.rate_limits,
            self.admission,
        )
        self.app: FastAPI = _shared_app() if self.shares_app else create_app(context)
        self.app.state.context = context

    def client(self, subject: str | None = None, **headers: str) -> httpx.AsyncClient:
        """Somebody with a good token, or nobody."""
        if subject is not None:
            headers["Authorization"] = f"Bearer {token(subject)}"
        transport = httpx.ASGITransport(self.app)
        return httpx.AsyncClient(transport=transport, base_url="http://cufit", headers=headers)

    def person(self, subject: str, role: Role, inviter: str | None = None) -> Member:
        """A member who signs in as `subject`."""
        inviter_id = member_id_of(ISSUER, inviter) if inviter else None
        known = member(member_id_of(ISSUER, subject), role, inviter_id)
        self.world.knows(known)
        return known


@cache
def _shared_app() -> FastAPI:
    return HttpWorld().app


def document() -> dict[str, Any]:
    """What the API says of itself at /openapi.json."""
    return _shared_app().openapi()


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, method and description of all that the service answers; a function does the rest."""
    for path, methods in document()["paths"].items():
        if path != UPLOAD_PATH:
            for method, operation in methods.items():
                yield path, method, operation

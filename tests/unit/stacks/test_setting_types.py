"""Single values that could never match what they are compared with are refused where they stand."""

from typing import Any

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from stacks.money_settings import Office
from stacks.setting_types import HttpsUrl, ParameterName, Repository, WebOrigin, WebOrigins
from stacks.settings import Auth, Delivery

AUTH = {"issuer": "https://kauth.kakao.com", "audiences": ["a"]}
DELIVERY = {
    "github_repository": "a/b",
    "deploy_from": ["x"],
    "github_provider": "create",
    "operator_roles": True,
}
REFUSED: tuple[tuple[Any, str], ...] = (
    *(
        (HttpsUrl, issuer)
        for issuer in (
            "https://kauth.kakao.com ",
            " https://kauth.kakao.com",
            "https://kauth.kakao.com/a b",
            "https://KAUTH.kakao.com",
            "HTTPS://kauth.kakao.com",
            "https://kauth.kakao.com?",
            "https://kauth.kakao.com/#",
            "https://me@kauth.kakao.com",
            "https://kauth.kakao.com/.well-known/openid-configuration",
            "https://",
        )
    ),
    *(
        (WebOrigin, origin)
        for origin in (
            "https://*",
            "https://*.cufit.kr",
            "https://CUFIT.kr",
            "HTTPS://cufit.kr",
            "https://큐핏.kr",
            "https://cufit.kr/",
            "https://cufit.kr?",
            "https://cufit.kr#a",
            "https://me@cufit.kr",
            "https://cufit.kr:",
            "https://cufit.kr:0",
            "https://cufit.kr:443",
            "https://cufit.kr:0444",
            "https://cufit.kr:65536",
            "https://cufit.kr:4４4",
            "https://cufit..kr",
            "https://-cufit.kr",
            "https://cufit.kr.",
            "https://cufit.kr ",
            "https://10.0.0.256",
            "https://1",
            "http://cufit.kr",
            "http://localhost:80",
        )
    ),
    *(
        (Repository, name)
        for name in (
            "a/b.git",
            "owner/..",
            "owner/.",
            "한글/저장소",
            "-a/b",
            "\u212aim/b",
            "a.b/c",
            "a",
            "a/b/c",
        )
    ),
    *(
        (ParameterName, name)
        for name in (
            *("//", "/a//b", "/cufit/prod/", "/", "a", "/aws/x", "/SSM/x", "/a b"),
            *("/x" * 16, "/" + "x" * 900),
        )
    ),
)
TAKEN: tuple[tuple[Any, str], ...] = (
    (HttpsUrl, "https://kauth.kakao.com"),
    (HttpsUrl, "https://team.eu.auth0.com/"),
    (HttpsUrl, "https://sso.cufit.kr:8443/realms/Cufit"),
    (WebOrigin, "https://cufit.kr"),
    (WebOrigin, "https://xn--299az5x.kr:65535"),
    (WebOrigin, "https://10.0.0.1"),
    (WebOrigin, "http://localhost:3000"),
    (WebOrigin, "http://localhost"),
    (WebOrigin, "http://127.0.0.1:8080"),
    (Repository, "Our-Team/our.cufit_2"),
    (Repository, "a/.github"),
    (ParameterName, "/cufit/prod/alarm-webhook"),
    (ParameterName, "/x" * 15),
)


def _ids(cases: tuple[tuple[Any, str], ...]) -> list[str]:
    """A type's own text has addresses in it, others in each worker."""
    return [f"{number} {value[:40]}" for number, (_, value) in enumerate(cases)]


@pytest.mark.parametrize(("kind", "value"), REFUSED, ids=_ids(REFUSED))
def test_what_can_never_match_is_refused(kind: Any, value: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(value)


@pytest.mark.parametrize(("kind", "value"), TAKEN, ids=_ids(TAKEN))
def test_what_can_match_is_taken(kind: Any, value: str) -> None:
    assert TypeAdapter(kind).validate_python(value) == value


def test_the_document_of_an_issuer_is_answered_with_the_issuer() -> None:
    with pytest.raises(ValidationError, match=r"the issuer itself is needed: https://a\.kr/b "):
        TypeAdapter(HttpsUrl).validate_python("https://a.kr/b/.well-known/openid-configuration")


def test_an_origin_is_named_once() -> None:
    with pytest.raises(ValidationError, match="stands twice"):
        TypeAdapter(WebOrigins).validate_python(["https://cufit.kr", "https://cufit.kr"])


@pytest.mark.parametrize(
    ("table", "content"),
    [
        (Delivery, DELIVERY | {"owner_id": 0, "repository_id": 1}),
        (Delivery, DELIVERY | {"owner_id": 1, "repository_id": -6}),
        (Office, {"days": ["MON", "MON"], "opens": "10:00", "closes": "11:00"}),
        (Auth, AUTH | {"admin_subjects": [""]}),
        (Auth, AUTH | {"admin_subjects": [" x"]}),
        (Auth, AUTH | {"admin_subjects": ["x", "x"]}),
    ],
    ids=str,
)
def test_what_a_table_cannot_hold(table: type[BaseModel], content: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        table.model_validate(content)

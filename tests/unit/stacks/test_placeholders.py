"""What is refused outside the laptop because it is nobody's, and what is said instead."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from stacks.config_files import load_environment
from stacks.placeholders import placeholders_of
from stacks.settings import Environment

REAL_KEY = "0123456789abcdef0123456789abcdef"
REAL = {
    '["kakao-rest-api-key", "kakao-native-app-key"]': f'["{REAL_KEY}"]',
    "cufit-dev@cufit.example": "team@cufit.kr",
    "cufit/cufit": "our-team/our-cufit",
}
"""Of tests/fixtures/config/dev.toml: what stands there, and what somebody could own."""
FIXTURE = Path(__file__).parents[2] / "fixtures/config/dev.toml"


def environment(tmp_path: Path, changes: Mapping[str, str]) -> Environment:
    text = FIXTURE.read_text()
    for old, new in {**REAL, **changes}.items():
        assert old in text
        text = text.replace(old, new)
    file = tmp_path / "dev.toml"
    file.write_text(text)
    return load_environment(file)


def test_an_environment_of_ones_own_may_be_deployed(tmp_path: Path) -> None:
    assert placeholders_of(environment(tmp_path, {})) == []


AT = "at a domain reserved for examples (RFC 2606)"
ISSUER = '"https://kauth.kakao.com"'
MODEL = "apac.amazon.nova-lite-v1:0"
CASES: Mapping[str, tuple[dict[str, str], str]] = {
    "an e-mail": (
        {"team@cufit.kr": "team@mail.example.com"},
        f"alarms.email = 'team@mail.example.com': {AT}, where nobody reads mail; put the address "
        "of who is to hear alarms there, or leave it out and set webhook_parameter",
    ),
    "an e-mail at the domain itself": (
        {"team@cufit.kr": "team@EXAMPLE.com"},
        f"alarms.email = 'team@EXAMPLE.com': {AT}, where nobody reads mail; put the address of who "
        "is to hear alarms there, or leave it out and set webhook_parameter",
    ),
    "the repository": (
        {"our-team/our-cufit": "cufit/cufit"},
        "delivery.github_repository = 'cufit/cufit': whoever owns that repository could deploy "
        "into your account; put your own owner/name there, or leave [delivery] out",
    ),
    "an audience": (
        {f'["{REAL_KEY}"]': f'["{REAL_KEY}", "{REAL_KEY.upper()}"]'},
        f"auth.audiences = ['{REAL_KEY}', '{REAL_KEY.upper()}']: keys of a Kakao app are 32 digits "
        f"of 0-9 and a-f, unlike '{REAL_KEY.upper()}'; put the REST API key (web) or the native "
        "app key (mobile SDKs) there, or both: developers.kakao.com, your app, app keys",
    ),
    "an origin": (
        {'["http://localhost:3000"]': '["https://cufit.kr", "https://www.example.net"]'},
        "web.origins = ['https://cufit.kr', 'https://www.example.net']: 'https://www.example.net' "
        f"{AT}; put the https:// origins of your pages there, or [] while there are none",
    ),
    "the public address": (
        {"retain_data": 'public_url = "https://api.cufit.test"\nretain_data'},
        f"public_url = 'https://api.cufit.test': {AT}; put the address where people reach the API "
        "there, or leave it out to use API Gateway's own",
    ),
    "an issuer": (
        {ISSUER: '"https://login.example"'},
        f"auth.issuer = 'https://login.example': {AT}; put the OIDC issuer there, exactly as in "
        "the iss of its tokens (Kakao's is 'https://kauth.kakao.com')",
    ),
    "an issuer's slash": (
        {ISSUER: '"https://kauth.kakao.com/"'},
        "auth.issuer = 'https://kauth.kakao.com/': is compared letter by letter with the iss of "
        "the tokens, which ends without a slash; put 'https://kauth.kakao.com' there",
    ),
    "an issuer's port": (
        {ISSUER: '"https://kauth.kakao.com:443"'},
        "auth.issuer = 'https://kauth.kakao.com:443': is compared letter by letter with the iss of "
        "the tokens, and Kakao's is 'https://kauth.kakao.com'; put that there",
    ),
    "an audience of the file, for another issuer": (
        {ISSUER: '"https://accounts.google.com"', REAL_KEY: "Kakao-Rest-API-Key"},
        "auth.audiences = ['Kakao-Rest-API-Key']: 'Kakao-Rest-API-Key' came with the file and is "
        "in nobody's tokens; put the client id there that their aud has",
    ),
    "the laptop's audience": (
        {ISSUER: '"https://accounts.google.com"', REAL_KEY: "cufit-local"},
        "auth.audiences = ['cufit-local']: 'cufit-local' came with the file and is in nobody's "
        "tokens; put the client id there that their aud has",
    ),
    "a key that only looks like one": (
        {REAL_KEY: "0123456789-abcdef"},
        "auth.audiences = ['0123456789-abcdef']: keys of a Kakao app are 32 digits of 0-9 and a-f, "
        "unlike '0123456789-abcdef'; put the REST API key (web) or the native app key (mobile "
        "SDKs) there, or both: developers.kakao.com, your app, app keys",
    ),
    "a key that is too short": (
        {REAL_KEY: REAL_KEY[:31]},
        f"auth.audiences = ['{REAL_KEY[:31]}']: keys of a Kakao app are 32 digits of 0-9 and a-f, "
        f"unlike '{REAL_KEY[:31]}'; put the REST API key (web) or the native app key (mobile SDKs) "
        "there, or both: developers.kakao.com, your app, app keys",
    ),
    "a model": (
        {MODEL: "apac.amazon.nova-lite-v9:0"},
        "matching.model_id = 'apac.amazon.nova-lite-v9:0': Bedrock's list of 2026-10-27 has no "
        "such TEXT model or profile for ap-northeast-2; near are apac.amazon.nova-lite-v1:0, "
        "apac.amazon.nova-micro-v1:0, apac.amazon.nova-pro-v1:0; put one that it has there, or "
        "deploy a newer one with --allow-unknown-model",
    ),
    "an embedding model": (
        {"ap-northeast-2": "me-south-1", MODEL: "amazon.newest-v1:0"},
        "matching.embedding_model_id = 'amazon.titan-embed-text-v2:0': Bedrock's list of "
        "2026-10-27 has no such EMBEDDING model or profile for me-south-1; nothing near it "
        "either; put one that it has there, or deploy a newer one with --allow-unknown-model",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_nobodys_is_named_with_what_to_put_there(tmp_path: Path, case: str) -> None:
    changes, sentence = CASES[case]

    assert placeholders_of(environment(tmp_path, changes))[:1] == [sentence]


@pytest.mark.parametrize("name", ["CUFIT/cufit", "your-name/your-repo"])
def test_a_made_up_repository_is_one_in_any_letters(tmp_path: Path, name: str) -> None:
    (said,) = placeholders_of(environment(tmp_path, {"our-team/our-cufit": name}))

    assert said.startswith(f"delivery.github_repository = {name!r}: whoever owns")


@pytest.mark.parametrize("name", ["example.com", "example.net", "example.org"])
def test_each_reserved_domain_is_one(tmp_path: Path, name: str) -> None:
    assert placeholders_of(environment(tmp_path, {"team@cufit.kr": f"team@{name}"}))


@pytest.mark.parametrize(
    "changes",
    [
        {ISSUER: '"https://team.eu.auth0.com/"', REAL_KEY: "any-name"},
        {ISSUER: '"https://sso.cufit.kr/realms/cufit"', REAL_KEY: "any-name"},
        {'["http://localhost:3000"]': "[]"},
        {"team@cufit.kr": "team@my-example.com"},  # somebody's
        {"team@cufit.kr": "team@example.com.kr"},
        {'"retrieve_and_generate"': '"rules"', MODEL: "apac.amazon.nova-lite-v9:0"},
    ],
    ids=str,
)
def test_what_somebody_may_own_is_left_alone(tmp_path: Path, changes: dict[str, str]) -> None:
    assert placeholders_of(environment(tmp_path, changes)) == []


def test_a_newer_model_may_be_allowed(tmp_path: Path) -> None:
    newer = environment(tmp_path, {MODEL: "apac.amazon.nova-lite-v9:0"})

    assert placeholders_of(newer, allow_unknown_model=True) == []


def test_the_laptop_is_never_refused() -> None:
    local = FIXTURE.with_name("local.toml")

    assert placeholders_of(load_environment(local)) == []


def test_all_are_named_at_once(tmp_path: Path) -> None:
    everything: dict[str, Any] = {}
    for case in ("an e-mail", "the repository", "an audience", "an origin", "a model"):
        everything |= CASES[case][0]

    assert len(placeholders_of(environment(tmp_path, everything))) == 5

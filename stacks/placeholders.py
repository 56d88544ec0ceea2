"""What an environment says that is legal but belongs to nobody: fine to synthesize, not to deploy.

The files of config/ as they come hold such values; `cufit bootstrap` and `cufit deploy` refuse them
(docs/adr/0034).
"""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from stacks.bedrock_models import unlisted
from stacks.settings import Environment

KAKAO = "https://kauth.kakao.com"
"""The issuer of Kakao's ID tokens (its /.well-known/openid-configuration)."""

_KAKAO_KEY = re.compile(r"[0-9a-f]{32}")
_RESERVED_ENDS = (".example", ".test", ".invalid", ".localhost")
_RESERVED = ("example.com", "example.net", "example.org")
"""RFC 2606 and RFC 6761: nobody can own a name that is or ends so."""
_ISSUERS_WITH_SLASH = (".auth0.com", "sts.windows.net")
"""Auth0's and Entra ID's (v1.0) `iss` does end with a slash, as their documents show."""
_KAKAO_HOST = "kauth.kakao.com"
_REPOSITORIES = ("cufit/cufit", "your-name/your-repo", "owner/name")
_AUDIENCES = ("kakao-rest-api-key", "kakao-native-app-key", "cufit-local")
"""What the files of config/ come with; nobody's token has it."""

Rule = Callable[[Environment], Iterator[str]]


def placeholders_of(environment: Environment, *, allow_unknown_model: bool = False) -> list[str]:
    """A sentence for each value that must not be deployed: key, value, what to put there.

    Empty for `local`, which is never deployed to AWS. `allow_unknown_model` passes models that are
    newer than the list here.
    """
    if environment.is_local:
        return []
    rules = [*_RULES] if allow_unknown_model else [*_RULES, _models_are_listed]
    return [sentence for rule in rules for sentence in rule(environment)]


def _public_url_is_owned(environment: Environment) -> Iterator[str]:
    url = environment.public_url
    if url and _is_reserved(_host(url), or_localhost=True):
        yield (
            f"public_url = {url!r}: at {_EXAMPLE_DOMAIN}; put the address where people reach the "
            "API there, or leave it out to use API Gateway's own"
        )


def _issuer_signs_people_in(environment: Environment) -> Iterator[str]:
    issuer = environment.auth.issuer
    host = _host(issuer)
    if _is_reserved(host, or_localhost=True):
        yield (
            f"auth.issuer = {issuer!r}: at {_EXAMPLE_DOMAIN}; put the OIDC issuer there, exactly "
            f"as in the iss of its tokens (Kakao's is {KAKAO!r})"
        )
    elif issuer.endswith("/") and not host.endswith(_ISSUERS_WITH_SLASH):
        yield (
            f"auth.issuer = {issuer!r}: is compared letter by letter with the iss of the tokens, "
            f"which ends without a slash; put {issuer.rstrip('/')!r} there"
        )
    elif host == _KAKAO_HOST and issuer != KAKAO:
        yield (
            f"auth.issuer = {issuer!r}: is compared letter by letter with the iss of the tokens, "
            f"and Kakao's is {KAKAO!r}; put that there"
        )


def _audiences_are_keys(environment: Environment) -> Iterator[str]:
    auth = environment.auth
    if _host(auth.issuer) != _KAKAO_HOST:
        made_up = [audience for audience in auth.audiences if audience.lower() in _AUDIENCES]
        if made_up:
            yield (
                f"auth.audiences = {auth.audiences!r}: {_quoted(made_up)} came with the file and "
                "is in nobody's tokens; put the client id there that their aud has"
            )
        return
    wrong = [audience for audience in auth.audiences if not _KAKAO_KEY.fullmatch(audience)]
    if wrong:
        yield (
            f"auth.audiences = {auth.audiences!r}: keys of a Kakao app are 32 digits of 0-9 and "
            f"a-f, unlike {_quoted(wrong)}; put the REST API key (web) or the native app key "
            "(mobile SDKs) there, or both: developers.kakao.com, your app, app keys"
        )


def _origins_are_owned(environment: Environment) -> Iterator[str]:
    origins = environment.web.origins
    wrong = [origin for origin in origins if _is_reserved(_host(origin))]
    if wrong:
        yield (
            f"web.origins = {origins!r}: {_quoted(wrong)} at {_EXAMPLE_DOMAIN}; put the https:// "
            "origins of your pages there, or [] while there are none"
        )


def _alarms_are_read(environment: Environment) -> Iterator[str]:
    email = environment.alarms.email
    if email and _is_reserved(email.rpartition("@")[2]):
        yield (
            f"alarms.email = {email!r}: at {_EXAMPLE_DOMAIN}, where nobody reads mail; put the "
            "address of who is to hear alarms there, or leave it out and set webhook_parameter"
        )


def _repository_is_ones_own(environment: Environment) -> Iterator[str]:
    repository = environment.delivery.github_repository if environment.delivery else ""
    if repository.lower() in _REPOSITORIES:
        yield (
            f"delivery.github_repository = {repository!r}: whoever owns that repository could "
            "deploy into your account; put your own owner/name there, or leave [delivery] out"
        )


def _models_are_listed(environment: Environment) -> Iterator[str]:
    matching, region = environment.matching, environment.region
    faults = {
        f"embedding_model_id = {matching.embedding_model_id!r}": unlisted(
            matching.embedding_model_id, region, "EMBEDDING"
        )
    }
    if matching.matchmaker != "rules":
        faults[f"model_id = {matching.model_id!r}"] = unlisted(matching.model_id, region, "TEXT")
    for what, fault in faults.items():
        if fault:
            yield (
                f"matching.{what}: {fault}; put one that it has there, or deploy a newer one with "
                "--allow-unknown-model"
            )


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _is_reserved(host: str, *, or_localhost: bool = False) -> bool:
    name = "." + host.lower().rstrip(".")
    ends = (*_RESERVED_ENDS, *(f".{reserved}" for reserved in _RESERVED))
    return name.endswith(ends) and (or_localhost or name != ".localhost")


def _quoted(values: list[str]) -> str:
    return " and ".join(repr(value) for value in values)


_EXAMPLE_DOMAIN = "a domain reserved for examples (RFC 2606)"

_RULES: tuple[Rule, ...] = (
    _public_url_is_owned,
    _issuer_signs_people_in,
    _audiences_are_keys,
    _origins_are_owned,
    _alarms_are_read,
    _repository_is_ones_own,
)

"""Who may call the API: routes, their authorizer and scopes, and whose tokens it takes."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from cufit_ops.review.findings import Finding
from cufit_ops.review.names import address as address_of
from cufit_ops.review.permissions.exposure import detail, wider
from cufit_ops.review.permissions.sources import Sources
from cufit_ops.review.permissions.statements import listed

Route = Mapping[str, Any]

_OPEN = ("NONE", None)
_NAME = "stack and logical id"


def findings(base: Sources, head: Sources) -> Iterator[Finding]:
    before, after = _routes(base), _routes(head)
    for (api, key), route in after.items():
        old = before.get((api, key))
        instead = _covering(before, api, key) if old is None else None
        yield from _about(route, _route(key, old, route, instead))
    for (api, key), old in before.items():
        if (api, key) not in after:
            yield from _about(old, _gone(key, old, _covering(after, api, key)))
    authorizers = _of(head, "AWS::ApiGatewayV2::Authorizer")
    for name, old in _of(base, "AWS::ApiGatewayV2::Authorizer").items():
        if name in authorizers and old != authorizers[name]:
            yield from _about(old, _authorizer(old, authorizers[name]))


def _about(resource: Route, found: Iterator[Finding]) -> Iterator[Finding]:
    """Findings with the resource as their subject."""
    for one in found:
        yield replace(one, subject=str(resource[_NAME]))


def _route(key: str, old: Route | None, new: Route, instead: Route | None) -> Iterator[Finding]:
    """`instead` answered before a route was there."""
    was = old or instead
    now_type, was_type = new.get("AuthorizationType"), (was or {}).get("AuthorizationType")
    evidence = f"AuthorizationType of {key}: {was_type} → {now_type}"
    if now_type in _OPEN and (was is None or was_type not in _OPEN):
        yield wider(
            key,
            f"anyone on the internet may now call {key} without signing in",
            f"인터넷의 누구나 이제 로그인 없이 {key} 경로를 호출할 수 있습니다",
            evidence,
        )
    elif was is None:
        yield detail(
            key,
            f"{key} is a new route, for those who are signed in",
            f"{key} 경로가 새로 생깁니다. 로그인한 사람만 호출할 수 있습니다",
            evidence,
        )
    elif was_type in _OPEN and now_type not in _OPEN:
        yield detail(
            key,
            f"{key} now asks callers to sign in",
            f"이제 {key} 경로는 로그인해야 호출할 수 있습니다",
            evidence,
        )
    elif now_type != was_type and now_type not in _OPEN:
        yield wider(
            key,
            f"callers of {key} now prove who they are by {now_type}, not {was_type}; "
            "that could not be compared",
            f"{key} 경로의 인증 방식이 {was_type}에서 {now_type}(으)로 바뀌며, 비교할 수 없습니다",
            evidence,
        )
    elif now_type not in _OPEN:
        yield from _signed_in(key, was, new)


def _signed_in(key: str, was: Route, new: Route) -> Iterator[Finding]:
    before, after = _scopes(was), _scopes(new)
    if before and before != after and (not after or after - before):
        said = ", ".join(sorted(after)) or "none"
        yield wider(
            key,
            f"{key} may now be called by tokens with other scopes ({said})",
            f"이제 다른 권한 범위({said})의 토큰으로도 {key} 경로를 호출할 수 있습니다",
            f"AuthorizationScopes: {sorted(before)} → {sorted(after)}",
        )
    elif before != after:
        yield detail(
            key,
            f"{key} now asks for the scopes {', '.join(sorted(after))}",
            f"이제 {key} 경로는 {', '.join(sorted(after))} 범위를 요구합니다",
        )
    if was.get("AuthorizerId") != new.get("AuthorizerId"):
        yield wider(
            key,
            f"another authorizer decides who may call {key}; that could not be compared",
            f"{key} 경로를 누가 호출할 수 있는지 다른 인증기가 정하며, 비교할 수 없습니다",
            f"AuthorizerId: {was.get('AuthorizerId')} → {new.get('AuthorizerId')}",
        )


def _gone(key: str, old: Route, instead: Route | None) -> Iterator[Finding]:
    """What a removed route leaves to the wider one that answers in its place."""
    open_now = instead is not None and instead.get("AuthorizationType") in _OPEN
    if open_now and old.get("AuthorizationType") not in _OPEN:
        yield wider(
            key,
            f"anyone on the internet may now call {key} without signing in, by a wider route",
            f"인터넷의 누구나 이제 더 넓은 경로를 통해 로그인 없이 {key} 경로를 호출할 수 있습니다",
            f"{key}: removed",
        )
        return
    yield detail(key, f"the route {key} is gone", f"{key} 경로가 없어집니다")


def _scopes(route: Route) -> set[str]:
    return {str(one) for one in listed(route.get("AuthorizationScopes"))}


def _covering(routes: Mapping[tuple[str, str], Route], api: str, key: str) -> Route | None:
    """The route that answers calls of `key` where it has no route of its own: the longest."""
    method, _, path = key.partition(" ")
    best: tuple[int, Route] | None = None
    for (other, candidate), route in routes.items():
        of, _, pattern = candidate.partition(" ")
        if other != api or candidate == key or (of not in (method, "ANY", "$default")):
            continue
        start = pattern.partition("{")[0]
        answers = candidate == "$default" or ("{proxy+}" in pattern and path.startswith(start))
        if answers and (best is None or len(start) > best[0]):
            best = (len(start), route)
    return best[1] if best else None


def _authorizer(old: Route, new: Route) -> Iterator[Finding]:
    was, now = old.get("JwtConfiguration") or {}, new.get("JwtConfiguration") or {}
    evidence = f"{was} → {now}"
    if was.get("Issuer") != now.get("Issuer"):
        yield wider(
            "the API",
            f"the API now believes tokens of {now.get('Issuer')}, not of {was.get('Issuer')}",
            f"이제 API가 {was.get('Issuer')} 대신 {now.get('Issuer')}에서 발급한 토큰을 믿습니다",
            evidence,
        )
    old_audience = {str(one) for one in listed(was.get("Audience"))}
    new_audience = {str(one) for one in listed(now.get("Audience"))}
    if more := new_audience - old_audience:
        names = ", ".join(sorted(more))
        yield wider(
            "the API",
            f"people signed in to another app ({names}) may now call the API",
            f"다른 앱({names})에 로그인한 사람도 이제 API를 호출할 수 있습니다",
            evidence,
        )
    elif not new_audience and old_audience:
        yield wider(
            "the API",
            "people signed in to any app of the issuer may now call the API",
            "발급자의 어떤 앱에 로그인한 사람이든 이제 API를 호출할 수 있습니다",
            evidence,
        )
    elif old_audience - new_audience:
        gone = ", ".join(sorted(old_audience - new_audience))
        yield detail(
            "the API",
            f"people signed in to {gone} may no longer call the API",
            f"{gone} 앱에 로그인한 사람은 이제 API를 호출할 수 없습니다",
            evidence,
        )
    rest = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    if rest - {"JwtConfiguration", "Name"}:
        yield wider(
            "the API",
            "the API checks callers in another way, which could not be "
            f"compared ({', '.join(sorted(rest))})",
            f"API가 호출자를 확인하는 방식이 바뀌며, 비교할 수 없습니다 "
            f"({', '.join(sorted(rest))})",
            f"{old} → {new}",
        )


def _routes(side: Sources) -> dict[tuple[str, str], Route]:
    return {
        (str(route.get("ApiId")), str(route.get("RouteKey"))): route
        for route in _of(side, "AWS::ApiGatewayV2::Route").values()
    }


def _of(side: Sources, kind: str) -> dict[str, Route]:
    """By stack and logical id; they are among the properties, too."""
    found: dict[str, Route] = {}
    for address, properties in side.names.account.of(kind):
        name = address_of(*side.names.renamed.get(address, address))
        found[name] = {**side.names.value(address[0], properties), _NAME: name}
    return found

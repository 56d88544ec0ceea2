"""Roles, users, and providers that sign people in: what they have beside policies."""

from collections.abc import Iterator

from cufit_ops.review.findings import Finding
from cufit_ops.review.permissions.exposure import Properties, detail, incomparable, wider
from cufit_ops.review.permissions.statements import listed
from cufit_ops.review.permissions.words import Words

_COMPARED_ELSEWHERE = frozenset(
    {
        "AssumeRolePolicyDocument",
        "Policies",
        "ManagedPolicyArns",
        "PermissionsBoundary",
        "Groups",
        "Description",
        "Tags",
        "RoleName",
        "UserName",
        "GroupName",
        "PolicyDocument",
        "PolicyName",
        "ManagedPolicyName",
        "Roles",
        "Users",
        "Path",
    }
)
"""Properties of IAM's resources that others compare, and those that give nothing."""

_SESSION = 3600
"""Seconds that a session lasts at most where its role does not say (IAM's API reference,
CreateRole)."""


def of_identity(
    subject: str, what: Words, old: Properties | None, new: Properties
) -> Iterator[Finding]:
    for name in sorted((old or {}).keys() | new.keys()):
        was, now = (old or {}).get(name), new.get(name)
        if name in _COMPARED_ELSEWHERE or was == now or old is None:
            continue
        before, after = str(was or _SESSION), str(now or _SESSION)
        if name == "MaxSessionDuration" and before.isdigit() and after.isdigit():
            yield from _session(subject, what, int(before), int(after))
        else:
            yield incomparable(subject, what, name, was, now)


def _session(subject: str, what: Words, was: int, now: int) -> Iterator[Finding]:
    if now < was:
        yield detail(
            subject,
            f"a session as {what.english} ends after {now} seconds",
            f"{what.korean}의 세션이 {now}초 뒤에 끝납니다",
        )
    elif now > was:
        yield wider(
            subject,
            f"a session as {what.english} may last {now} seconds, not {was}",
            f"{what.korean}의 세션이 {was}초가 아니라 {now}초까지 유지될 수 있습니다",
            f"MaxSessionDuration: {was} → {now}",
        )


def of_provider(
    subject: str, _: Words, old: Properties | None, new: Properties
) -> Iterator[Finding]:
    host = str(new.get("Url", "")).removeprefix("https://")
    if old is None:
        yield wider(
            subject,
            f"roles may now trust those whom {host} signs in",
            f"이제 역할이 {host}에서 로그인한 주체를 신뢰할 수 있습니다",
            str(dict(new)),
        )
        return
    more = set(listed(new.get("ClientIdList"))) - set(listed(old.get("ClientIdList")))
    for name in sorted(str(one) for one in more):
        yield wider(
            subject,
            f"tokens of {host} made for {name} are accepted now, too",
            f"이제 {name}용으로 발급된 {host} 토큰도 받아들입니다",
            f"ClientIdList: {old.get('ClientIdList')} → {new.get('ClientIdList')}",
        )
    for name in ("Url", "ThumbprintList"):
        if old.get(name) != new.get(name):
            yield wider(
                subject,
                f"who may sign in by {host} is checked in another way ({name})",
                f"{host} 로그인을 확인하는 방식이 바뀝니다 ({name})",
                f"{name}: {old.get(name)} → {new.get(name)}",
            )
    if not more and old.get("ClientIdList") != new.get("ClientIdList"):
        yield detail(
            subject, f"fewer tokens of {host} are accepted", f"{host} 토큰을 더 적게 받아들입니다"
        )

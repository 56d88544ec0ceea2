"""Who may do more or less: policies of roles, of resources and of endpoints, and trust."""

from collections.abc import Iterator
from dataclasses import replace

from cufit_ops.review.findings import Finding
from cufit_ops.review.permissions.comparison import gains, unrefused
from cufit_ops.review.permissions.exposure import detail, wider
from cufit_ops.review.permissions.objects import Objects
from cufit_ops.review.permissions.principals import Principal
from cufit_ops.review.permissions.sources import Sources
from cufit_ops.review.permissions.told import narrowed, taken, widened
from cufit_ops.review.permissions.words import Words

_FULL = {
    "AmazonS3FullAccess": Words("do anything with every file", "모든 파일에 대해 모든 작업을 "),
    "AmazonDynamoDBFullAccess": Words(
        "do anything with every table", "모든 테이블에 대해 모든 작업을 "
    ),
    "AmazonSQSFullAccess": Words("do anything with every queue", "모든 대기열에 대해 모든 작업을 "),
    "PowerUserAccess": Words(
        "do everything but decide over people and roles", "사용자·역할 관리 외의 모든 작업을 "
    ),
    "IAMFullAccess": Words(
        "give itself and others any permission", "자신과 다른 주체에게 모든 권한을 부여"
    ),
    "ReadOnlyAccess": Words(
        "read everything in the account, people's data too", "개인정보를 포함한 계정 전체를 조회"
    ),
    "AmazonS3ReadOnlyAccess": Words(
        "read every file, photos too", "사진을 포함한 모든 파일을 조회"
    ),
    "AmazonDynamoDBReadOnlyAccess": Words("read every table", "모든 테이블을 조회"),
}
"""Well-known managed policies (AWS managed policy reference): their gist."""


def of_people(base: Sources, head: Sources, objects: Objects) -> Iterator[Finding]:
    """What each principal's own policies give and take."""
    for key, mine in head.people.items():
        before = counterpart(mine, base, head)
        old, new = base.may[before.key] if before else [], head.may[key]
        found = gains(old, new)
        for gain in unrefused(old, new, only_allowed=True):
            told = (one.actions for one in found if one.grant.holds(gain.grant))
            if left := gain.actions.difference(*told):
                found.append(replace(gain, actions=left))
        own = [
            one
            for one in found
            if before is None and objects.made_by_the_change(one.grant.target.pattern)
        ]
        yield from widened(key, mine.words, own, objects, own=True)
        rest = [one for one in found if one not in own]
        whose = _another(mine, before, base)
        if whose:
            yield from taken(key, mine.words, whose.words, rest, objects)
        else:
            yield from widened(key, mine.words, rest, objects)
        lost = [*gains(new, old), *unrefused(new, old, only_allowed=False)]
        yield from narrowed(key, mine.words, lost, objects)
        yield from _unseen(mine, base.unseen[before.key] if before else set(), head.unseen[key])
        if before is not None:
            yield from _limit(mine, base.limits.get(before.key), head.limits.get(key))
    kept = {one.key for mine in head.people.values() if (one := counterpart(mine, base, head))}
    for key, principal in base.people.items():
        if key not in kept:
            yield from _gone(principal)


_SERVICE_LINKED = ":role/aws-service-role/"
"""A role that one service alone may take and nobody else can change (IAM user guide, Create a
service-linked role, 2026-11)."""


def counterpart(mine: Principal, base: Sources, head: Sources) -> Principal | None:
    """The same in base: of the same key, or who had its role and is gone, or a role's user."""
    same = base.people.get(mine.key)
    if same is not None:
        return same
    for one in base.people.values():
        if (one.key not in head.people or not mine.runs) and one.named & mine.named:
            return one
    return None


def _another(mine: Principal, before: Principal | None, base: Sources) -> Principal | None:
    """Who else worked in base with the role that somebody now has."""
    if not mine.runs or (before and before.named & mine.named):
        return None
    return next((one for one in base.people.values() if one.named & mine.named), None)


def _gone(principal: Principal) -> Iterator[Finding]:
    yield detail(
        principal.key,
        f"{principal.words.english} and its permissions are gone",
        f"{principal.words.subject} 가진 권한과 함께 없어집니다",
    )


def _unseen(who: Principal, before: set[str], after: set[str]) -> Iterator[Finding]:
    for name in sorted(after - before):
        short = name.rpartition("/")[2]
        if _SERVICE_LINKED in name:
            yield detail(
                who.key,
                f"{who.words.english} works with {short}, which AWS made for that service alone",
                f"{who.words.subject} AWS가 그 서비스만을 위해 만든 {short} 역할로 일합니다",
                name,
            )
        elif known := _FULL.get(short):
            yield wider(
                who.key,
                f"{who.words.english} may now {known.english} ({short})",
                f"{who.words.subject} 이제 {known.korean}할 수 있습니다 ({short})",
                name,
            )
        else:
            yield wider(
                who.key,
                f"{who.words.english} gets all that {short} allows, which is not described here",
                f"{who.words.subject} {short}에 담긴 모든 권한을 얻습니다. "
                "그 내용은 여기서 알 수 없습니다",
                name,
            )
    for name in sorted(before - after):
        short = name.rpartition("/")[2]
        yield detail(
            who.key,
            f"{who.words.english} loses what {short} allows",
            f"{who.words.subject} {short}에 담긴 권한을 잃습니다",
            name,
        )


def _limit(who: Principal, before: str | None, after: str | None) -> Iterator[Finding]:
    if before == after:
        return
    if before is None:
        yield detail(
            who.key,
            f"{who.words.english} gets an upper limit of its permissions (permissions boundary)",
            f"{who.words.subject} 권한의 상한(권한 경계)을 갖게 됩니다",
            str(after),
        )
        return
    what = (
        ("is gone", "없어집니다")
        if after is None
        else (
            "is another one, which could not be compared",
            "다른 것으로 바뀌며, 비교할 수 없습니다",
        )
    )
    yield wider(
        who.key,
        f"the upper limit of what {who.words.english} may ever do (permissions boundary) {what[0]}",
        f"{who.words.korean}의 권한 상한(권한 경계)이 {what[1]}",
        f"{before} → {after}",
    )

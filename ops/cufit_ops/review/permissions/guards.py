"""Who else may use a resource: its own policy, who may become a role, what an endpoint lets by."""

from collections import defaultdict
from collections.abc import Iterator

from cufit_ops.review.findings import Finding, Gate, Rank, Sentence, Topic
from cufit_ops.review.permissions.actions import spelled
from cufit_ops.review.permissions.comparison import Gain, Way, gains, unrefused
from cufit_ops.review.permissions.conditions import ALWAYS, Condition
from cufit_ops.review.permissions.exposure import detail, wider
from cufit_ops.review.permissions.objects import Objects, arns_of
from cufit_ops.review.permissions.powers import counterpart
from cufit_ops.review.permissions.principals import Principal
from cufit_ops.review.permissions.reasons import loosened, only_if
from cufit_ops.review.permissions.sources import Sources
from cufit_ops.review.permissions.told import narrowed, widened
from cufit_ops.review.permissions.whom import is_outside, is_public, whom
from cufit_ops.review.permissions.words import Words

FEW = 4
"""Actions that are named in a sentence."""
_ENDPOINT = Words("whoever uses the network's endpoint", "네트워크 엔드포인트를 쓰는 누구나")


def of_resources(base: Sources, head: Sources, objects: Objects) -> Iterator[Finding]:
    was, still = arns_of(base.names), arns_of(head.names)
    for guarded, after in head.guards.items():
        before = base.guards.get(guarded, [])
        # A policy that guards itself, as of all logs, is of what is there already.
        is_new = guarded not in was and guarded.startswith("arn:")
        yield from _of_guard(guarded, gains(before, after), objects, is_new=is_new)
        yield from _unrefused(guarded, unrefused(before, after, only_allowed=False), objects)
        lost = [*gains(after, before), *unrefused(after, before, only_allowed=False)]
        yield from _less(guarded, lost, objects)
    for guarded, before in base.guards.items():
        if guarded not in head.guards and guarded in still:
            yield from _unrefused(guarded, unrefused(before, [], only_allowed=False), objects)
            yield from _less(guarded, gains([], before), objects)


def of_endpoints(base: Sources, head: Sources, objects: Objects) -> Iterator[Finding]:
    for way, after in head.ways.items():
        if way in base.ways:
            before = base.ways[way]
            found = [*gains(before, after), *unrefused(before, after, only_allowed=True)]
            yield from widened(objects.subject(way), _ENDPOINT, found, objects)
            lost = [*gains(after, before), *unrefused(after, before, only_allowed=False)]
            yield from narrowed(objects.subject(way), _ENDPOINT, lost, objects)


def of_trust(base: Sources, head: Sources, objects: Objects) -> Iterator[Finding]:
    """Who may become whom."""
    for key, mine in head.people.items():
        before = counterpart(mine, base, head)
        old, new = base.trust[before.key] if before else [], head.trust[key]
        found = [*gains(old, new), *unrefused(old, new, only_allowed=True)]
        for who, some in _by_whom(found, objects):
            yield _may_become(who, mine, some, is_new=before is None)
        for who, some in _by_whom(gains(new, old), objects):
            yield detail(
                key,
                f"{who.english} may no longer become {mine.words.english} as before",
                f"{who.subject} 이제 예전처럼 {mine.words.korean}의 권한을 사용할 수 없습니다",
                some[0].grant.evidence,
            )


def _may_become(who: Words, mine: Principal, found: list[Gain], *, is_new: bool) -> Finding:
    gain = found[0]
    others = sorted(spelled(one) for one in gain.actions if not one.startswith("sts:assume"))
    english = f"{who.english} may now become {mine.words.english}"
    korean = f"{who.subject} 이제 {mine.words.korean}의 권한을 사용할 수 있습니다"
    if others and len(others) < FEW:
        english, korean = f"{english} ({', '.join(others)})", f"{korean} ({', '.join(others)})"
    if gain.way is Way.CONDITION and gain.before:
        reason: Words | None = loosened(gain.before.whole, gain.grant.whole, told=":sub")
    elif gain.way is Way.UNREFUSED:
        reason = Words("because what refused it is gone", "이를 막던 거부 규칙이 없어졌습니다")
    else:
        reason = only_if(gain.grant.whole)
    if reason and reason.english:
        english, korean = f"{english}, {reason.english}", f"{korean} ({reason.korean})"
    rank: Rank = Rank.DANGER
    gate: Gate | None = Gate.WIDER_PERMISSION
    if is_new and gain.grant.whom.name.startswith("Service:"):
        # Of a role that is new: what it may do is told by itself.
        rank, gate = Rank.DETAIL, None
    return Finding(
        Topic.PERMISSIONS, rank, mine.key, Sentence(english, korean), gain.grant.evidence, gate
    )


def _of_guard(
    guarded: str, found: list[Gain], objects: Objects, *, is_new: bool
) -> Iterator[Finding]:
    for who, some in _by_whom(found, objects):
        outside = any(is_public(one.grant) or is_outside(one.grant) for one in some)
        yield from widened(objects.subject(guarded), who, some, objects, own=is_new and not outside)


def _unrefused(guarded: str, found: list[Gain], objects: Objects) -> Iterator[Finding]:
    grouped: dict[str, list[Gain]] = defaultdict(list)
    for gain in found:
        grouped[gain.grant.evidence].append(gain)
    for statement, some in grouped.items():
        what = objects.words(some[0].grant.target.pattern, sorted(some[0].actions)[0])
        why = _refused(some[0].grant.whole)
        yield wider(
            objects.subject(guarded),
            f"{what.english} may now be used {why.english}: what refused that is gone",
            f"이제 {what.object} {why.korean} 사용할 수 있습니다. 이를 막던 규칙이 없어졌습니다",
            statement,
        )


def _refused(condition: Condition) -> Words:
    """How something may be used once a Deny on this condition is gone."""
    if not condition:
        return Words("by those who were refused before", "전에 거부되던 주체도")
    return loosened(condition, ALWAYS)


def _less(guarded: str, found: list[Gain], objects: Objects) -> Iterator[Finding]:
    allowed = [one for one in found if one.grant.is_allow]
    for who, some in _by_whom(allowed, objects):
        yield from narrowed(objects.subject(guarded), who, some, objects)
    refused: dict[str, list[Gain]] = defaultdict(list)
    for gain in found:
        if not gain.grant.is_allow:
            refused[gain.grant.evidence].append(gain)
    for statement, some in refused.items():
        what = objects.words(some[0].grant.target.pattern, sorted(some[0].actions)[0])
        yield detail(
            objects.subject(guarded),
            f"some uses of {what.english} are now refused",
            f"이제 {what.korean}에 대한 일부 사용이 거부됩니다",
            statement,
        )


def _by_whom(found: list[Gain], objects: Objects) -> Iterator[tuple[Words, list[Gain]]]:
    grouped: dict[tuple[Words, str], list[Gain]] = defaultdict(list)
    for gain in found:
        grouped[whom(gain.grant, objects), gain.grant.evidence].append(gain)
    for (who, _), some in grouped.items():
        yield who, some

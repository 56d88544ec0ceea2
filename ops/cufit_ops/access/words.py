"""Permissions and their reasons as people read them, in both languages."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from cufit_ops.access.granted import Permission
from cufit_ops.access.used import CODE
from cufit_ops.review.permissions.objects import Objects
from cufit_ops.review.permissions.verbs import spans_account, verbs
from cufit_ops.review.permissions.words import Words

REASONS: Final[Mapping[str, Words]] = {
    CODE: Words("its code", "코드가 사용"),
    "as people do": Words(
        "people, with cufit or docs/by-hand.md", "사람이 사용 (cufit 명령, docs/by-hand.md)"
    ),
    "deploys": Words("the CDK, deploying", "CDK가 배포할 때 사용"),
    "prepares": Words(
        "CloudFormation, preparing a deployment", "CloudFormation이 배포를 준비할 때 사용"
    ),
    "writes its log": Words("AWS, writing its log", "AWS가 로그를 남길 때 사용"),
    "takes messages": Words("Lambda, taking its messages", "Lambda가 메시지를 가져올 때 사용"),
    "puts failures away": Words(
        "Lambda, keeping what failed", "Lambda가 실패한 이벤트를 보관할 때 사용"
    ),
    "pulls the image": Words("ECS, pulling the image", "ECS가 이미지를 내려받을 때 사용"),
    "embeds": Words("Bedrock, embedding documents", "Bedrock이 문서를 임베딩할 때 사용"),
    "keeps vectors": Words("Bedrock, keeping vectors", "Bedrock이 벡터를 관리할 때 사용"),
}
"""Who needs a permission, by the word of the lists. What is not of code or people AWS does in the
role's name, where no call of ours can be heard; each is of a page of AWS's guides that
tests/infra/simulated/needs.py and deployments.py name."""

EVERYTHING: Final = Words("do everything in the whole account", "계정 전체: 모든 작업")


def done(objects: Objects, permissions: Iterable[Permission]) -> Words:
    """`read and change any candidate`: all of them on one resource."""
    given = [*permissions]
    actions = [one.action.lower() for one in given]
    if spans_account(actions):
        return EVERYTHING
    by_object: dict[Words, list[str]] = {}
    for action in actions:
        by_object.setdefault(objects.words(given[0].resource, action), []).append(action)
    parts = [_done(what, some) for what, some in by_object.items()]
    return Words("; ".join(one.english for one in parts), ", ".join(one.korean for one in parts))


def _done(what: Words, actions: list[str]) -> Words:
    verb, names = verbs(actions)
    return Words(
        f"{verb.english} {what.english}{names.english}",
        f"{what.korean}{names.korean}: {verb.korean}",
    )


def attributes_of(names: Collection[str]) -> Words:
    """` (name and phone of it)`, or nothing: which attributes are meant."""
    if not names:
        return Words("", "")
    said = ", ".join(sorted(names))
    return Words(f" (attributes {said})", f" (속성 {said})")

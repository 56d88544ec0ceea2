"""Who can hold permissions in an environment, named by what they do and not by their role."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cufit_ops.review.names import stem
from cufit_ops.review.permissions.resolved import Names
from cufit_ops.review.permissions.words import Words, spaced
from cufit_ops.template_graph import Address

_KNOWN = {
    "DeployRole": Words("the deploy role", "배포 역할"),
    "PrepareRole": Words("the role that prepares a deployment", "배포 준비 역할"),
    "OpsReadRole": Words("an operator with read access", "읽기 전용 운영자"),
    "OpsActRole": Words("an operator who may act", "조치 권한을 가진 운영자"),
}
_HOLDERS = ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group")


@dataclass
class Principal:
    """Who acts: a function, the service, the knowledge base, or a role that people take."""

    key: str
    """The same for the same one on both sides of a change."""
    words: Words
    named: frozenset[str] = frozenset()
    """Names and ARNs of its role."""
    unseen: str = ""
    """ARN of a role it uses that no template makes."""
    runs: bool = False
    """Whether code runs as it."""

    @classmethod
    def stranger(cls, named: str) -> "Principal":
        name = named.rpartition("/")[2]
        words = Words(f"role {name}", f"{name} 역할")
        return cls(f"role {name}", words, frozenset({named, name}))


def principals(names: Names) -> dict[str, Principal]:
    """By key."""
    holders = {names.arn(address): address for address in _of(names, *_HOLDERS)}
    found: dict[str, Principal] = {}
    owned: set[str] = set()
    for key, words, given in _owners(names):
        text = str(given)
        arn = next((arn for arn, at in holders.items() if text in (arn, names.name(at))), None)
        owned |= {arn} if arn else set()
        named = frozenset({arn, names.name(holders[arn])}) if arn else frozenset[str]()
        found[key] = Principal(key, words, named, "" if arn else text, True)
    for arn, address in holders.items():
        if arn not in owned:
            key, words = _words_of(names, address)
            found[key] = Principal(key, words, frozenset({arn, names.name(address)}))
    return found


def function_name(names: Names, address: Address) -> str:
    """`match_worker`: the folder of its handler, or its logical id where it has none."""
    properties = names.resource(address).get("Properties") or {}
    handler = properties.get("Handler")
    if isinstance(handler, str) and handler.count(".") >= 1 and not handler.startswith("index."):
        return handler.partition(".")[0]
    return stem(names.renamed.get(address, address)[1]).removesuffix("Function")


def function_words(name: str) -> Words:
    return Words(name, f"{name} 함수")


def _words_of(names: Names, address: Address) -> tuple[str, Words]:
    stack, logical_id = names.renamed.get(address, address)
    name, kind = stem(logical_id), names.kind(address).rpartition("::")[2].lower()
    korean = {"role": "역할", "user": "사용자", "group": "그룹"}[kind]
    plain = spaced(name).removesuffix(f" {kind}")
    words = _KNOWN.get(name, Words(f"{kind} {plain}", f"{plain} {korean}"))
    return f"{stack}/{name}", words


def _of(names: Names, *kinds: str) -> Iterator[Address]:
    for kind in kinds:
        for address, _ in names.account.of(kind):
            yield address


def _owners(names: Names) -> Iterator[tuple[str, Words, Any]]:
    """Key, words, and the role's ARN or name, of everything that acts with a role."""
    for stack, template in names.account.stacks.items():
        for logical_id, resource in template.get("Resources", {}).items():
            address, kind = (stack, logical_id), str(resource.get("Type"))
            if kind.startswith("AWS::IAM::"):
                continue
            properties = resource.get("Properties") or {}
            for part, role in roles(properties):
                key, words = _owner(names, address, kind, part)
                yield key, words, names.text(stack, role)


def _owner(names: Names, address: Address, kind: str, part: str) -> tuple[str, Words]:
    stack, logical_id = names.renamed.get(address, address)
    plain = stem(logical_id)
    if kind == "AWS::Lambda::Function":
        name = function_name(names, address)
        return name, function_words(name)
    if kind == "AWS::ECS::TaskDefinition":
        start = part == "ExecutionRoleArn"
        first = next(iter(_of(names, kind))) == address
        rest, korean = ("", "") if first else (f" {plain}", f" {plain}")
        if start:
            return f"start of the service{rest}", Words(
                f"what starts the service{rest}", f"서비스{korean}를 시작하는 ECS 에이전트"
            )
        return f"the service{rest}", Words(f"the service{rest}", f"{korean} 서비스".strip())
    if kind == "AWS::Bedrock::KnowledgeBase":
        return f"knowledge base {plain}", Words("the knowledge base", "지식 베이스")
    noun = spaced(kind.rpartition("::")[2])
    return f"{stack}/{plain} {part}", Words(f"{noun} {plain}", f"{plain} ({noun}) 자원")


_ROLE = re.compile(r"\w*Role(Arn|ARN)?")


def roles(value: Any, inside: str = "") -> Iterator[tuple[str, Any]]:
    """Property and value of each role that something uses."""
    if isinstance(value, list):
        for item in value:
            yield from roles(item, inside)
    elif isinstance(value, dict):
        for name, item in value.items():
            if "Role" in name and _ROLE.fullmatch(name) and _names_a_role(item):
                yield name, item
            elif isinstance(item, (dict, list)) and not name.startswith("Fn::"):
                yield from roles(item, name)


def _names_a_role(value: Any) -> bool:
    return isinstance(value, dict) or (isinstance(value, str) and (":role/" in value))

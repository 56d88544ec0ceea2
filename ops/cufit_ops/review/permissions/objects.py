"""What a permission is about, in the words of people: `any candidate`, `the photo bucket`."""

import re
from dataclasses import dataclass
from functools import cached_property

from cufit_ops.review.names import address as address_of
from cufit_ops.review.names import named, stem
from cufit_ops.review.permissions.actions import service_name
from cufit_ops.review.permissions.patterns import contains, meet
from cufit_ops.review.permissions.principals import function_name, function_words
from cufit_ops.review.permissions.resolved import ACCOUNT, Names
from cufit_ops.review.permissions.sources import Sources
from cufit_ops.review.permissions.vocabulary import OBJECTS, ROWS, SERVICES
from cufit_ops.review.permissions.words import Words, few
from cufit_ops.template_graph import Address

_IMAGES = ("the service's images", "서비스 이미지")
"""What the CDK's repository holds here: the service is the one image of the project."""
_OF_ITSELF = {"sts:getcalleridentity", "sts:getfederationtoken", "sts:getsessiontoken"}
_ROW_ACTION = re.compile(r"dynamodb:(\w*item|query|scan|partiql\w+|searchvectors|getrecords)")


@dataclass
class Objects:
    """Of both sides of a change."""

    sides: list[Sources]
    """Head first."""

    @cached_property
    def arns(self) -> dict[str, tuple[Names, Address]]:
        return {
            arn: (side.names, address)
            for side in reversed(self.sides)
            for arn, address in arns_of(side.names).items()
        }

    @cached_property
    def roles(self) -> dict[str, Words]:
        """ARN of a role → who acts with it."""
        return {
            one: principal.words
            for side in reversed(self.sides)
            for principal in side.people.values()
            for one in principal.named
        }

    def words(self, pattern: str, action: str) -> Words:
        """What an action may be done to, by the ARN of a statement."""
        service = action.partition(":")[0]
        if service.startswith("{"):
            return Words("what the template does not say", "템플릿에 없는 대상")
        if action in _OF_ITSELF:
            return Words("itself", "자기 자신")
        if pattern == "*" or pattern.split(":", 5)[5:] == ["*"]:
            everything = f"everything of {service_name(service)}"
            return SERVICES.get(service, Words(everything, f"{service_name(service)}의 모든 자원"))
        found = self._within(pattern)
        if not found:
            return self._elsewhere(pattern)
        return few(self._one(arn, pattern, action) for arn in found)

    @cached_property
    def _found(self) -> dict[str, list[str]]:
        """Patterns that were asked for: each is for every action of its statement."""
        return {}

    def _within(self, pattern: str) -> list[str]:
        if pattern not in self._found:
            self._found[pattern] = self._looked_up(pattern)
        return self._found[pattern]

    def _looked_up(self, pattern: str) -> list[str]:
        if pattern in self.arns:
            return [pattern]
        exact = [arn for arn in self.arns if pattern.startswith((f"{arn}/", f"{arn}:"))]
        if exact:
            return exact
        return [arn for arn in self.arns if arn.startswith("arn:") and meet(arn, pattern)]

    def _one(self, arn: str, pattern: str, action: str) -> Words:
        names, address = self.arns[arn]
        kind, name = names.kind(address), stem(names.renamed.get(address, address)[1])
        if kind.startswith("AWS::DynamoDB") and _ROW_ACTION.fullmatch(action):
            whole = self.named(names, address)
            of_any = Words(f"any row of {whole.english}", f"{whole.korean}의 모든 데이터")
            return ROWS.get(name, of_any)
        if kind == "AWS::S3::Bucket" and ("object" in action or pattern.startswith(f"{arn}/")):
            below = pattern.removeprefix(arn) if pattern.startswith(arn) else "*"
            return self._files(name, below.removeprefix("/"))
        return self.named(names, address)

    def named(self, names: Names, address: Address) -> Words:
        """A resource as a whole."""
        if (arn := names.arn(address)) in self.roles:
            return self.roles[arn]
        if names.kind(address) == "AWS::Lambda::Function":
            return function_words(function_name(names, address))
        said = named(names.resource(address), names.renamed.get(address, address)[1])
        return Words(said.english, said.korean)

    def subject(self, guarded: str) -> str:
        """`Data/PhotoBucket`, of an ARN."""
        if guarded not in self.arns:
            return guarded.strip("{}")
        names, address = self.arns[guarded]
        return address_of(*names.renamed.get(address, address))

    def _files(self, bucket: str, rest: str) -> Words:
        for prefix, words in OBJECTS.items():
            if bucket == "PhotoBucket" and rest.startswith(prefix):
                return words
        if bucket == "PhotoBucket":
            if contains(rest or "*", "photos/*"):
                return Words("any photo", "모든 사진")
            return Words(f"any photo under {rest}", f"{rest} 아래의 모든 사진")
        where, korean = ("", "") if rest in ("", "*") else (f" under {rest}", f" {rest}")
        return Words(f"any file of bucket {bucket}{where}", f"{bucket} 버킷의{korean} 모든 파일")

    def _elsewhere(self, pattern: str) -> Words:
        """What no template of the environment makes."""
        parts = pattern.split(":", 5)
        if len(parts) < 6 or parts[0] != "arn":
            return Words(f"what {pattern} names", f"{pattern} 자원")
        service, account, resource = parts[2], parts[4], parts[5]
        where = "" if account in ("", ACCOUNT, "*") else f" of account {account}"
        kind, rest = [*re.split("[:/]", resource, maxsplit=1), ""][:2]
        known = {
            "parameter": Words(f"parameter /{rest}", f"/{rest} 파라미터"),
            "role": Words(f"role {rest}", f"{rest} 역할"),
            "foundation-model": Words(f"model {rest}", f"{rest} 모델"),
            "inference-profile": Words(f"model {rest}", f"{rest} 모델"),
            "knowledge-base": Words("any knowledge base", "모든 지식 베이스"),
            "table": Words(f"table {rest}", f"{rest} 테이블"),
            "stack": Words(f"stack {rest}", f"{rest} 스택"),
            "secret": Words(f"the secret {rest}", f"{rest} 비밀 값"),
            "function": Words(f"function {rest}", f"{rest} 함수"),
            "repository": Words(*_IMAGES)
            if "container-assets" in rest
            else Words(f"images of {rest}", f"{rest} 이미지"),
            "log-group": Words(f"the logs of {rest}", f"{rest} 로그"),
        }
        words = known.get(kind)
        if service == "s3":
            words = Words(f"files of bucket {resource}", f"{resource} 버킷의 파일")
        if words is None:
            words = Words(f"{service} {resource}", f"{service} {resource} 자원")
        return Words(
            words.english + where, words.korean if not where else f"{account} 계정의 {words.korean}"
        )

    def made_by_the_change(self, pattern: str) -> bool:
        """Whether everything the pattern names is made by the head alone."""
        found = {arn for arn in self._within(pattern) if pattern.startswith(arn)}
        return bool(found) and not self._old & found

    @cached_property
    def _old(self) -> set[str]:
        """ARNs of the base."""
        return {*arns_of(self.sides[-1].names)}


def arns_of(names: Names) -> dict[str, Address]:
    """ARN → address, of every resource of a side."""
    return {
        names.arn((stack, logical_id)): (stack, logical_id)
        for stack, template in names.account.stacks.items()
        for logical_id in template.get("Resources", {})
    }

"""What else decides who may do what, and a sentence for every difference that has none yet."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cufit_ops.review.change import ResourceDifference
from cufit_ops.review.findings import Finding, Gate, Rank, Sentence, Topic
from cufit_ops.review.permissions.exposure import (
    Properties,
    detail,
    of_bucket,
    of_cors,
    of_url,
    wider,
)
from cufit_ops.review.permissions.objects import Objects
from cufit_ops.review.permissions.sources import Sources, documents
from cufit_ops.review.permissions.statements import listed, mappings
from cufit_ops.review.permissions.words import Words, spaced

_Tell = Callable[[str, Words, Properties | None, Properties], Iterator[Finding]]

ROLE = frozenset({
    "AssumeRolePolicyDocument", "Policies", "ManagedPolicyArns", "PermissionsBoundary", "Groups",
    "Description", "Tags", "RoleName", "UserName", "GroupName", "PolicyDocument", "PolicyName",
    "ManagedPolicyName", "Roles", "Users", "Path",
})  # fmt: skip
"""Properties of IAM's resources that others compare, and those that give nothing."""

_PEOPLE = {
    "AWS::IAM::AccessKey": Words("a key that never expires, for a user of the account",
                                 "만료되지 않는 사용자 액세스 키"),
    "AWS::IAM::User": Words("a user of the account", "계정 사용자"),
    "AWS::IAM::UserToGroupAddition": Words("more members of a group", "그룹 구성원"),
    "AWS::IAM::SAMLProvider": Words("another way to sign in", "새 로그인 방법"),
    "AWS::IAM::OIDCProvider": Words("another way to sign in", "새 로그인 방법"),
    "AWS::IAM::InstanceProfile": Words("a role for servers", "서버용 역할 연결"),
}  # fmt: skip
_FOREIGN = ("AWS::SSO::", "AWS::RAM::", "AWS::Organizations::", "AWS::RolesAnywhere::",
            "AWS::Cognito::", "AWS::AccessAnalyzer::", "AWS::IAM::")  # fmt: skip
_HIDDEN = ("AWS::CloudFormation::Stack", "AWS::CloudFormation::CustomResource",
           "AWS::CloudFormation::Macro", "AWS::Serverless::", "Custom::")  # fmt: skip


def findings(
    differences: list[ResourceDifference], base: Sources, head: Sources, objects: Objects
) -> Iterator[Finding]:
    """Of single resources, each with its difference."""
    for one in differences:
        if one.new is None:
            continue
        address = (one.stack, one.logical_id)
        new = head.names.value(one.stack, one.new.get("Properties") or {})
        old = None
        at = head.names.renamed.get(address, address)
        if base.names.resource(at):
            old = base.names.value(at[0], base.names.resource(at).get("Properties") or {})
        what = objects.named(head.names, address)
        subject = objects.subject(head.names.arn(address))
        if one.kind == "AWS::Lambda::Url":
            what = objects.words(
                head.guarded(new.get("TargetFunctionArn")), "lambda:invokefunction"
            )
        if old == new:
            continue
        yield from _RULES.get(one.kind, _other(one.kind))(subject, what, old, new)
        yield from _switches(subject, what, old or {}, new)


def _api(subject: str, what: Words, old: Properties | None, new: Properties) -> Iterator[Finding]:
    yield from of_cors(subject, what, old, new)


def _url(subject: str, what: Words, old: Properties | None, new: Properties) -> Iterator[Finding]:
    yield from of_url(subject, what, old, new)
    yield from of_cors(subject, what, old, new)


def _role(subject: str, what: Words, old: Properties | None, new: Properties) -> Iterator[Finding]:
    for name in sorted((old or {}).keys() | new.keys()):
        was, now = (old or {}).get(name), new.get(name)
        if name in ROLE or was == now or old is None:
            continue
        if name == "MaxSessionDuration" and int(now or 3600) < int(was or 3600):
            yield detail(subject, f"a session as {what.english} ends after {now} seconds",
                         f"{what.korean}의 세션이 {now}초 뒤에 끝납니다")  # fmt: skip
        elif name == "MaxSessionDuration":
            yield wider(subject, f"a session as {what.english} may last {now} seconds, not "
                        f"{was or 3600}", f"{what.korean}의 세션이 {was or 3600}초가 아니라 {now}초까지 "
                        "유지될 수 있습니다", f"{name}: {was} → {now}")  # fmt: skip
        else:
            yield _unknown(subject, what, name, was, now)


def _provider(
    subject: str, what: Words, old: Properties | None, new: Properties
) -> Iterator[Finding]:
    host = str(new.get("Url", "")).removeprefix("https://")
    if old is None:
        yield wider(subject, f"roles may now trust those whom {host} signs in",
                    f"이제 역할이 {host}에서 로그인한 주체를 신뢰할 수 있습니다", str(dict(new)))  # fmt: skip
        return
    more = set(listed(new.get("ClientIdList"))) - set(listed(old.get("ClientIdList")))
    for name in sorted(str(one) for one in more):
        yield wider(subject, f"tokens of {host} made for {name} are accepted now, too",
                    f"이제 {name}용으로 발급된 {host} 토큰도 받아들입니다",
                    f"ClientIdList: {old.get('ClientIdList')} → {new.get('ClientIdList')}")  # fmt: skip
    for name in ("Url", "ThumbprintList"):
        if old.get(name) != new.get(name):
            yield wider(subject, f"who may sign in by {host} is checked in another way ({name})",
                        f"{host} 로그인을 확인하는 방식이 바뀝니다 ({name})",
                        f"{name}: {old.get(name)} → {new.get(name)}")  # fmt: skip
    if not more and old.get("ClientIdList") != new.get("ClientIdList"):
        yield detail(
            subject, f"fewer tokens of {host} are accepted", f"{host} 토큰을 더 적게 받아들입니다"
        )


def _task(subject: str, what: Words, old: Properties | None, new: Properties) -> Iterator[Finding]:
    before = {str(one.get("Name")): one for one in mappings((old or {}).get("ContainerDefinitions"))}
    for one in mappings(new.get("ContainerDefinitions")):
        was: Mapping[str, Any] = before.get(str(one.get("Name")), {})
        for name, english, korean in (
            ("Privileged", "has power over the machine it runs on", "실행되는 서버 전체를 제어할 수 있습니다"),
        ):  # fmt: skip
            if _true(one.get(name)) and not _true(was.get(name)):
                yield wider(subject, f"container {one.get('Name')} {english}",
                            f"{one.get('Name')} 컨테이너가 {korean}", f"{name}: true")  # fmt: skip
        known = {str(secret.get("ValueFrom")) for secret in mappings(was.get("Secrets"))}
        for secret in mappings(one.get("Secrets")):
            if str(secret.get("ValueFrom")) not in known:
                yield wider(subject, f"container {one.get('Name')} is told the secret "
                            f"{secret.get('Name')}",
                            f"{one.get('Name')} 컨테이너에 비밀 값 {secret.get('Name')}이(가) 전달됩니다",
                            str(secret))  # fmt: skip


def _integration(
    subject: str, what: Words, old: Properties | None, new: Properties
) -> Iterator[Finding]:
    was, now = str((old or {}).get("IntegrationUri")), str(new.get("IntegrationUri"))
    if was != now and now.startswith("http"):
        yield wider(
            subject,
            f"{now} now gets what people send to the API, their sign-in included",
            f"사람들이 API에 보내는 내용이 로그인 정보까지 이제 {now}(으)로 전달됩니다",
            f"IntegrationUri: {was} → {now}",
        )


def _other(kind: str) -> _Tell:
    def tell(
        subject: str, what: Words, old: Properties | None, new: Properties
    ) -> Iterator[Finding]:
        if kind in _PEOPLE and old is None:
            words = _PEOPLE[kind]
            yield wider(subject, f"{words.english} is made ({subject})",
                        f"{words.subject} 만들어집니다 ({subject})", str(dict(new)))  # fmt: skip
        elif kind.startswith(_HIDDEN):
            said = Sentence(
                f"what {subject} ({kind}) allows is in another template and not described here",
                f"{subject} ({kind})의 권한은 다른 템플릿에 있어 여기서 알 수 없습니다",
            )
            yield Finding(Topic.PERMISSIONS, Rank.NOTICE, subject, said, str(dict(new)))
        elif kind.startswith(_FOREIGN) and kind not in _COMPARED:
            changed = [one for one in (old or {}).keys() | new.keys()
                       if (old or {}).get(one) != new.get(one)]  # fmt: skip
            for name in sorted(changed):
                if name not in ("Tags", "Description"):
                    yield _unknown(subject, Words(spaced(kind.rpartition("::")[2]), kind),
                                   name, (old or {}).get(name), new.get(name))  # fmt: skip

    return tell


def _unknown(subject: str, what: Words, name: str, was: Any, now: Any) -> Finding:
    said = Sentence(
        f"{name} of {what.english} ({subject}) changes; what that allows could not be compared",
        f"{subject}의 {name}이(가) 바뀝니다. 이로써 무엇이 허용되는지는 비교할 수 없습니다",
    )
    return Finding(Topic.PERMISSIONS, Rank.DANGER, subject, said, f"{name}: {was} → {now}",
                   Gate.WIDER_PERMISSION)  # fmt: skip


def _switches(subject: str, what: Words, old: Any, new: Any, path: str = "") -> Iterator[Finding]:
    """Properties that open a resource to the internet or copy what it holds, of any type."""
    if isinstance(new, list):
        before = old if isinstance(old, list) and len(old) == len(new) else [None] * len(new)
        for was, now in zip(before, new, strict=True):
            yield from _switches(subject, what, was, now, path)
    if not isinstance(new, Mapping):
        return
    known = old if isinstance(old, Mapping) else {}
    for name, value in new.items():
        if name in ("PubliclyAccessible", "AssociatePublicIpAddress") and _true(value):
            if not _true(known.get(name)):
                yield wider(subject, f"{what.english} may now be reached from the internet",
                            f"{what.subject} 이제 인터넷에서 접속할 수 있게 됩니다", f"{path}{name}: true")  # fmt: skip
        elif name == "KinesisStreamSpecification" and value != known.get(name):
            yield wider(
                subject,
                f"every change of {what.english} is copied to a stream",
                f"{what.korean}의 모든 변경 내용이 스트림으로 복사됩니다",
                f"{path}{name}: {value}",
            )
        else:
            yield from _switches(subject, what, known.get(name), value, f"{path}{name}.")


def _true(value: Any) -> bool:
    return str(value).lower() == "true"


_COMPARED = frozenset({
    "AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::Group",
    "AWS::IAM::RolePolicy", "AWS::IAM::UserPolicy", "AWS::IAM::GroupPolicy",
})  # fmt: skip
_RULES: Mapping[str, _Tell] = {
    "AWS::S3::Bucket": of_bucket,
    "AWS::Lambda::Url": _url,
    "AWS::ApiGatewayV2::Api": _api,
    "AWS::IAM::Role": _role,
    "AWS::IAM::ManagedPolicy": _role,
    "AWS::IAM::Policy": _role,
    "AWS::IAM::OIDCProvider": _provider,
    "AWS::ECS::TaskDefinition": _task,
    "AWS::ApiGatewayV2::Integration": _integration,
}

_UNKNOWN = re.compile(r'\\"(Fn::|Ref\\")|"Fn::|\{parameter ')
"""A function that could not be evaluated, or a parameter that is given when deploying."""
_ABOUT = ("AWS::IAM::", "AWS::Lambda::Permission", "AWS::Lambda::Url", "AWS::EC2::SecurityGroup",
          "AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Authorizer", "AWS::EC2::VPCEndpoint")  # fmt: skip
"""Types that are compared here."""
_NOT_COMPARED = ("AWS::EC2::NetworkAcl", "AWS::EC2::VPCPeering", "AWS::EC2::TransitGateway",
                 "AWS::EC2::ClientVpn", "AWS::EC2::VPN", "AWS::EC2::Instance", "AWS::WAF",
                 "AWS::CloudFront::", "AWS::Shield::", "AWS::VpcLattice::",
                 "AWS::S3::AccessPoint", "AWS::S3::AccessGrant", "AWS::S3::MultiRegion",
                 "AWS::KMS::Grant", "AWS::ApiGateway::", "AWS::AppSync::")  # fmt: skip
"""Types that decide who reaches what, of which nothing is known here."""


def unexplained(
    differences: list[ResourceDifference],
    explained: set[str],
    base: Sources,
    head: Sources,
    objects: Objects,
) -> Iterator[Finding]:
    """A sentence for each difference of what decides over permissions that no finding is about:
    it means the same, or could not be compared."""
    for one in differences:
        side = head if one.new is not None else base
        address = (one.stack, one.logical_id)
        subject = objects.subject(side.names.arn(address))
        if one.kind.startswith(_NOT_COMPARED):
            what = Words(spaced(one.kind.rpartition("::")[2]), one.kind)
            yield _unknown(subject, what, "the whole", one.old, one.new)
            continue
        properties = side.names.value(one.stack, (one.new or one.old or {}).get("Properties") or {})
        about = one.kind.startswith(_ABOUT) or one.kind.endswith("Policy")
        if not about and not any(documents(properties)):
            continue
        if one.new is not None and _UNKNOWN.search(json.dumps(properties)):
            what = Words("a value", "값")
            yield _unknown(subject, what, "what only CloudFormation knows", one.old, one.new)
            continue
        decided = [objects.subject(key) for key in side.about(address)]
        if explained.isdisjoint({subject, *decided}):
            how, korean = (
                ("is new", "새로 생기지만") if one.old is None else
                ("is gone", "없어지지만") if one.new is None else
                ("is written differently", "다르게 표현되지만")
            )  # fmt: skip
            yield detail(
                subject, f"{subject} {how}, and nobody may do more or less than before",
                f"{subject}의 내용이 {korean}, 누가 무엇을 할 수 있는지는 그대로입니다",
            )  # fmt: skip

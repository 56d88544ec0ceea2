"""What else decides who may do what: properties of single resources that are no policy."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from cufit_ops.review.change import ResourceDifference
from cufit_ops.review.findings import Finding, Rank, Sentence, Topic
from cufit_ops.review.permissions.exposure import (
    Properties,
    incomparable,
    of_bucket,
    of_cors,
    of_url,
    wider,
)
from cufit_ops.review.permissions.identities import of_identity, of_provider
from cufit_ops.review.permissions.objects import Objects
from cufit_ops.review.permissions.sources import Sources
from cufit_ops.review.permissions.statements import is_true, mappings
from cufit_ops.review.permissions.strangers import (
    of_function,
    of_image,
    of_integration,
    of_layer,
    of_log_copy,
    of_outgoing,
    of_secrets,
    of_subscription,
)
from cufit_ops.review.permissions.words import Words, spaced

_Tell = Callable[[str, Words, Properties | None, Properties], Iterator[Finding]]

_PEOPLE = {
    "AWS::IAM::AccessKey": Words(
        "a key that never expires, for a user of the account", "만료되지 않는 사용자 액세스 키"
    ),
    "AWS::IAM::User": Words("a user of the account", "계정 사용자"),
    "AWS::IAM::UserToGroupAddition": Words("more members of a group", "그룹 구성원"),
    "AWS::IAM::SAMLProvider": Words("another way to sign in", "새 로그인 방법"),
    "AWS::IAM::OIDCProvider": Words("another way to sign in", "새 로그인 방법"),
    "AWS::IAM::InstanceProfile": Words("a role for servers", "서버용 역할 연결"),
}
_FOREIGN = (
    "AWS::SSO::",
    "AWS::RAM::",
    "AWS::Organizations::",
    "AWS::RolesAnywhere::",
    "AWS::Cognito::",
    "AWS::AccessAnalyzer::",
    "AWS::IAM::",
)
_HIDDEN = (
    "AWS::CloudFormation::Stack",
    "AWS::CloudFormation::CustomResource",
    "AWS::CloudFormation::Macro",
    "AWS::Serverless::",
    "Custom::",
)


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
    if "Target" in new and "Target" not in (old or {}):
        # "Quick create": a route for everything, to that target, that asks nobody to sign in.
        yield wider(
            subject,
            f"anyone on the internet may now call {what.english} without signing in",
            f"인터넷의 누구나 이제 로그인 없이 {what.object} 호출할 수 있습니다",
            f"Target: {new['Target']}",
        )


def _url(subject: str, what: Words, old: Properties | None, new: Properties) -> Iterator[Finding]:
    yield from of_url(subject, what, old, new)
    yield from of_cors(subject, what, old, new)


def _task(subject: str, _: Words, old: Properties | None, new: Properties) -> Iterator[Finding]:
    before = {
        str(one.get("Name")): one for one in mappings((old or {}).get("ContainerDefinitions"))
    }
    for one in mappings(new.get("ContainerDefinitions")):
        name = str(one.get("Name"))
        was: Mapping[str, Any] = before.get(name, {})
        if is_true(one.get("Privileged")) and not is_true(was.get("Privileged")):
            yield wider(
                subject,
                f"container {name} has power over the machine it runs on",
                f"{name} 컨테이너가 실행되는 서버 전체를 제어할 수 있습니다",
                "Privileged: true",
            )
        yield from of_secrets(subject, name, was, one)
        yield from of_image(subject, Words("the service", "서비스"), was, one)


def _other(kind: str) -> _Tell:
    def tell(subject: str, _: Words, old: Properties | None, new: Properties) -> Iterator[Finding]:
        if kind in _PEOPLE and old is None:
            words = _PEOPLE[kind]
            yield wider(
                subject,
                f"{words.english} is made ({subject})",
                f"{words.subject} 만들어집니다 ({subject})",
                str(dict(new)),
            )
        elif kind.startswith(_HIDDEN):
            said = Sentence(
                f"what {subject} ({kind}) allows is in another template and not described here",
                f"{subject} ({kind})의 권한은 다른 템플릿에 있어 여기서 알 수 없습니다",
            )
            yield Finding(Topic.PERMISSIONS, Rank.NOTICE, subject, said, str(dict(new)))
        elif kind.startswith(_FOREIGN) and kind not in _COMPARED:
            changed = [
                one
                for one in (old or {}).keys() | new.keys()
                if (old or {}).get(one) != new.get(one)
            ]
            for name in sorted(changed):
                if name not in ("Tags", "Description"):
                    yield incomparable(
                        subject,
                        Words(spaced(kind.rpartition("::")[2]), kind),
                        name,
                        (old or {}).get(name),
                        new.get(name),
                    )

    return tell


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
        if name in ("PubliclyAccessible", "AssociatePublicIpAddress") and is_true(value):
            if not is_true(known.get(name)):
                yield wider(
                    subject,
                    f"{what.english} may now be reached from the internet",
                    f"{what.subject} 이제 인터넷에서 접속할 수 있게 됩니다",
                    f"{path}{name}: true",
                )
        elif name == "KinesisStreamSpecification" and value != known.get(name):
            yield wider(
                subject,
                f"every change of {what.english} is copied to a stream",
                f"{what.korean}의 모든 변경 내용이 스트림으로 복사됩니다",
                f"{path}{name}: {value}",
            )
        else:
            yield from _switches(subject, what, known.get(name), value, f"{path}{name}.")


_COMPARED = frozenset(
    {
        "AWS::IAM::Role",
        "AWS::IAM::Policy",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Group",
        "AWS::IAM::RolePolicy",
        "AWS::IAM::UserPolicy",
        "AWS::IAM::GroupPolicy",
    }
)
_RULES: Mapping[str, _Tell] = {
    "AWS::S3::Bucket": of_bucket,
    "AWS::Lambda::Url": _url,
    "AWS::ApiGatewayV2::Api": _api,
    "AWS::IAM::Role": of_identity,
    "AWS::IAM::ManagedPolicy": of_identity,
    "AWS::IAM::Policy": of_identity,
    "AWS::IAM::OIDCProvider": of_provider,
    "AWS::ECS::TaskDefinition": _task,
    "AWS::Lambda::Function": of_function,
    "AWS::SNS::Subscription": of_subscription,
    "AWS::Lambda::LayerVersionPermission": of_layer,
    "AWS::Events::ApiDestination": of_outgoing,
    "AWS::KinesisFirehose::DeliveryStream": of_outgoing,
    "AWS::Logs::SubscriptionFilter": of_log_copy,
    "AWS::ApiGatewayV2::Integration": of_integration,
}

"""A sentence for every difference that has none yet: nothing of permissions goes unexplained."""

from collections.abc import Iterator, Sequence
from typing import Any

from cufit_ops.review.change import ResourceDifference
from cufit_ops.review.findings import Finding
from cufit_ops.review.permissions.exposure import detail, incomparable, wider
from cufit_ops.review.permissions.objects import Objects
from cufit_ops.review.permissions.sources import Sources, documents
from cufit_ops.review.permissions.statements import listed
from cufit_ops.review.permissions.strangers import of_accounts
from cufit_ops.review.permissions.words import Words, spaced

_ABOUT = (
    "AWS::IAM::",
    "AWS::Lambda::Permission",
    "AWS::Lambda::Url",
    "AWS::EC2::SecurityGroup",
    "AWS::ApiGatewayV2::Route",
    "AWS::ApiGatewayV2::Authorizer",
    "AWS::EC2::VPCEndpoint",
)
"""Types that are compared here."""
_NOT_COMPARED = (
    "AWS::EC2::NetworkAcl",
    "AWS::EC2::VPCPeering",
    "AWS::EC2::TransitGateway",
    "AWS::EC2::VPCEndpointService",
    "AWS::EC2::ClientVpn",
    "AWS::EC2::VPN",
    "AWS::EC2::Instance",
    "AWS::WAF",
    "AWS::CloudFront::",
    "AWS::Shield::",
    "AWS::VpcLattice::",
    "AWS::S3::AccessPoint",
    "AWS::S3::AccessGrant",
    "AWS::S3::MultiRegion",
    "AWS::KMS::Grant",
    "AWS::Events::EventBusPolicy",
    "AWS::ECR::PublicRepository",
    "AWS::ApiGateway::",
    "AWS::AppSync::",
)
"""Types that decide who reaches what, of which nothing is known here."""


def findings(
    differences: list[ResourceDifference],
    found: Sequence[Finding],
    base: Sources,
    head: Sources,
    objects: Objects,
) -> Iterator[Finding]:
    """A sentence for each difference of what decides over permissions that none of `found` is
    about: it means the same, or could not be compared."""
    yield from _macros(base, head)
    for one in differences:
        side = head if one.new is not None else base
        address = (one.stack, one.logical_id)
        subject = objects.subject(side.names.arn(address))
        if one.kind.startswith(_NOT_COMPARED):
            what = Words(spaced(one.kind.rpartition("::")[2]), one.kind)
            yield incomparable(subject, what, None, one.old, one.new)
            continue
        properties = side.names.value(one.stack, (one.new or one.old or {}).get("Properties") or {})
        at = side.names.renamed.get(address, address)
        before = base.names.value(at[0], base.names.resource(at).get("Properties") or {})
        decided = [objects.subject(key) for key in side.about(address)]
        told = [finding for finding in found if finding.subject in {subject, *decided}]
        is_told = bool(told)
        if one.new is not None:
            strange = [*of_accounts(subject, before, properties, told)]
            yield from strange
            is_told |= bool(strange)
        about = one.kind.startswith(_ABOUT) or one.kind.endswith("Policy")
        if not about and not any(documents(properties)):
            continue
        if one.new is not None and (unknown := {*_unknowns(properties)} - {*_unknowns(before)}):
            yield wider(
                subject,
                f"{subject} gets values that are not in the template; what that allows could not "
                "be compared",
                f"{subject}에 템플릿에 없는 값이 들어갑니다. 무엇이 허용되는지 비교할 수 없습니다",
                "; ".join(sorted(unknown)),
            )
            continue
        if one.old and one.new and one.old.get("Condition") != one.new.get("Condition"):
            what = Words(spaced(one.kind.rpartition("::")[2]), one.kind)
            was, now = one.old.get("Condition"), one.new.get("Condition")
            yield incomparable(subject, what, "Condition", was, now)
            continue
        if not is_told:
            how, korean = (
                ("is new", "새로 생기지만")
                if one.old is None
                else ("is gone", "없어지지만")
                if one.new is None
                else ("is written differently", "다르게 표현되지만")
            )
            yield detail(
                subject,
                f"{subject} {how}, and nobody may do more or less than before",
                f"{subject}의 내용이 {korean}, 누가 무엇을 할 수 있는지는 그대로입니다",
            )


def _macros(base: Sources, head: Sources) -> Iterator[Finding]:
    """Programs that write a template anew while it is deployed."""
    for stack, template in head.names.account.stacks.items():
        before = base.names.account.stacks.get(stack, {}).get("Transform")
        for macro in listed(template.get("Transform")):
            if macro not in listed(before):
                yield wider(
                    stack,
                    f"{stack} is rewritten by the macro {macro} while it is deployed; what that "
                    "allows could not be compared",
                    f"{stack} 템플릿을 배포할 때 매크로 {macro}에서 고쳐 씁니다. 무엇이 허용되는지 "
                    "비교할 수 없습니다",
                    f"Transform: {before} → {template['Transform']}",
                )


def _unknowns(value: Any) -> Iterator[str]:
    """Functions that could not be evaluated, and parameters given when deploying."""
    if isinstance(value, list):
        for item in value:
            yield from _unknowns(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _unknowns(item)
    elif isinstance(value, str) and (
        '{"Fn::' in value or '{"Ref"' in value or "{parameter " in value
    ):
        yield value

"""What comes from outside or goes there by properties that are no policy: code that is not of this
repository, copies of messages and logs, and other AWS accounts."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cufit_ops.review.findings import Finding, Rank
from cufit_ops.review.permissions.exposure import Properties, wider
from cufit_ops.review.permissions.resolved import ACCOUNT
from cufit_ops.review.permissions.statements import listed, mappings
from cufit_ops.review.permissions.words import Words

_OURS = re.compile(rf"{re.escape(ACCOUNT)}\.dkr\.ecr\.|cdk-[^/]*{re.escape(ACCOUNT)}")
"""A registry of the account, and the CDK's bucket of assets."""
_SERVER = re.compile(r"https?://[^\s\"\\]+")
_ACCOUNT = re.compile(r"\barn:aws[\w-]*:[\w-]*:[\w-]*:(\d{12}):|\b(\d{12})\.dkr\.ecr\.")


def of_function(
    subject: str, what: Words, old: Properties | None, new: Properties
) -> Iterator[Finding]:
    known = {str(one) for one in listed((old or {}).get("Layers"))}
    for layer in listed(new.get("Layers")):
        if str(layer) not in known and str(layer).startswith("arn:"):
            yield _code(subject, what, str(layer), f"Layers: {sorted(known)} → {new.get('Layers')}")
    was, now = _source((old or {}).get("Code")), _source(new.get("Code"))
    if now and was != now and not _OURS.match(now):
        yield _code(subject, what, now, f"Code: {was} → {now}")


def of_image(
    subject: str, what: Words, old: Properties | None, new: Properties
) -> Iterator[Finding]:
    """Of one container's definition."""
    was, now = _source(old), _source(new)
    if now and was != now and not _OURS.match(now):
        yield _code(subject, what, now, f"Image: {was} → {now}")


def _source(given: Any) -> str:
    """Where an image or a function's code lies; nothing where it is in the template."""
    given = given if isinstance(given, Mapping) else {}
    return str(given.get("Image") or given.get("ImageUri") or given.get("S3Bucket") or "")


def _code(subject: str, what: Words, source: str, evidence: str) -> Finding:
    return wider(
        subject,
        f"code that this repository does not have runs as {what.english}: {source}",
        f"이 저장소에 없는 코드가 {what.korean}의 권한으로 실행됩니다: {source}",
        evidence,
    )


def of_subscription(
    subject: str, _: Words, old: Properties | None, new: Properties
) -> Iterator[Finding]:
    """A server that gets what a topic sends; mail addresses are told as configuration."""
    to, topic = str(new.get("Endpoint")), str(new.get("TopicArn")).rpartition(":")[2]
    if to.startswith("http") and to != str((old or {}).get("Endpoint")):
        yield wider(
            subject,
            f"{to} now gets every message of topic {topic}",
            f"이제 {to}에서 {topic} 토픽의 모든 메시지를 받습니다",
            str(dict(new)),
        )


def of_outgoing(
    subject: str, what: Words, old: Properties | None, new: Properties
) -> Iterator[Finding]:
    """A server somewhere that gets events or records."""
    known = set(_SERVER.findall(json.dumps(old)))
    for to in sorted(set(_SERVER.findall(json.dumps(new))) - known):
        yield wider(
            subject,
            f"{to} now gets what {what.english} sends",
            f"이제 {what.korean}에서 보내는 내용을 {to}에서 받습니다",
            str(dict(new)),
        )


def of_layer(subject: str, _: Words, old: Properties | None, new: Properties) -> Iterator[Finding]:
    """Who may read a layer of code."""
    who, layer = str(new.get("Principal")), str(new.get("LayerVersionArn"))
    name = layer.rsplit(":layer:", maxsplit=1)[-1].partition(":")[0]
    if who == "*" and not new.get("OrganizationId"):
        reader = Words("anyone on the internet", "인터넷의 누구나")
    elif who == "*":
        reader = Words(f"organization {new['OrganizationId']}", f"{new['OrganizationId']} 조직")
    else:
        reader = Words(f"AWS account {who}", f"AWS 계정 {who}의 모든 사람")
    yield wider(
        subject,
        f"{reader.english} may now read the code of layer {name}",
        f"{reader.subject} 이제 {name} 계층의 코드를 조회할 수 있습니다",
        f"{dict(old or {})} → {dict(new)}",
    )


def of_log_copy(
    subject: str, _: Words, old: Properties | None, new: Properties
) -> Iterator[Finding]:
    to = str(new.get("DestinationArn"))
    if to != str((old or {}).get("DestinationArn")):
        yield wider(
            subject,
            f"a log is copied to {to} ({new.get('LogGroupName')})",
            f"로그가 {to}(으)로 복사됩니다 ({new.get('LogGroupName')})",
            str(dict(new)),
        )


def of_integration(
    subject: str, _: Words, old: Properties | None, new: Properties
) -> Iterator[Finding]:
    was, now = str((old or {}).get("IntegrationUri")), str(new.get("IntegrationUri"))
    if was != now and now.startswith("http"):
        yield wider(
            subject,
            f"{now} now gets what people send to the API, their sign-in included",
            f"사람들이 API에 보내는 내용이 로그인 정보까지 이제 {now}(으)로 전달됩니다",
            f"IntegrationUri: {was} → {now}",
        )


def of_secrets(
    subject: str, name: str, old: Properties | None, new: Properties
) -> Iterator[Finding]:
    """Of one container's definition."""
    known = {str(secret.get("ValueFrom")) for secret in mappings((old or {}).get("Secrets"))}
    for secret in mappings(new.get("Secrets")):
        if str(secret.get("ValueFrom")) not in known:
            yield wider(
                subject,
                f"container {name} is told the secret {secret.get('Name')}",
                f"{name} 컨테이너에 비밀 값 {secret.get('Name')}이(가) 전달됩니다",
                str(secret),
            )


def of_accounts(subject: str, old: Any, new: Any, told: Sequence[Finding]) -> Iterator[Finding]:
    """Other accounts that anything of a resource's properties names, and did not before; nothing
    of those that a danger told already names."""
    said = [f"{one.sentence.english} {one.evidence}" for one in told if one.rank is Rank.DANGER]
    for account in sorted({*_accounts(new)} - {*_accounts(old)}):
        if any(account in text for text in said):
            continue
        yield wider(
            subject,
            f"{subject} now names AWS account {account} (not ours); what that one gets could not "
            "be compared",
            f"{subject}에 이 계정이 아닌 AWS 계정 {account}이(가) 새로 쓰입니다. 그 계정이 무엇을 "
            "얻는지는 비교할 수 없습니다",
            json.dumps(new, ensure_ascii=False),
        )


def _accounts(value: Any) -> Iterator[str]:
    for found in _ACCOUNT.finditer(json.dumps(value)):
        yield found[1] or found[2]

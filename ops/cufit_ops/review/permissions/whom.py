"""Whom a policy names, in words: services, accounts, roles, GitHub's jobs, anyone."""

import re

from cufit_ops.review.permissions.conditions import Condition
from cufit_ops.review.permissions.objects import Objects
from cufit_ops.review.permissions.reasons import GITHUB
from cufit_ops.review.permissions.resolved import ACCOUNT
from cufit_ops.review.permissions.statements import ANYONE, Grant
from cufit_ops.review.permissions.words import Words

_LIMITING = {
    "aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:principalorgpaths",
    "aws:sourcearn", "aws:sourceaccount", "aws:sourcevpc", "aws:sourcevpce", "aws:userid",
    "aws:principaltype", "aws:principalservicename", "aws:sourceip", "lambda:eventsourcetoken",
}  # fmt: skip
"""Keys that tell who asks: with one of them a policy for everyone is not for everyone."""

_WIDE = tuple(f"/{bits}" for bits in range(8))
"""Ends of ranges of which no one network is as large; two halves are the internet, too."""

_SERVICES = {
    "lambda": Words("functions (AWS Lambda)", "AWS Lambda 함수"),
    "ecs-tasks": Words("tasks of the service (Amazon ECS)", "Amazon ECS 작업"),
    "events": Words("event rules of AWS", "AWS 이벤트 규칙"),
    "apigateway": Words("the API", "API 게이트웨이"),
    "sns": Words("notification topics of AWS", "AWS 알림 주제"),
    "s3": Words("file storage of AWS (S3)", "AWS 파일 저장소(S3)"),
    "cloudwatch": Words("alarms of AWS", "AWS 알람"),
    "budgets": Words("budgets of AWS", "AWS 예산 서비스"),
    "bedrock": Words("models of AWS (Bedrock)", "AWS 모델 서비스(Bedrock)"),
    "ec2": Words("any server started in the account (EC2)", "계정에서 시작한 모든 서버(EC2)"),
    "cloudformation": Words("deployments of AWS CloudFormation", "AWS CloudFormation 배포"),
}


def whom(grant: Grant, objects: Objects) -> Words:
    """Of one grant of a resource's or trust policy."""
    if grant.whom.without:
        left_out = [
            _of_account(one.partition(":")[2], objects) for one in sorted(grant.whom.without)
        ]
        names = ", ".join(one.english for one in left_out)
        return Words(
            f"everyone but {names}", f"{', '.join(one.korean for one in left_out)}만 제외한 모두"
        )
    if grant.whom.name == ANYONE:
        return _anyone(grant)
    kind, _, value = grant.whom.name.partition(":")
    if kind == "Service":
        service = value.removesuffix(".amazonaws.com")
        return _SERVICES.get(service, Words(f"AWS's service {service}", f"AWS {service} 서비스"))
    if kind == "Federated":
        return _federated(value, grant.condition)
    return _of_account(value, objects)


def _anyone(grant: Grant) -> Words:
    if is_limited(grant.condition):
        return Words("everyone who meets the condition", "조건에 맞는 모두")
    if any(one.startswith("sts:") for one in grant.actions):
        return Words("anyone with any AWS account", "AWS 계정이 있는 누구나")
    return Words("anyone on the internet", "인터넷의 누구나")


def is_public(grant: Grant) -> bool:
    return grant.whom.name == ANYONE and not is_limited(grant.condition)


def is_limited(condition: Condition) -> bool:
    return any(
        test.key in _LIMITING
        and not test.if_exists
        and "not" not in test.operator
        and not (test.key == "aws:sourceip" and _everywhere(test.values))
        and not (test.operator.endswith("like") and "*" in test.values)
        for test in condition
    )


def is_outside(grant: Grant) -> bool:
    """Whether it names somebody of another account, or of none."""
    kind, _, value = grant.whom.name.partition(":")
    return (
        kind in ("AWS", "CanonicalUser", "Federated")
        and ACCOUNT not in value
        and not value.startswith("{")
    )


def _everywhere(values: frozenset[str]) -> bool:
    return any(one.endswith(_WIDE) for one in values)


def _of_account(value: str, objects: Objects) -> Words:
    if value in objects.roles:
        return objects.roles[value]
    found = re.fullmatch(r"arn:[^:]*:(iam|sts)::([^:]+):(.+)", value)
    if not found:
        return Words(f"principal {value}", f"{value} 주체")
    account, what = found[2], found[3]
    if account == ACCOUNT:
        if what == "root":
            return Words("everybody in our AWS account", "우리 AWS 계정의 모든 사람")
        return Words(f"{what} of our account", f"우리 계정의 {what} 주체")
    if what == "root":
        return Words(
            f"everybody in AWS account {account} (not ours)",
            f"이 계정이 아닌 AWS 계정 {account}의 모든 사람",
        )
    return Words(f"{what} of AWS account {account}", f"AWS 계정 {account}의 {what} 주체")


def _federated(provider: str, condition: Condition) -> Words:
    if GITHUB not in provider:
        name = provider.rpartition("provider/")[2]
        return Words(f"whoever {name} signs in", f"{name}(으)로 로그인한 누구나")
    subjects = {
        value
        for test in condition
        if test.key == f"{GITHUB}:sub" and "not" not in test.operator and not test.if_exists
        for value in test.values
    }
    if not subjects:
        return Words("any job of anyone on GitHub", "GitHub의 모든 사람의 모든 작업")
    parts = [_subject(one) for one in sorted(subjects)]
    return Words(" and ".join(one.english for one in parts), ", ".join(one.korean for one in parts))


def _subject(text: str) -> Words:
    """A job by the `sub` claim of its token (GitHub docs, "OpenID Connect reference")."""
    repository, _, rest = text.removeprefix("repo:").partition(":")
    if not text.startswith("repo:") or "*" in repository.partition("/")[0]:
        return Words("any job of anyone on GitHub", "GitHub의 모든 사람의 모든 작업")
    if "*" in repository:
        owner = repository.partition("/")[0]
        return Words(f"any repository of {owner}", f"{owner}의 모든 저장소 작업")
    if rest.startswith("ref:refs/heads/") and not re.search(r"[*?]", rest):
        branch = rest.removeprefix("ref:refs/heads/")
        return Words(f"jobs of {repository} on {branch}", f"{repository} {branch} 브랜치의 작업")
    if rest.startswith("environment:") and not re.search(r"[*?]", rest):
        place = rest.removeprefix("environment:")
        return Words(f"jobs of {repository} for {place}", f"{repository} {place} 환경의 작업")
    if rest == "pull_request":
        return Words(f"any pull request of {repository}", f"{repository}의 모든 풀 리퀘스트")
    return Words(
        f"whoever deploys from any branch, tag or pull request of {repository} ({rest or '*'})",
        f"{repository}의 어떤 브랜치·태그·풀 리퀘스트에서든 배포하는 사람",
    )

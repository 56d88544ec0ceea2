"""Who takes the roles that no service takes: jobs of GitHub, and people."""

from collections.abc import Iterator, Mapping
from typing import Any

from cufit_ops.template_graph import Address
from stacks.github_claims import GITHUB
from stacks.settings import Delivery
from tests.infra.simulated.github import MAIN, Job, intruders, legal
from tests.infra.simulated.policies import ADMINISTRATOR, TRUST, Policies, Statement
from tests.infra.simulated.requests import STRANGER, Request
from tests.infra.synthesis import plain

PREPARING = f"ref:{MAIN}"
"""How the subject of a job ends that prepares a change set; for a deploying one, `deploy_from`."""


def trusts(policies: Policies) -> Iterator[tuple[Request, list[Request]]]:
    """What may take a role, with what may not."""
    for role in policies.roles():
        for statement in policies.statements((TRUST, role)):
            principal = statement["Principal"]
            if "Federated" in principal:
                yield from _jobs(policies, role)
            if "AWS" in principal:
                yield from _people(policies, role, statement)


def _jobs(policies: Policies, role: Address) -> Iterator[tuple[Request, list[Request]]]:
    delivery = policies.environment.settings.delivery
    assert delivery, f"{plain(role)} trusts GitHub in an environment without [delivery]"
    jobs = [legal(Job(delivery), end) for end in _ends(role, delivery)]
    known = [job.claims for job in jobs]
    for job in jobs:
        yield (
            _taken(policies, role, f"{job.environment or job.ref}'s job", job),
            [
                _taken(policies, role, who, other)
                for who, other in intruders(job)
                if other.claims not in known
            ],
        )


def _ends(role: Address, delivery: Delivery) -> list[str]:
    return [PREPARING] if role[1].startswith("PrepareRole") else delivery.deploy_from


def _taken(policies: Policies, role: Address, who: str, job: Job) -> Request:
    return Request(
        f"{who} takes {plain(role)}",
        policies.naming.arn("iam", f"oidc-provider/{GITHUB}", region=""),
        "sts:AssumeRoleWithWebIdentity",
        policies.naming.arn_of(role),
        job.claims,
        guard=(TRUST, role),
    )


def _people(
    policies: Policies, role: Address, statement: Statement
) -> Iterator[tuple[Request, list[Request]]]:
    """An administrator's permissions: who is refused is refused by the role."""
    naming = policies.naming
    if "aws:PrincipalArn" in str(statement):  # of IAM Identity Center
        name = "AWSReservedSSO_Operators_0123456789abcdef"
        path = "aws-reserved/sso.amazonaws.com/ap-northeast-2"
        context = {"aws:PrincipalArn": naming.arn("iam", f"role/{path}/{name}", region="")}
        session = naming.arn("sts", f"assumed-role/{name}/somebody", region="")
        like = naming.arn("iam", f"role/{name}", region="")
        wrong: list[Mapping[str, Any]] = [{"aws:PrincipalArn": like}, {}]
    else:
        context = {"aws:MultiFactorAuthPresent": "true"}
        session = naming.arn("iam", "user/somebody", region="")
        wrong = [{"aws:MultiFactorAuthPresent": "false"}, {}]
    request = Request(
        f"somebody takes {plain(role)}",
        session,
        "sts:AssumeRole",
        naming.arn_of(role),
        context,
        ADMINISTRATOR,
        (TRUST, role),
    )
    foreign = session.replace(f":{naming.account}:", f":{STRANGER}:")
    yield (
        request,
        [
            request.but("of another account", principal=foreign),
            *(request.but("as they are not known", context=one) for one in wrong),
        ],
    )

"""Questions about deploying from GitHub: the account trusts exactly what config/ says."""

from typing import Any

from botocore.exceptions import ClientError

from cufit_ops.doctor.answers import Answer, fails, holds
from cufit_ops.doctor.check import Check
from cufit_ops.doctor.subject import Subject
from stacks.settings import Delivery

ISSUER = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"


def _no_delivery(subject: Subject) -> str | None:
    return None if subject.settings.delivery else "config/ has no [delivery]"


def _trust(subject: Subject) -> Answer:
    delivery = subject.settings.delivery
    assert delivery is not None  # noqa: S101 - see _no_delivery
    wanted = subjects(delivery)
    expected = f"expects the subject {' or '.join(wanted)}"
    found = _provider(subject)
    if "Delivery" not in subject.stacks:
        return holds(f"the next deployment {expected}")
    if found is None or AUDIENCE not in found:
        what = "is not there" if found is None else f"has no audience {AUDIENCE}"
        return fails(f"GitHub's OIDC provider {what}", subject.deploy)
    role = subject.output("Delivery", "DeployRoleArn").rpartition("/")[2]
    policy = subject.client("iam").get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    trusted = _trusted(policy)
    if trusted != set(wanted):
        return fails(
            f"{role} trusts {', '.join(sorted(trusted)) or 'nobody'}; config/ {expected}",
            subject.deploy,
        )
    return holds(f"{role} {expected}")


def subjects(delivery: Delivery) -> list[str]:
    """Whole subjects of the tokens that may deploy."""
    from stacks.delivery import subject_prefix  # noqa: PLC0415 - loads the CDK, seconds

    return [f"{subject_prefix(delivery)}:{end}" for end in delivery.deploy_from]


def _provider(subject: Subject) -> list[str] | None:
    """Audiences of GitHub's provider in the account; None: there is none."""
    arn = f"arn:aws:iam::{subject.account}:oidc-provider/{ISSUER}"
    try:
        found = subject.client("iam").get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchEntity":
            raise
        return None
    audiences: list[str] = found["ClientIDList"]
    return audiences


def _trusted(policy: dict[str, Any]) -> set[str]:
    found: set[str] = set()
    for statement in policy["Statement"]:
        of_token = statement.get("Condition", {}).get("StringEquals", {}).get(f"{ISSUER}:sub", [])
        found |= {of_token} if isinstance(of_token, str) else set(of_token)
    return found


CHECKS = (Check("github", "GitHub's tokens are trusted as config/ says", _trust,
                unless=_no_delivery, seconds=30),)  # fmt: skip

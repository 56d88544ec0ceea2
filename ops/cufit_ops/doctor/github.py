"""Questions about deploying from GitHub: the account trusts exactly what config/ says."""

import json
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from cufit_ops.doctor.answers import Answer, fails, holds
from cufit_ops.doctor.check import Check
from cufit_ops.doctor.subject import Subject
from stacks.delivery_rules import legal_ends
from stacks.github_claims import AUDIENCE, BRANCH, GITHUB, WORKFLOW, claims

SUBJECT = f"{GITHUB}:sub"


def _no_delivery(subject: Subject) -> str | None:
    return None if subject.settings.delivery else "config/ has no [delivery]"


def _trust(subject: Subject) -> Answer:
    delivery = subject.settings.delivery
    assert delivery is not None  # noqa: S101 - see _no_delivery
    ends = {
        "PrepareRole": [legal_ends(subject.name)[1]],
        "DeployRole": delivery.deploy_from,
    }
    wanted = {role: claims(delivery, of_it) for role, of_it in ends.items()}
    subjects = " or ".join(wanted["DeployRole"][SUBJECT])
    audiences, creates = _audiences(subject), delivery.github_provider == "create"
    deployed = "Delivery" in subject.stacks
    if audiences is None and (deployed or not creates):
        other = 'deploy the environment with github_provider = "create" first'
        mend = subject.deploy if creates else other
        return fails(f"the account has no OIDC provider {GITHUB}", mend)
    if audiences is not None and creates and not deployed:
        return fails(
            f"the account has the OIDC provider {GITHUB} already, and can hold one",
            f'[delivery] github_provider = "existing" in config/{subject.name}.toml',
        )
    if audiences is not None and AUDIENCE not in audiences:
        return fails(
            f"the OIDC provider {GITHUB} does not take tokens for {AUDIENCE}",
            "aws iam add-client-id-to-open-id-connect-provider --client-id "
            f"{AUDIENCE} --open-id-connect-provider-arn {_provider(subject)}",
        )
    if not deployed:
        return holds(f"the next deployment will trust {subjects}, on {BRANCH} in {WORKFLOW}")
    for name, conditions in wanted.items():
        role = subject.output("Delivery", f"{name}Arn").rpartition("/")[2]
        trusted = _trusted(subject, role)
        if trusted != [_expected(subject, conditions)]:
            expected = " or ".join(conditions[SUBJECT])
            return fails(
                f"{role} trusts {json.dumps(trusted)}; config/ says {expected} alone, on {BRANCH} "
                f"in {WORKFLOW}",
                subject.deploy,
            )
    return holds(f"trusted is {subjects}, on {BRANCH} in {WORKFLOW}")


def _provider(subject: Subject) -> str:
    return f"arn:aws:iam::{subject.account}:oidc-provider/{GITHUB}"


def _audiences(subject: Subject) -> list[str] | None:
    """Of GitHub's provider in the account; None: there is none."""
    iam = subject.client("iam")
    try:
        found = iam.get_open_id_connect_provider(OpenIDConnectProviderArn=_provider(subject))
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchEntity":
            raise
        return None
    audiences: list[str] = found["ClientIDList"]
    return audiences


def _trusted(subject: Subject, role: str) -> list[dict[str, Any]]:
    """Every statement of the document that says who may assume `role`."""
    policy = subject.client("iam").get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    statements = policy["Statement"]
    listed = [statements] if isinstance(statements, dict) else statements
    return [
        {
            **statement,
            "Condition": {
                operator: _listed(values)
                for operator, values in statement.get("Condition", {}).items()
            },
        }
        for statement in listed
    ]


def _expected(subject: Subject, conditions: Mapping[str, Any]) -> dict[str, Any]:
    """The one statement that stacks/delivery.py makes."""
    return {
        "Effect": "Allow",
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {"Federated": _provider(subject)},
        "Condition": {"StringEquals": _listed(conditions)},
    }


def _listed(conditions: Mapping[str, Any]) -> dict[str, list[str]]:
    """IAM takes a value for a list of one."""
    return {
        key: [value] if isinstance(value, str) else sorted(value)
        for key, value in conditions.items()
    }


CHECKS = (
    Check("github", "GitHub's tokens are trusted as config/ says", _trust, unless=_no_delivery),
)

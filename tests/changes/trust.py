"""Changes of trust and of keys, by conditions that look like the ones before."""

from tests.changes.case import Templates
from tests.changes.policies import dangerous, trust
from tests.changes.sharing import GITHUB

_DEPLOY = "may now become the deploy role"


def _one_more_repository(templates: Templates) -> None:
    held = trust(templates, "Delivery/DeployRole")[0]["Condition"]["StringEquals"]
    mine = held[f"{GITHUB}:sub"]
    given = [*(mine if isinstance(mine, list) else [mine])]
    held[f"{GITHUB}:sub"] = [*given, "repo:somebody/else:ref:refs/heads/main"]


def _claims_if_there(templates: Templates) -> None:
    condition = trust(templates, "Delivery/DeployRole")[0]["Condition"]
    condition["StringEqualsIfExists"] = condition.pop("StringEquals")


def _key_for_everyone(templates: Templates) -> None:
    given = {"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}
    templates["Data"]["Resources"]["Key"] = {
        "Type": "AWS::KMS::Key",
        "Properties": {"KeyPolicy": {"Statement": [given]}},
    }


CASES = (
    *dangerous(
        "one more repository deploys",
        _one_more_repository,
        f"^jobs of somebody/else on main {_DEPLOY}$",
    ),
    *dangerous(
        "GitHub's claims only if they are there",
        _claims_if_there,
        f"{_DEPLOY}, also with a token that does not tell aud, job_workflow_ref, ref",
    ),
    *dangerous(
        "a key for everyone",
        _key_for_everyone,
        "^anyone on the internet may now .* the Key Key",
    ),
)

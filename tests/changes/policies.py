"""How edits of policies find and write statements."""

from collections.abc import Callable
from typing import Any

from cufit_ops.review.findings import Topic
from tests.changes.case import Case, Templates, both, properties

Statement = dict[str, Any]
Edit = Callable[[Templates], None]

WORKER = "Matching/MatchWorkerRoleDefaultPolicy"
INDEXER = "Matching/ProfileIndexerRoleDefaultPolicy"
PROCESSOR = "Photos/PhotoProcessorRoleDefaultPolicy"
UPLOADS = "Photos/PhotoUploadUrlRoleDefaultPolicy"
SERVICE = "Service/FargateTaskRoleDefaultPolicy"
BUCKET = "Data/PhotoBucketPolicy"
EVERY_FILE = {"Fn::Join": ["", [{"Fn::GetAtt": ["PhotoBucket465738B3", "Arn"]}, "/*"]]}


def statements(templates: Templates, policy: str) -> list[Statement]:
    found: list[Statement] = properties(templates, policy)["PolicyDocument"]["Statement"]
    return found


def trust(templates: Templates, role: str) -> list[Statement]:
    found: list[Statement] = properties(templates, role)["AssumeRolePolicyDocument"]["Statement"]
    return found


def with_action(templates: Templates, policy: str, action: str, about: str = "") -> Statement:
    """The first statement that names the action and whose text has `about`."""
    return next(
        one
        for one in statements(templates, policy)
        if action in one["Action"] and about in str(one["Resource"])
    )


def adding(policy: str, action: Any, resource: Any, **more: Any) -> Edit:
    """An edit that allows something more."""
    given = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    return lambda templates: statements(templates, policy).append(dict(given))


def published(templates: Templates, name: str) -> dict[str, str]:
    """The ARN of a table of Data, as other stacks import it."""
    for output in templates["Data"]["Outputs"].values():
        if name in str(output["Value"]) and "Arn" in str(output["Value"]):
            return {"Fn::ImportValue": output["Export"]["Name"]}
    raise LookupError(name)


def adding_on(policy: str, action: Any, table: str) -> Edit:
    """An edit that allows something more on a table."""
    return lambda templates: statements(templates, policy).append(
        {"Effect": "Allow", "Action": action, "Resource": published(templates, table)}
    )


def dangerous(name: str, edit: Edit, *words: str) -> tuple[Any, Any]:
    """A case in dev and prod, of which each of the sentences is read at first glance."""
    return both(name, edit, tuple((Topic.PERMISSIONS, one) for one in words), dangerous=True)


def dangerous_in_dev(name: str, edit: Edit, words: str) -> Case:
    """A case of what only the templates of dev make."""
    return Case(name, "dev", edit, ((Topic.PERMISSIONS, words),), dangerous=True)

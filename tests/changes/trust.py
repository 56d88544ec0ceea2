"""Changes of trust, of keys and of rows, by conditions that look like the ones before, and of what
is told in words of its own."""

from tests.changes.case import Templates, properties
from tests.changes.policies import (
    BUCKET,
    EVERY_FILE,
    INDEXER,
    SERVICE,
    WORKER,
    adding,
    dangerous,
    trust,
    with_action,
)
from tests.changes.sharing import GITHUB

_DEPLOY = "may now become the deploy role"
STARTER = "Service/FargateExecutionRoleDefaultPolicy"


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


def _any_field(templates: Templates) -> None:
    condition = with_action(templates, INDEXER, "dynamodb:BatchGetItem")["Condition"]
    del condition["ForAllValues:StringEquals"]
    condition["ForAllValues:StringLike"] = {"dynamodb:Attributes": ["*"]}


def _whole_answer(templates: Templates) -> None:
    condition = with_action(templates, INDEXER, "dynamodb:UpdateItem")["Condition"]
    condition["StringEqualsIfExists"]["dynamodb:ReturnValues"].append("ALL_NEW")


def _whole_rows(templates: Templates) -> None:
    condition = with_action(templates, WORKER, "dynamodb:Query")["Condition"]
    condition["StringEqualsIfExists"]["dynamodb:Select"] = ["SPECIFIC_ATTRIBUTES", "ALL_ATTRIBUTES"]


def _copied_away(templates: Templates) -> None:
    to = {"Bucket": "arn:aws:s3:::theirs", "Account": "444455556666"}
    properties(templates, "Data/PhotoBucket")["ReplicationConfiguration"] = {
        "Role": "ours",
        "Rules": [{"Destination": to, "Status": "Enabled"}],
    }


CASES = (
    *dangerous(
        "photos copied away", _copied_away,
        "photo bucket is copied to another bucket \\(444455556666, arn:aws:s3:::theirs\\)",
    ),
    *dangerous(
        "another image for the service",
        lambda templates: with_action(templates, STARTER, "ecr:BatchGetImage").update(
            Action=["ecr:BatchGetImage", "ecr:PutImage"]
        ),
        "may now write or overwrite the service's images",
    ),
    *dangerous(
        "anyone reads photos by halves of the internet",
        adding(
            BUCKET, "s3:GetObject", EVERY_FILE,
            Principal="*", Condition={"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}},
        ),
        "^anyone on the internet may now read any photo",
    ),
    *dangerous(
        "any field", _any_field,
        "profile_indexer may now read any candidate, all its fields, the phone number too",
    ),
    *dangerous("whole rows after a change", _whole_answer, "with the whole row in the answer"),
    *dangerous("whole rows of a query", _whole_rows, "with whole rows in the answer"),
    *dangerous(
        "settings of buckets",
        adding(SERVICE, ["s3:PutLifecycleConfiguration", "s3:PutReplicationConfiguration"], "*"),
        "the service may now decide when files are deleted from and copy elsewhere every file of",
    ),
    *dangerous(
        "reads which people are known",
        adding(SERVICE, "s3vectors:ListVectors", "*"),
        "the service may now list the people of every vector index",
    ),
    *dangerous(
        "makes keys for others",
        adding(SERVICE, "sts:GetFederationToken", "*"),
        "the service may now give others keys of itself",
    ),
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
)  # fmt: skip

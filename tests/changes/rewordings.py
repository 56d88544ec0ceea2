"""Permissions written differently, or narrower ones: nobody gains anything that is to be feared."""

from typing import Any

from cufit_ops.review.findings import Topic
from tests.changes.case import Templates, both, logical_id, of_type, properties, renamed
from tests.changes.policies import (
    BUCKET,
    PROCESSOR,
    SERVICE,
    UPLOADS,
    WORKER,
    adding,
    published,
    statements,
    trust,
    with_action,
)


def _policies(templates: Templates) -> list[dict[str, Any]]:
    kinds = ("AWS::IAM::Policy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy",
             "AWS::S3::BucketPolicy")  # fmt: skip
    return [
        found["Properties"]["PolicyDocument"]
        for kind in kinds
        for _, _, found in of_type(templates, kind)
    ]


def _reversed(templates: Templates) -> None:
    for policy in _policies(templates):
        policy["Statement"].reverse()
        for one in policy["Statement"]:
            for part in ("Action", "Resource"):
                if isinstance(one.get(part), list):
                    one[part].reverse()


def _as_lists(templates: Templates) -> None:
    for policy in _policies(templates):
        for one in policy["Statement"]:
            for part in ("Action", "Resource"):
                if not isinstance(one[part], list):
                    one[part] = [one[part]]


def _one_action_each(templates: Templates) -> None:
    for policy in _policies(templates):
        policy["Statement"] = [
            {**one, "Action": action}
            for one in policy["Statement"]
            for action in (one["Action"] if isinstance(one["Action"], list) else [one["Action"]])
        ]


def _small_letters(templates: Templates) -> None:
    for one in statements(templates, WORKER):
        actions = one["Action"] if isinstance(one["Action"], list) else [one["Action"]]
        one["Action"] = [action.lower() for action in actions]


def _named(templates: Templates) -> None:
    for policy in _policies(templates):
        for number, one in enumerate(policy["Statement"]):
            one["Sid"] = f"Number{number}"


def _twice(templates: Templates) -> None:
    statements(templates, SERVICE).extend([dict(one) for one in statements(templates, SERVICE)])


def _substituted(templates: Templates) -> None:
    """The same ARNs, said by Sub."""
    for one in statements(templates, BUCKET):
        one["Resource"] = ["${B.Arn}", "${B.Arn}/*"] if "Sid" not in one else "${B.Arn}/*"
        _, bucket = logical_id(templates, "Data/PhotoBucket")
        texts = one["Resource"] if isinstance(one["Resource"], list) else [one["Resource"]]
        one["Resource"] = [{"Fn::Sub": text.replace("B.", f"{bucket}.")} for text in texts]
    statement = with_action(templates, WORKER, "dynamodb:PutItem")
    statement["Resource"] = {"Fn::Sub": ["${Table}", {"Table": published(templates, "Idempotency")}]}  # fmt: skip  # noqa: E501


def _another_policy(templates: Templates) -> None:
    renamed(templates, WORKER, "WhatMatchWorkerMay")


def _another_role(templates: Templates) -> None:
    renamed(templates, "Matching/MatchWorkerRole", "WorkerIdentity")


def _inside_the_role(templates: Templates) -> None:
    stack, policy = logical_id(templates, PROCESSOR)
    given = templates[stack]["Resources"].pop(policy)["Properties"]
    properties(templates, "Photos/PhotoProcessorRole")["Policies"] = [
        {"PolicyName": "inline", "PolicyDocument": given["PolicyDocument"]}
    ]


def _as_managed(templates: Templates) -> None:
    stack, policy = logical_id(templates, UPLOADS)
    given = templates[stack]["Resources"].pop(policy)["Properties"]
    given.pop("PolicyName")
    templates[stack]["Resources"]["Managed"] = {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": given,
    }


def _two_policies(templates: Templates) -> None:
    whole = properties(templates, WORKER)
    half = whole["PolicyDocument"]["Statement"][::2]
    whole["PolicyDocument"]["Statement"] = whole["PolicyDocument"]["Statement"][1::2]
    templates["Matching"]["Resources"]["Half"] = {
        "Type": "AWS::IAM::Policy",
        "Properties": {
            **whole, "PolicyName": "Half", "PolicyDocument": {"Statement": half},
        },
    }  # fmt: skip


def _like_without_wildcard(templates: Templates) -> None:
    condition = trust(templates, "Delivery/DeployRole")[0]["Condition"]
    condition["StringLike"] = condition.pop("StringEquals")


def _anyone_by_another_name(templates: Templates) -> None:
    for one in statements(templates, BUCKET):
        one["Principal"] = "*"


def _fewer_actions(templates: Templates) -> None:
    for _, _, policy in of_type(templates, "AWS::IAM::Policy"):
        for one in policy["Properties"]["PolicyDocument"]["Statement"]:
            if isinstance(one["Action"], list):
                one["Action"].pop()


def _one_prefix(templates: Templates) -> None:
    parts = with_action(templates, PROCESSOR, "s3:GetObject")["Resource"]["Fn::Join"][1]
    parts[1] = "/incoming/new/*"


def _one_more_condition(templates: Templates) -> None:
    condition = {"Bool": {"aws:SecureTransport": "true"}}
    for one in statements(templates, UPLOADS):
        one["Condition"] = condition


def _refused_besides(templates: Templates) -> None:
    adding(WORKER, "dynamodb:DeleteTable", "*", Effect="Deny")(templates)


def _limited(templates: Templates) -> None:
    properties(templates, "Matching/MatchWorkerRole")["PermissionsBoundary"] = (
        "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"
    )


def _one_subject_less(templates: Templates) -> None:
    """Another pair of repositories may deploy before than after (the case is flipped)."""
    key = "token.actions.githubusercontent.com:sub"
    condition = trust(templates, "Delivery/DeployRole")[0]["Condition"]["StringEquals"]
    condition[key] = [*condition[key], "repo:cufit/another:environment:dev"]


def _with_its_own_table(templates: Templates) -> None:
    """A function that is new, with its role, its log and its table."""
    trusted = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}}
    table = {"Fn::GetAtt": ["SweeperTable", "Arn"]}
    may = {"Effect": "Allow", "Action": ["dynamodb:GetItem", "dynamodb:PutItem"]}
    templates["Photos"]["Resources"] |= {
        "SweeperTable": {
            "Type": "AWS::DynamoDB::GlobalTable",
            "Properties": properties(templates, "Data/Outbox"),
        },
        "SweeperRole": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {
                    "Statement": [{**trusted, "Action": "sts:AssumeRole"}]
                },
                "Policies": [
                    {"PolicyDocument": {"Statement": [{**may, "Resource": table}]}}
                ],
            },
        },
        "SweeperFunction": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                **properties(templates, "Photos/PhotoProcessorFunction"),
                "Handler": "sweeper.handler.handler",
                "Role": {"Fn::GetAtt": ["SweeperRole", "Arn"]},
            },
        },
    }  # fmt: skip


def _any_value(templates: Templates) -> None:
    """Of keys with one value it is the same."""
    for policy in _policies(templates):
        for one in policy["Statement"]:
            if equals := one.get("Condition", {}).pop("StringEquals", None):
                one["Condition"]["ForAnyValue:StringEquals"] = equals


def _usual_sessions(templates: Templates) -> None:
    """What a role that does not say it has (IAM's API reference, CreateRole)."""
    for _, _, role in of_type(templates, "AWS::IAM::Role"):
        role["Properties"].setdefault("MaxSessionDuration", 3600)


def _open_routes_unsaid(templates: Templates) -> None:
    """NONE is what a route has that says nothing of it."""
    for _, _, route in of_type(templates, "AWS::ApiGatewayV2::Route"):
        if route["Properties"].get("AuthorizationType") == "NONE":
            del route["Properties"]["AuthorizationType"]


CASES = (
    *both("open routes that do not say so", _open_routes_unsaid),
    *both("sessions as long as they are", _usual_sessions),
    *both("statements and lists reversed", _reversed),
    *both("lists of one", _as_lists),
    *both("a statement for each action", _one_action_each),
    *both("a statement for each action, joined", _one_action_each, flipped=True),
    *both("actions in small letters", _small_letters),
    *both("statements with names", _named),
    *both("every statement twice", _twice),
    *both("the same ARNs by Sub", _substituted),
    *both("a policy of another logical id", _another_policy),
    *both("a role of another logical id", _another_role),
    *both("a policy inside its role", _inside_the_role),
    *both("a policy becomes a managed one", _as_managed),
    *both("a policy in two halves", _two_policies),
    *both("StringLike without a wildcard", _like_without_wildcard),
    *both("conditions by ForAnyValue", _any_value),
    *both("everyone by another name", _anyone_by_another_name),
    *both("fewer actions", _fewer_actions),
    *both("a prefix below the prefix", _one_prefix),
    *both("one more condition", _one_more_condition),
    *both("one more Deny", _refused_besides),
    *both("a role gets a limit", _limited),
    *both("a repository may deploy no longer", _one_subject_less, flipped=True),
    *both(
        "a new function with its own table",
        _with_its_own_table,
        ((Topic.PERMISSIONS, "^sweeper may now read and write"),),
    ),
)

"""Changes of who else may use something: policies of resources, and who may become a role."""

from typing import Any

from tests.changes.case import Templates, logical_id, properties
from tests.changes.policies import (
    BUCKET,
    EVERY_FILE,
    dangerous,
    dangerous_in_dev,
    statements,
    trust,
    with_action,
)

GITHUB = "token.actions.githubusercontent.com"
STRANGER = "arn:aws:iam::444455556666:root"
_DEPLOY = "may now become the deploy role"


def _everyone(templates: Templates) -> None:
    given = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": EVERY_FILE}
    statements(templates, BUCKET).append(given)


def _another_account(templates: Templates) -> None:
    given = {"Effect": "Allow", "Principal": {"AWS": STRANGER}, "Action": "s3:*"}
    statements(templates, BUCKET).append({**given, "Resource": EVERY_FILE})


def _without_tls(templates: Templates) -> None:
    del statements(templates, BUCKET)[0]


def _queue_without_tls(templates: Templates) -> None:
    _, policy = logical_id(templates, "Matching/MatchRequestsQueuePolicy")
    del templates["Matching"]["Resources"][policy]


def _any_rule(templates: Templates) -> None:
    with_action(templates, "Photos/FailuresPolicy", "sqs:SendMessage").pop("Condition")


def _any_topic(templates: Templates) -> None:
    for resource in templates["Observability"]["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Permission":
            resource["Properties"].pop("SourceArn")


def _called_by_anyone(templates: Templates) -> None:
    _, function = logical_id(templates, "Matching/MatchWorkerFunction")
    templates["Matching"]["Resources"]["Anyone"] = {
        "Type": "AWS::Lambda::Permission",
        "Properties": {
            "Action": "lambda:InvokeFunction",
            "FunctionName": {"Ref": function},
            "Principal": "*",
        },
    }


def _table_policy(templates: Templates) -> None:
    given = {"Effect": "Allow", "Principal": {"AWS": STRANGER}, "Action": "dynamodb:Scan"}
    properties(templates, "Data/Candidates")["Replicas"][0]["ResourcePolicy"] = {
        "PolicyDocument": {"Statement": [{**given, "Resource": "*"}]}
    }


def _vectors(templates: Templates) -> None:
    given = {"Effect": "Allow", "Principal": "*", "Action": "s3vectors:GetVectors", "Resource": "*"}
    templates["Knowledge"]["Resources"]["Shared"] = {
        "Type": "AWS::S3Vectors::VectorBucketPolicy",
        "Properties": {
            "VectorBucketArn": {"Fn::GetAtt": ["VectorBucket", "VectorBucketArn"]},
            "Policy": {"Statement": [given]},
        },
    }


def _trusts(statement: dict[str, Any], role: str = "Matching/MatchWorkerRole") -> Any:
    given = {"Effect": "Allow", "Action": "sts:AssumeRole", **statement}
    return lambda templates: trust(templates, role).append(given)


def _github(**conditions: Any) -> Any:
    """The deploy role's conditions, with some keys of GitHub's others or none."""

    def edit(templates: Templates) -> None:
        condition = trust(templates, "Delivery/DeployRole")[0]["Condition"]
        for key, value in conditions.items():
            condition["StringEquals"].pop(f"{GITHUB}:{key}")
            if value is not None:
                condition.setdefault("StringLike", {})[f"{GITHUB}:{key}"] = value

    return edit


def _any_account(templates: Templates) -> None:
    trust(templates, "Knowledge/KnowledgeBaseRole")[0].pop("Condition")


def _without_mfa(templates: Templates) -> None:
    trust(templates, "Delivery/OpsActRole")[0].pop("Condition")


def _another_client(templates: Templates) -> None:
    properties(templates, "Delivery/GitHub")["ClientIdList"].append("somebody")


def _foreign_layer(templates: Templates) -> None:
    layer = "arn:aws:lambda:ap-northeast-2:444455556666:layer:theirs:1"
    properties(templates, "Matching/MatchWorkerFunction")["Layers"] = [layer]


def _log_copied(templates: Templates) -> None:
    _, group = logical_id(templates, "Matching/MatchWorkerLogs")
    templates["Matching"]["Resources"]["Copy"] = {
        "Type": "AWS::Logs::SubscriptionFilter",
        "Properties": {
            "LogGroupName": {"Ref": group},
            "DestinationArn": "arn:aws:logs:ap-northeast-2:444455556666:destination:theirs",
            "FilterPattern": "",
        },
    }


def _policy_gone(templates: Templates) -> None:
    _, policy = logical_id(templates, BUCKET)
    del templates["Data"]["Resources"][policy]


def _spy(templates: Templates) -> None:
    """A new function with the role of another."""
    given = properties(templates, "Photos/PhotoProcessorFunction")
    templates["Photos"]["Resources"]["Spy"] = {
        "Type": "AWS::Lambda::Function",
        "Properties": {**given, "Handler": "spy.handler.handler"},
    }


CASES = (
    *dangerous("anyone reads photos", _everyone, "^anyone on the internet may now read any photo$"),
    *dangerous(
        "another account has the photos",
        _another_account,
        "AWS account 444455556666 \\(not ours\\) may now",
    ),
    *dangerous(
        "photos without TLS", _without_tls, "photo bucket may now be used also without encryption"
    ),
    *dangerous(
        "a queue without TLS", _queue_without_tls, "queue may now be used also without encryption"
    ),
    *dangerous(
        "any event rule may send",
        _any_rule,
        "event rules of AWS may now send to .*on behalf of any resource",
    ),
    *dangerous(
        "any topic calls the notifier",
        _any_topic,
        "may now call (alarm_notifier|heartbeat), on behalf of any resource",
    ),
    *dangerous(
        "anyone calls match_worker",
        _called_by_anyone,
        "anyone on the internet may now call match_worker",
    ),
    *dangerous(
        "a table shared with another account",
        _table_policy,
        "444455556666.* may now read any candidate|444455556666.* read every table",
    ),
    *dangerous("vectors for everyone", _vectors, "anyone on the internet may now read"),
    *dangerous(
        "another service becomes match_worker",
        _trusts({"Principal": {"Service": "ec2.amazonaws.com"}}),
        "any server .* may now become match_worker",
    ),
    *dangerous(
        "another account becomes match_worker",
        _trusts({"Principal": {"AWS": STRANGER}}),
        "444455556666.* may now become match_worker",
    ),
    *dangerous(
        "anyone becomes the deploy role",
        _trusts({"Principal": {"AWS": "*"}}, "Delivery/DeployRole"),
        f"anyone with any AWS account {_DEPLOY}",
    ),
    *dangerous(
        "any branch deploys",
        _github(sub="repo:cufit/cufit:*", ref=None),
        f"whoever deploys from any branch.* {_DEPLOY}",
    ),
    *dangerous(
        "any repository deploys", _github(sub=None), f"any job of anyone on GitHub {_DEPLOY}"
    ),
    *dangerous(
        "any workflow deploys", _github(job_workflow_ref=None), f"{_DEPLOY}, by any workflow file"
    ),
    *dangerous(
        "any token deploys", _github(aud=None), f"{_DEPLOY}, with a token made for anybody else"
    ),
    *dangerous(
        "Bedrock for any account",
        _any_account,
        "may now become the knowledge base, on behalf of anybody",
    ),
    dangerous_in_dev(
        "operators without MFA",
        _without_mfa,
        "our AWS account may now become an operator who may act, also without",
    ),
    dangerous_in_dev(
        "another client of GitHub's tokens", _another_client, "made for somebody are accepted"
    ),
    *dangerous("code of somebody else", _foreign_layer, "code .* runs as match_worker"),
    *dangerous("a log is copied", _log_copied, "a log is copied to"),
    *dangerous(
        "no policy of the bucket", _policy_gone, "photo bucket may now be used also without"
    ),
    *dangerous(
        "a function with another's role",
        _spy,
        "spy may now .*delete any photo.* for it gets the role of photo_processor",
        "^no list says what spy needs of its [0-9]+ permissions",
    ),
)

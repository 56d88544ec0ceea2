"""Changes of what roles may do by their own policies."""

from cufit_ops.review.findings import Topic
from tests.changes.case import Templates, both, logical_id, properties
from tests.changes.policies import (
    PROCESSOR,
    SERVICE,
    UPLOADS,
    WORKER,
    adding,
    adding_on,
    dangerous,
    dangerous_in_dev,
    published,
    statements,
    with_action,
)

ADMINISTRATOR = {
    "Fn::Join": ["", ["arn:", {"Ref": "AWS::Partition"}, ":iam::aws:policy/AdministratorAccess"]]
}


def _all_actions(templates: Templates) -> None:
    with_action(templates, PROCESSOR, "s3:GetObject")["Action"] = "s3:*"


def _any_deletion(templates: Templates) -> None:
    with_action(templates, WORKER, "dynamodb:PutItem")["Action"] = "dynamodb:Delete*"


def _every_table(templates: Templates) -> None:
    with_action(templates, UPLOADS, "dynamodb:PutItem")["Resource"] = {
        "Fn::Sub": "arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/*"
    }


def _whole_bucket(templates: Templates) -> None:
    statement = with_action(templates, PROCESSOR, "s3:GetObject")
    statement["Resource"]["Fn::Join"][1][1] = "/*"


def _no_condition(templates: Templates) -> None:
    with_action(templates, WORKER, "dynamodb:GetItem", "Candidates").pop("Condition")


def _one_more_field(templates: Templates) -> None:
    statement = with_action(templates, WORKER, "dynamodb:GetItem", "Candidates")
    statement["Condition"]["ForAllValues:StringEquals"]["dynamodb:Attributes"].append("phone")


def _not_action(templates: Templates) -> None:
    statement = with_action(templates, PROCESSOR, "dynamodb:UpdateItem")
    statement["NotAction"] = statement.pop("Action")


def _not_resource(templates: Templates) -> None:
    statement = with_action(templates, PROCESSOR, "dynamodb:UpdateItem")
    statement["NotResource"] = statement.pop("Resource")


def _administrator(templates: Templates) -> None:
    properties(templates, "Matching/MatchWorkerRole")["ManagedPolicyArns"] = [ADMINISTRATOR]


def _unknown_policy(templates: Templates) -> None:
    properties(templates, "Service/FargateTaskRole")["ManagedPolicyArns"] = [
        "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"
    ]


def _inline(templates: Templates) -> None:
    given = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
    properties(templates, "Photos/PhotoProcessorRole")["Policies"] = [
        {"PolicyName": "more", "PolicyDocument": {"Statement": given}}
    ]


def _managed(templates: Templates) -> None:
    _, role = logical_id(templates, "Matching/MatchWorkerRole")
    given = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}
    templates["Matching"]["Resources"]["More"] = {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {"PolicyDocument": {"Statement": [given]}, "Roles": [{"Ref": role}]},
    }


def _another_role(templates: Templates) -> None:
    _, role = logical_id(templates, "Photos/PhotoUploadUrlRole")
    properties(templates, "Photos/PhotoProcessorFunction")["Role"] = {"Fn::GetAtt": [role, "Arn"]}


def _limited(templates: Templates) -> None:
    properties(templates, "Matching/MatchWorkerRole")["PermissionsBoundary"] = (
        "arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"
    )


def _refused(templates: Templates) -> None:
    statements(templates, WORKER).append(
        {
            "Effect": "Deny",
            "Action": "dynamodb:UpdateItem",
            "Resource": published(templates, "Recommendations"),
        }
    )


def _key(templates: Templates) -> None:
    templates["Delivery"]["Resources"]["Key"] = {
        "Type": "AWS::IAM::AccessKey",
        "Properties": {"UserName": "someone"},
    }


def _operators_see_phones(templates: Templates) -> None:
    for one in statements(templates, "Delivery/OpsReadRoleDefaultPolicy"):
        if "dynamodb:Scan" in one["Action"]:
            one.pop("Condition", None)


PASS = adding(SERVICE, "iam:PassRole", "*")
BECOME = adding(SERVICE, "sts:AssumeRole", {"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:role/*"})

CASES = (
    *dangerous(
        "match_worker deletes candidates",
        adding_on(WORKER, "dynamodb:DeleteItem", "Candidates"),
        "^match_worker may now delete any candidate",
    ),
    *dangerous(
        "match_worker writes members",
        adding_on(WORKER, ["dynamodb:PutItem"], "Members"),
        "match_worker may now write or overwrite any member",
    ),
    *dangerous(
        "every action on uploads",
        _all_actions,
        "photo_processor may now do anything with any photo just uploaded",
    ),
    *dangerous(
        "every action on a row",
        adding_on(WORKER, "dynamodb:*Item", "Members"),
        "may now read, check the existence of, write, overwrite and delete and change any member$",
    ),
    *dangerous("every deletion", _any_deletion, "match_worker may now delete"),
    *dangerous(
        "every table",
        _every_table,
        "^photo_upload_url may now .* (any|every) .* and [0-9]+ more",
    ),
    *dangerous(
        "a prefix becomes the bucket", _whole_bucket, "photo_processor may now read.* any photo$"
    ),
    *dangerous(
        "a condition is gone", _no_condition, "read any candidate, all its fields, the phone"
    ),
    *dangerous("one more field", _one_more_field, "the fields phone too"),
    *dangerous("NotAction", _not_action, "photo_processor may now"),
    *dangerous("NotResource", _not_resource, "photo_processor may now"),
    *dangerous(
        "administrator", _administrator, "match_worker may now do everything in the whole account"
    ),
    *dangerous(
        "a managed policy nobody describes",
        _unknown_policy,
        "the service gets all that AWSXRayDaemonWriteAccess",
    ),
    *dangerous("an inline policy", _inline, "photo_processor may now read every secret"),
    *dangerous(
        "a policy attached to a role",
        _managed,
        "match_worker may now decrypt with every encryption key",
    ),
    *dangerous(
        "a function gets another's role",
        _another_role,
        "photo_processor may now .*delete .*for it gets the role of photo_upload_url",
    ),
    *dangerous("passes any role", PASS, "the service may now hand a service the powers of"),
    *dangerous("becomes any role", BECOME, "the service may now become"),
    *dangerous(
        "replaces code",
        adding(SERVICE, "lambda:UpdateFunctionCode", "*"),
        "replace the code of every function.*give itself other",
    ),
    *dangerous(
        "writes its own policy",
        adding(SERVICE, "iam:PutRolePolicy", "*"),
        "decide who may use every role.*give itself other",
    ),
    *dangerous(
        "reads any parameter",
        adding(WORKER, "ssm:GetParameter*", "*"),
        "match_worker may now read every parameter",
    ),
    *dangerous(
        "an action nobody knows",
        adding(WORKER, "newservice:DoIt", "*"),
        "not described here.*newservice",
    ),
    *both(
        "the limit of a role is gone",
        _limited,
        ((Topic.PERMISSIONS, "upper limit of what match_worker"),),
        dangerous=True,
        flipped=True,
    ),
    *both(
        "a Deny is gone",
        _refused,
        ((Topic.PERMISSIONS, "match_worker may now change any recommendation"),),
        dangerous=True,
        flipped=True,
    ),
    *dangerous("an access key", _key, "a key that never expires"),
    dangerous_in_dev(
        "operators see phones",
        _operators_see_phones,
        "operator with read access may now read any candidate.*phone",
    ),
)

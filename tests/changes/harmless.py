"""Changes that nobody has to fear: none of them may be called dangerous."""

from typing import Any

from cufit_ops.review.findings import Topic
from cufit_ops.review.names import stem
from tests.changes.case import (
    Case,
    Templates,
    both,
    logical_id,
    of_type,
    properties,
    renamed,
    resource,
)


def _other_description(templates: Templates) -> None:
    for _, _, function in of_type(templates, "AWS::Lambda::Function"):
        function["Properties"]["Description"] = "said in other words"
    for template in templates.values():
        template["Description"] = "said in other words"


def _new_tag(templates: Templates) -> None:
    tag = {"Key": "team", "Value": "cufit"}
    for _, _, table in of_type(templates, "AWS::DynamoDB::GlobalTable"):
        table["Properties"]["Replicas"][0].setdefault("Tags", []).append(tag)
    for kind in ("AWS::S3::Bucket", "AWS::SQS::Queue", "AWS::Logs::LogGroup", "AWS::IAM::Role"):
        for _, _, found in of_type(templates, kind):
            found["Properties"].setdefault("Tags", []).append(tag)


def _other_code(templates: Templates) -> None:
    for number, (_, _, function) in enumerate(of_type(templates, "AWS::Lambda::Function")):
        function["Properties"]["Code"]["S3Key"] = f"{number:064x}.zip"


def _other_image(templates: Templates) -> None:
    (container,) = properties(templates, "Service/FargateTask")["ContainerDefinitions"]
    container["Image"] = {"Fn::Sub": "${AWS::AccountId}.dkr.ecr.example/assets:0123abcd"}


def _longer_logs(templates: Templates) -> None:
    for _, _, group in of_type(templates, "AWS::Logs::LogGroup"):
        group["Properties"]["RetentionInDays"] = 365


def _logs_for_ever(templates: Templates) -> None:
    for _, _, group in of_type(templates, "AWS::Logs::LogGroup"):
        del group["Properties"]["RetentionInDays"]


def _new_alarm(templates: Templates) -> None:
    alarm = resource(templates, "Observability/AlarmDegraded")
    templates["Observability"]["Resources"]["AlarmMore0A1B2C3D"] = alarm


def _other_threshold(templates: Templates) -> None:
    properties(templates, "Observability/AlarmDegraded")["Threshold"] = 42


def _renamed_alarm(templates: Templates) -> None:
    renamed(templates, "Observability/AlarmDegraded", "AlarmFallen")


def _reordered(templates: Templates) -> None:
    for kind in ("AWS::IAM::Policy", "AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy"):
        for _, _, policy in of_type(templates, kind):
            policy["Properties"]["PolicyDocument"]["Statement"].reverse()
    for stack, template in templates.items():
        templates[stack]["Resources"] = dict(reversed(template["Resources"].items()))


def _one_action_as_a_list(templates: Templates) -> None:
    for _, _, policy in of_type(templates, "AWS::IAM::Policy"):
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            if isinstance(statement["Action"], str):
                statement["Action"] = [statement["Action"]]


def _other_mail(templates: Templates) -> None:
    """As CDK names it: the id of a subscription is made of its address."""
    for stack, found, subscription in [*of_type(templates, "AWS::SNS::Subscription")]:
        if subscription["Properties"]["Protocol"] == "email":
            subscription["Properties"]["Endpoint"] = "someone@one.example"
            renamed(templates, f"{stack}/{stem(found)}", f"{found[:6]}someoneoneexample")


def _renamed_subscription(templates: Templates) -> None:
    for number, (stack, found, one) in enumerate([*of_type(templates, "AWS::SNS::Subscription")]):
        if one["Properties"]["Protocol"] == "lambda":  # two of one id would be one less
            renamed(templates, f"{stack}/{stem(found)}", f"Heard{number}")


def _renamed_permission(templates: Templates) -> None:
    renamed(templates, "Service/HttpApiPOSTv1photosUploadUrlPermission", "MayBeAsked")


def _renamed_mapping(templates: Templates) -> None:
    renamed(templates, "Matching/MatchWorkerMessages", "Asked")


def _new_variable(templates: Templates) -> None:
    for _, _, function in of_type(templates, "AWS::Lambda::Function"):
        function["Properties"]["Environment"]["Variables"]["CUFIT_HINT"] = "on"


def _new_index(templates: Templates) -> None:
    table = properties(templates, "Data/Candidates")
    keys = [{"AttributeName": "height_cm", "KeyType": "HASH"}]
    table["AttributeDefinitions"].append({"AttributeName": "height_cm", "AttributeType": "N"})
    table["GlobalSecondaryIndexes"].append(
        {"IndexName": "by_height", "KeySchema": keys, "Projection": {"ProjectionType": "ALL"}}
    )


def _new_table(templates: Templates) -> None:
    table = resource(templates, "Data/Members")
    templates["Data"]["Resources"]["Friends0A1B2C3D"] = table


def _safer_tables(templates: Templates) -> None:
    for _, _, table in of_type(templates, "AWS::DynamoDB::GlobalTable"):
        table["DeletionPolicy"] = table["UpdateReplacePolicy"] = "Retain"
        for replica in table["Properties"]["Replicas"]:
            replica["DeletionProtectionEnabled"] = True
            replica["PointInTimeRecoverySpecification"] = {"PointInTimeRecoveryEnabled": True}


def _messages_kept_longer(templates: Templates) -> None:
    for _, _, queue in of_type(templates, "AWS::SQS::Queue"):
        queue["Properties"]["MessageRetentionPeriod"] = 1_209_600


def _metadata(templates: Templates) -> None:
    for template in templates.values():
        for found in template["Resources"].values():
            found["Metadata"] = {"aws:cdk:path": "somewhere/else"}


def _rules_and_outputs(templates: Templates) -> None:
    for template in templates.values():
        template.setdefault("Rules", {})["CheckBootstrapVersion"] = {"Assertions": []}
        template.setdefault("Outputs", {})["Hint"] = {"Value": "said to people"}


def _versions(templates: Templates) -> None:
    properties(templates, "Data/PhotoBucket")["VersioningConfiguration"] = {"Status": "Enabled"}


def _cheaper_storage(templates: Templates) -> None:
    rules = properties(templates, "Data/PhotoBucket")["LifecycleConfiguration"]["Rules"]
    step = {"StorageClass": "INTELLIGENT_TIERING", "TransitionInDays": 30}
    rules.append({"Id": "cheaper", "Prefix": "", "Transitions": [step], "Status": "Enabled"})


def _same_lifecycle_in_other_words(templates: Templates) -> None:
    (rule,) = properties(templates, "Data/PhotoBucket")["LifecycleConfiguration"]["Rules"]
    rule["Id"] = "forget"


def _waits_longer(templates: Templates) -> None:
    properties(templates, "Matching/MatchRequestsQueue")["VisibilityTimeout"] = 720


def _slower_heartbeat(templates: Templates) -> None:
    properties(templates, "Observability/HeartbeatSchedule")["ScheduleExpression"] = (
        "rate(9 minutes)"
    )


def _renamed_function(templates: Templates) -> None:
    renamed(templates, "Observability/HeartbeatFunction", "Pulse")


def _another_dashboard(templates: Templates) -> None:
    properties(templates, "Observability/Dashboard")["DashboardBody"] = "{}"


def _renamed_route_integration(templates: Templates) -> None:
    renamed(templates, "Service/HttpApiGEThealthService", "HttpApiToService")


def _same_protection_written_out(templates: Templates) -> None:
    """What is the default anyway."""
    for _, _, queue in of_type(templates, "AWS::SQS::Queue"):
        queue["Properties"].setdefault("DelaySeconds", 0)


def _depends_on_more(templates: Templates) -> None:
    function = resource(templates, "Matching/MatchWorkerFunction")
    function["DependsOn"] = [*function["DependsOn"], logical_id(templates, "Matching/Brake")[1]]


def _another_name_of_the_api(templates: Templates) -> None:
    properties(templates, "Service/HttpApi")["Name"] = "cufit"


DATA = Topic.DATA
_EDITS: dict[str, Any] = {
    "nothing at all": lambda _: None,
    "another description": _other_description,
    "a new tag": _new_tag,
    "other code": _other_code,
    "another image": _other_image,
    "longer logs": _longer_logs,
    "logs for ever": _logs_for_ever,
    "a new alarm": _new_alarm,
    "another threshold": _other_threshold,
    "a renamed alarm": _renamed_alarm,
    "reordered statements": _reordered,
    "one action as a list": _one_action_as_a_list,
    "another mail": _other_mail,
    "a renamed subscription": _renamed_subscription,
    "a renamed permission of a function": _renamed_permission,
    "a renamed mapping of a queue": _renamed_mapping,
    "a new variable": _new_variable,
    "one more index": _new_index,
    "a new table": _new_table,
    "safer tables": _safer_tables,
    "messages kept longer": _messages_kept_longer,
    "metadata": _metadata,
    "rules and outputs": _rules_and_outputs,
    "an output nobody imports": lambda t: t["Data"]["Outputs"].pop("CandidatesTableName"),
    "versions of photos": _versions,
    "cheaper storage": _cheaper_storage,
    "the same lifecycle in other words": _same_lifecycle_in_other_words,
    "messages shown again later": _waits_longer,
    "a slower heartbeat": _slower_heartbeat,
    "another dashboard": _another_dashboard,
    "a renamed integration": _renamed_route_integration,
    "a default written out": _same_protection_written_out,
    "one more dependency": _depends_on_more,
    "another name of the API": _another_name_of_the_api,
}

CASES = (
    *(case for name, edit in _EDITS.items() for case in both(name, edit)),
    Case("an index less that nobody asks", "prod", _new_index,
         ((DATA, "Removes the index by_height"),), flipped=True),
    Case("a function under another id", "prod", _renamed_function),
)  # fmt: skip

"""What CloudFormation refuses: exports in use, names and addresses taken twice, tables' limits."""

from typing import Any

from cufit_ops.review.findings import Topic
from tests.changes.case import Case, Templates, both, logical_id, properties, renamed, resource

REFUSED = Topic.REFUSED


def _unexported(templates: Templates) -> None:
    """As CDK leaves it when the user's side lets go of it in the same change."""
    outputs = templates["Data"]["Outputs"]
    (key,) = (key for key in outputs if key.startswith("ExportsOutputRefOutbox"))
    name = outputs.pop(key)["Export"]["Name"]
    for stack, template in templates.items():
        templates[stack] = _instead(template, {"Fn::ImportValue": name}, "outbox")


def _instead(value: Any, old: Any, new: Any) -> Any:
    if value == old:
        return new
    if isinstance(value, dict):
        return {key: _instead(item, old, new) for key, item in value.items()}
    return [_instead(item, old, new) for item in value] if isinstance(value, list) else value


def _another_value(templates: Templates) -> None:
    outputs = templates["Data"]["Outputs"]
    (key,) = (key for key in outputs if key.startswith("ExportsOutputRefMembers"))
    outputs[key]["Value"] = {"Ref": logical_id(templates, "Data/Matches")[1]}


def _import_of_nothing(templates: Templates) -> None:
    function = properties(templates, "Matching/MatchWorkerFunction")
    name = "cufit-dev-Data:ExportsOutputRefNothing"
    function["Environment"]["Variables"]["CUFIT_NOTHING"] = {"Fn::ImportValue": name}


def _in_a_circle(templates: Templates) -> None:
    """The worker hands the queue something that the queue's stack needs first."""
    templates["Data"]["Resources"]["MembersFEE56442"]["Properties"]["Tags"] = [
        {"Key": "by", "Value": {"Fn::ImportValue": _first_export(templates, "Matching")}}
    ]


def _first_export(templates: Templates, stack: str) -> str:
    exported = (
        output["Export"] for output in templates[stack]["Outputs"].values() if "Export" in output
    )
    return str(next(exported)["Name"])


def _subnet_of_the_same_addresses(templates: Templates) -> None:
    properties(templates, "Service/PublicSubnetASubnet")["AvailabilityZone"] = "ap-northeast-2d"


def _overlapping_subnet(templates: Templates) -> None:
    block = properties(templates, "Service/PublicSubnetASubnet")
    templates["Service"]["Resources"]["MoreSubnet"] = {
        "Type": "AWS::EC2::Subnet",
        "Properties": block | {"CidrBlock": "10.0.0.128/25"},
    }


def _index(name: str) -> dict[str, Any]:
    keys = [{"AttributeName": "candidate_id", "KeyType": "HASH"}]
    return {"IndexName": name, "KeySchema": keys, "Projection": {"ProjectionType": "ALL"}}


def _two_indexes(templates: Templates) -> None:
    properties(templates, "Data/Candidates")["GlobalSecondaryIndexes"] += [
        _index("by_age"),
        _index("by_height"),
    ]


def _other_keys_of_an_index(templates: Templates) -> None:
    index = properties(templates, "Data/Matches")["GlobalSecondaryIndexes"][0]
    index["KeySchema"].reverse()


def _narrower_index(templates: Templates) -> None:
    index = properties(templates, "Data/Photos")["GlobalSecondaryIndexes"][0]
    index["Projection"] = {"ProjectionType": "KEYS_ONLY"}


def _rows_end_by_another(templates: Templates) -> None:
    held = properties(templates, "Data/Photos")["TimeToLiveSpecification"]
    held["AttributeName"] = "forgotten_at"


def _same_parameter_twice(templates: Templates) -> None:
    renamed(templates, "Knowledge/KnowledgeBaseParameter", "BaseParameter")


def _another_policy_of_the_bucket(templates: Templates) -> None:
    renamed(templates, "Data/PhotoBucketPolicy", "BucketRules")


def _knowledge_of_another_model_under_one_name(templates: Templates) -> None:
    held = properties(templates, "Knowledge/KnowledgeBase")["KnowledgeBaseConfiguration"]
    vectors = held["VectorKnowledgeBaseConfiguration"]
    vectors["EmbeddingModelArn"] = vectors["EmbeddingModelArn"].replace("titan", "other")


def _patient_function(templates: Templates) -> None:
    properties(templates, "Matching/MatchWorkerFunction")["Timeout"] = 600


def _another_type(templates: Templates) -> None:
    resource(templates, "Observability/Alarms")["Type"] = "AWS::SQS::Queue"


def _needing_each_other(templates: Templates) -> None:
    queue = resource(templates, "Matching/DeadLetters")
    queue["DependsOn"] = logical_id(templates, "Matching/MatchRequestsQueue")[1]


CASES = (
    *both("an export that is imported goes", _unexported,
          ((REFUSED, "Service still imports .*Outbox.* that Data no longer exports"),),
          dangerous=True),
    *both("an export of another table", _another_value,
          ((REFUSED, "Data exports another value of that name"),), dangerous=True),
    Case("an import of nothing", "dev", _import_of_nothing,
         ((REFUSED, "which no stack of the app exports"),), dangerous=True),
    *both("stacks in a circle", _in_a_circle, ((REFUSED, "import from each other"),),
          dangerous=True),
    *both("a subnet in another zone", _subnet_of_the_same_addresses,
          ((REFUSED, "wants 10.0.0.0/24"),), dangerous=True),
    *both("a subnet inside another", _overlapping_subnet, ((REFUSED, "wants 10.0.0.128/25"),),
          dangerous=True),
    *both("two indexes at once", _two_indexes, ((REFUSED, "gets or loses 2 indexes at once"),),
          dangerous=True),
    *both("other keys of an index", _other_keys_of_an_index, ((REFUSED, "gets other keys"),),
          dangerous=True),
    *both("a narrower index", _narrower_index, ((REFUSED, "another projection"),), dangerous=True),
    *both("photos end by another attribute", _rows_end_by_another,
          ((REFUSED, "deploy first without any"),), dangerous=True),
    *both("a parameter of the same name", _same_parameter_twice,
          ((REFUSED, "already exists.*knowledge-base"),), dangerous=True),
    *both("the bucket's policy under another id", _another_policy_of_the_bucket,
          ((REFUSED, "already exists"),), dangerous=True),
    *both("another embedding model under one name", _knowledge_of_another_model_under_one_name,
          ((REFUSED, "has to be made anew under the same name"), (Topic.DATA, "knowledge base")),
          dangerous=True),
    *both("a function slower than its queue", _patient_function,
          ((REFUSED, "match-requests queue shows a message again"),), dangerous=True),
    *both("another type under one id", _another_type, ((REFUSED, "another type needs another"),),
          dangerous=True),
    *both("resources in a circle", _needing_each_other, ((REFUSED, "in a circle"),),
          dangerous=True),
)  # fmt: skip

"""Who uses what changed, over roles, policies, imports and queues."""

from typing import Any

from cufit_ops.review.change import Change, Impact, ResourceDifference, Side
from cufit_ops.review.dependents import findings
from cufit_ops.template_graph import Account

TABLE = {"Type": "AWS::DynamoDB::GlobalTable", "Properties": {}}
EXPORT = {"Value": {"Ref": "Candidates"}, "Export": {"Name": "table"}}
IMPORT = {"Fn::ImportValue": "table"}
QUEUE = {"Type": "AWS::SQS::Queue", "Properties": {}}


def function(folder: str, **properties: Any) -> dict[str, Any]:
    held = {"Handler": f"{folder}.handler.handler", **properties}
    return {"Type": "AWS::Lambda::Function", "Properties": held}


MAPPING = {
    "Type": "AWS::Lambda::EventSourceMapping",
    "Properties": {"EventSourceArn": {"Ref": "Asked"}, "FunctionName": {"Ref": "Worker"}},
}
TEMPLATES: dict[str, dict[str, Any]] = {
    "Data": {"Resources": {"Candidates": TABLE}, "Outputs": {"Table": EXPORT}},
    "Matching": {
        "Resources": {
            "Asked": QUEUE,
            "Worker": function("match_worker", Role={"Fn::GetAtt": ["Role", "Arn"]}),
            "Role": {"Type": "AWS::IAM::Role", "Properties": {}},
            "Policy": {
                "Type": "AWS::IAM::Policy",
                "Properties": {"Roles": [{"Ref": "Role"}], "PolicyDocument": [IMPORT]},
            },
            "Mapping": MAPPING,
            "Other": function("other"),
            "Indexer": function("profile_indexer", Environment=IMPORT),
        }
    },
}


def said(stack: str, logical_id: str, impact: Impact = Impact.UPDATE) -> list[str]:
    side = Side(Account.made_of(TEMPLATES))
    resource = TEMPLATES[stack]["Resources"][logical_id]
    difference = ResourceDifference(stack, logical_id, resource["Type"], impact, resource, resource)
    change = Change("dev", side, side, [difference])
    return [finding.sentence.english for finding in findings(change)]


def test_a_table_is_used_by_those_who_name_it_and_those_whose_role_does() -> None:
    assert said("Data", "Candidates") == [
        "The candidates table is used by match_worker and profile_indexer"
    ]


def test_a_queue_is_used_by_the_function_that_reads_it() -> None:
    assert said("Matching", "Asked") == ["The queue Asked is used by match_worker"]


def test_what_is_new_is_used_by_nobody_yet_and_a_function_is_itself() -> None:
    assert said("Data", "Candidates", Impact.CREATE) == []
    assert said("Matching", "Worker") == []

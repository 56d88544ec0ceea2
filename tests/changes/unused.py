"""Permissions that no code uses."""

import copy
import json

from cufit_ops.review.findings import Topic
from tests.changes.case import Case, Templates, both, logical_id, properties
from tests.changes.policies import (
    INDEXER,
    PROCESSOR,
    SERVICE,
    WORKER,
    Edit,
    adding,
    statements,
    with_action,
)

_NOBODY = "nothing that {} does needs to {}"


def _add(policy: str, beside: str, action: str, on: str = "") -> Edit:
    def edit(templates: Templates) -> None:
        statement = with_action(templates, policy, beside, on)
        given = statement["Action"]
        statement["Action"] = [*(given if isinstance(given, list) else [given]), action]

    return edit


def _whole_bucket(templates: Templates) -> None:
    statement = with_action(templates, PROCESSOR, "s3:GetObject")
    statement["Resource"] = {"Fn::Join": ["", [statement["Resource"]["Fn::Join"][1][0], "/*"]]}


def _another_table(templates: Templates) -> None:
    """The outbox is the service's alone."""
    statement = with_action(templates, SERVICE, "dynamodb:Scan", "Outbox")
    worker = with_action(templates, WORKER, "dynamodb:BatchGetItem", "Matches")
    worker["Resource"] = [worker["Resource"], statement["Resource"]]


def _one_attribute_more(templates: Templates) -> None:
    for statement in statements(templates, WORKER):
        if "dynamodb:BatchGetItem" in statement["Action"] and "Condition" in statement:
            held = statement["Condition"]["ForAllValues:StringEquals"]
            held["dynamodb:Attributes"] = [*held["dynamodb:Attributes"], "phone"]


def _no_condition(templates: Templates) -> None:
    for statement in statements(templates, INDEXER):
        statement.pop("Condition", None)


def _reordered(templates: Templates) -> None:
    for statement in statements(templates, SERVICE):
        if isinstance(statement["Action"], list):
            statement["Action"].reverse()


def _less(templates: Templates) -> None:
    statement = with_action(templates, SERVICE, "dynamodb:DeleteItem", "Photos")
    statement["Action"] = [one for one in statement["Action"] if one != "dynamodb:DeleteItem"]


def _all_renamed(templates: Templates) -> None:
    """A function and its folder, with its role, its policy and its log."""
    text = json.dumps(templates["Budget"])
    for old, new in (("CostBrake", "Stopper"), ("cost_brake", "stopper")):
        text = text.replace(old, new)
    templates["Budget"] = json.loads(text)


def _another_role(templates: Templates) -> None:
    """A function gets a role of its own again, and the old one stays behind."""
    resources = templates["Matching"]["Resources"]
    _, role = logical_id(templates, "Matching/MatchWorkerRole")
    _, policy = logical_id(templates, "Matching/MatchWorkerRoleDefaultPolicy")
    resources["Second"] = resources[role]
    resources["SecondPolicy"] = copy.deepcopy(resources[policy])
    resources["SecondPolicy"]["Properties"]["Roles"] = [{"Ref": "Second"}]
    function = properties(templates, "Matching/MatchWorkerFunction")
    function["Role"] = {"Fn::GetAtt": ["Second", "Arn"]}


def _unused(name: str, edit: Edit, who: str, what: str) -> tuple[Case, ...]:
    told = ((Topic.PERMISSIONS, _NOBODY.format(who, what)),)
    return both(name, edit, told, dangerous=True)


CASES: tuple[Case, ...] = (
    *_unused(
        "match_worker may delete candidates, and never does",
        _add(WORKER, "dynamodb:GetItem", "dynamodb:DeleteItem", "Candidates"),
        "match_worker",
        "delete any candidate",
    ),
    *_unused(
        "match_worker reads a table it does not know",
        _another_table,
        "match_worker",
        "read any message that waits",
    ),
    *_unused(
        "photo_processor reads the whole bucket, of which it needs a folder",
        _whole_bucket,
        "photo_processor",
        "read and delete any photo",
    ),
    *_unused(
        "match_worker may see an attribute it does not read",
        _one_attribute_more,
        "match_worker",
        "read any candidate.*phone",
    ),
    *_unused(
        "profile_indexer is held to no attributes",
        _no_condition,
        "profile_indexer",
        "read.*any candidate",
    ),
    *_unused(
        "cost_brake reads every parameter's history",
        _add("Budget/CostBrakeRoleDefaultPolicy", "ssm:GetParameter", "ssm:GetParameterHistory"),
        "cost_brake",
        r"read .*GetParameterHistory",
    ),
    *_unused(
        "an account's administrator",
        adding(WORKER, "*", "*"),
        "match_worker",
        "do everything in the whole account",
    ),
    *both("a role is left behind", _another_role),
    *both("a function renamed with all it has", _all_renamed),
    *both("actions of a statement in another order", _reordered),
    *both("the service may delete photos' records no longer", _less),
)

"""What the report says of permissions, of templates made here; whole ones are in tests/changes."""

import json
from typing import Any

import pytest

from cufit_ops.review.change import Change, Impact, ResourceDifference, Side
from cufit_ops.review.findings import Finding, Rank
from cufit_ops.review.permissions import findings
from cufit_ops.review.permissions.patterns import contains, meet
from cufit_ops.template_graph import Account

Resources = dict[str, Any]

TRUST = {
    "Statement": {
        "Effect": "Allow",
        "Principal": {"Service": "lambda.amazonaws.com"},
        "Action": "sts:AssumeRole",
    }
}
TABLE = {"Type": "AWS::DynamoDB::Table", "Properties": {"KeySchema": [], "BillingMode": "X"}}


def role(*statements: dict[str, Any]) -> dict[str, Any]:
    policy = {"PolicyDocument": {"Statement": list(statements)}}
    properties = {"AssumeRolePolicyDocument": TRUST, "Policies": [policy]}
    return {"Type": "AWS::IAM::Role", "Properties": properties}


def function(name: str) -> dict[str, Any]:
    properties = {"Handler": f"{name}.handler.handler", "Role": {"Fn::GetAtt": ["Role", "Arn"]}}
    return {"Type": "AWS::Lambda::Function", "Properties": properties}


def may(action: str, resource: Any = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def said(base: Resources | None, head: Resources | None) -> list[Finding]:
    """Of one stack's resources before and after."""
    sides = [
        None if one is None else Side(Account.made_of({"Data": {"Resources": one}}))
        for one in (base, head)
    ]
    old, new = base or {}, head or {}
    differences = [
        ResourceDifference(
            "Data", name, (new.get(name) or old[name])["Type"], Impact.UPDATE,
            old.get(name), new.get(name),
        )
        for name in {**old, **new}
        if old.get(name) != new.get(name)
    ]  # fmt: skip
    return [*findings(Change("dev", sides[0], sides[1], differences))]


def with_rank(found: list[Finding], rank: Rank) -> list[str]:
    return [one.sentence.english for one in found if one.rank is rank]


def test_a_sentence_has_its_statement_and_both_languages() -> None:
    statement = may("dynamodb:DeleteItem", {"Fn::GetAtt": ["Candidates", "Arn"]})
    whole = {"Candidates": TABLE, "Function": function("match_worker")}
    (found,) = said({**whole, "Role": role()}, {**whole, "Role": role(statement)})
    assert found.sentence.english == "match_worker may now delete any candidate"
    assert found.sentence.korean == "match_worker 함수가 이제 모든 후보자를 삭제할 수 있습니다"
    assert json.loads(found.evidence)["Action"] == "dynamodb:DeleteItem"
    assert found.subject == "match_worker"


def test_a_table_of_another_logical_id_is_the_same_power() -> None:
    base = {"Candidates": TABLE, "Role": role(may("dynamodb:*", {"Fn::GetAtt": "Candidates.Arn"}))}
    head = {"People": TABLE, "Role": role(may("dynamodb:*", {"Fn::Sub": "${People.Arn}"}))}
    assert not with_rank(said(base, head), Rank.DANGER)


def test_wildcards_are_what_they_stand_for() -> None:
    spelled = ["sqs:DeleteMessage", "sqs:DeleteMessageBatch", "sqs:DeleteQueue"]
    base, head = role(may("sqs:delete*")), role(*(may(one) for one in spelled[::2]))
    assert not with_rank(said({"Role": base}, {"Role": head}), Rank.DANGER)
    assert with_rank(said({"Role": head}, {"Role": role(may("sqs:*"))}), Rank.DANGER)


def test_a_new_environment_says_what_reaches_beyond_it() -> None:
    own = {"Candidates": TABLE, "Role": role(may("dynamodb:GetItem", {"Fn::GetAtt": "Candidates.Arn"}))}  # fmt: skip  # noqa: E501
    assert not with_rank(said(None, own), Rank.DANGER)
    beyond = {"Role": role(may("s3:GetObject", "arn:aws:s3:::others/*"))}
    assert with_rank(said(None, beyond), Rank.DANGER)
    assert not said(own, None)


def test_less_is_never_a_danger() -> None:
    base, head = {"Role": role(may("s3:*"), may("sqs:*"))}, {"Role": role(may("s3:GetObject"))}
    found = said(base, head)
    assert {one.rank for one in found} == {Rank.DETAIL}
    assert any(
        "may no longer do anything with every queue" in one.sentence.english for one in found
    )


def held_to(*fields: str, **more: Any) -> dict[str, Any]:
    """Reads candidates, of their attributes those."""
    condition = {"ForAllValues:StringEquals": {"dynamodb:Attributes": [*fields]}, **more}
    on = {"Fn::GetAtt": ["Candidates", "Arn"]}
    reader = role(may("dynamodb:GetItem", on, Condition=condition))
    return {"Candidates": TABLE, "Function": function("match_worker"), "Role": reader}


def test_fewer_fields_are_told_by_their_names() -> None:
    (found,) = said(held_to("name", "phone", "status"), held_to("name"))
    assert found.sentence.english == (
        "match_worker may no longer read the fields phone, status of any candidate"
    )
    assert "모든 후보자의 phone, status 항목을 조회할 수 없습니다" in found.sentence.korean
    assert found.rank is Rank.DETAIL


def test_fields_are_compared_with_the_statement_most_like_theirs() -> None:
    def read_by_two(*fields: str) -> dict[str, Any]:
        other, mine = held_to("result", "phone"), held_to(*fields)
        policies = [one["Role"]["Properties"]["Policies"][0] for one in (other, mine)]
        given = {**mine["Role"]["Properties"], "Policies": policies}
        return {**mine, "Role": {**mine["Role"], "Properties": given}}

    (found,) = said(read_by_two("name", "age", "city"), read_by_two("name", "age"))
    assert "read the fields city of any candidate" in found.sentence.english


def test_what_is_still_allowed_otherwise_is_not_called_gone() -> None:
    secure = {"Bool": {"aws:SecureTransport": "true"}}
    (found,) = said(held_to("name", "phone"), held_to("name", **secure))
    assert found.sentence.english == "match_worker may no longer read any candidate as before"
    every, few = (may("s3:GetObject", f"arn:aws:s3:::ours/{below}") for below in ("*", "few/*"))
    (found,) = said({"Role": role(every)}, {"Role": role(few)})
    assert found.sentence.english.endswith("as before")
    refused = {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}
    for condition, is_in_part in (({}, False), ({"Condition": secure}, True)):
        lost = said({"Role": role(every)}, {"Role": role(every, {**refused, **condition})})
        assert {one.sentence.english.endswith("as before") for one in lost} == {is_in_part}


def test_a_session_of_unknown_length_is_told() -> None:
    base = {"Role": role()}
    given = {**role()["Properties"], "MaxSessionDuration": {"Ref": "Seconds"}}
    head = {"Role": {**role(), "Properties": given}}
    found = with_rank(said(base, head), Rank.DANGER)
    assert any(one.startswith("MaxSessionDuration of") for one in found)


def test_what_is_refused_in_the_same_policy_is_no_gain() -> None:
    refused = {"Effect": "Deny", "Action": "s3:DeleteB*", "Resource": "*"}
    head = role(may("s3:DeleteBucket"), refused)
    assert not with_rank(said({"Role": role()}, {"Role": head}), Rank.DANGER)
    assert with_rank(said({"Role": head}, {"Role": role(may("s3:DeleteBucket"))}), Rank.DANGER)


def test_a_condition_of_two_values_is_two_conditions() -> None:
    of = [{"StringEquals": {"aws:PrincipalTag/team": team}} for team in ("a", "b", ["a", "b"])]
    apart = role(*(may("s3:GetObject", Condition=one) for one in of[:2]))
    together = role(may("s3:GetObject", Condition=of[2]))
    assert not with_rank(said({"Role": apart}, {"Role": together}), Rank.DANGER)
    (found,) = with_rank(said({"Role": role(may("s3:GetObject", Condition=of[0]))},
                              {"Role": together}), Rank.DANGER)  # fmt: skip
    assert found.endswith("also where aws:PrincipalTag/team is b")


def test_all_but_some_is_wider_than_all_but_more() -> None:
    secret, diary = "arn:aws:s3:::secret/*", "arn:aws:s3:::diary/*"
    but_one, but_two = (
        role({"Effect": "Allow", "Action": "s3:GetObject", "NotResource": left_out})
        for left_out in ([secret], [secret, diary])
    )
    assert with_rank(said({"Role": role()}, {"Role": but_two}), Rank.DANGER)
    assert with_rank(said({"Role": but_two}, {"Role": but_one}), Rank.DANGER)
    assert not with_rank(said({"Role": but_one}, {"Role": but_two}), Rank.DANGER)


def test_a_deny_that_is_gone_is_told_beside_another_gain() -> None:
    refused = {"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::secret/*"}
    kept = may("s3:*", "arn:aws:s3:::*")
    more = may("s3:GetObject", "*", Condition={"Bool": {"aws:SecureTransport": "true"}})
    sentences = with_rank(
        said({"Role": role(kept, refused)}, {"Role": role(kept, more)}), Rank.DANGER
    )
    assert any("bucket secret" in one and "what refused it is gone" in one for one in sentences)


def test_figures_are_a_notice_and_no_gate() -> None:
    (found,) = said({"Role": role()}, {"Role": role(may("cloudwatch:GetMetricData"))})
    assert (found.rank, found.gate) == (Rank.NOTICE, None)


@pytest.mark.parametrize(
    "value",
    [
        {"Fn::If": ["IsProd", "arn:aws:s3:::others/*", {"Ref": "AWS::NoValue"}]},
        {"Ref": "Unknown"},
        {"Fn::Transform": {"Name": "AWS::Include"}},
    ],
)
def test_what_is_not_in_the_template_is_said(value: Any) -> None:
    found = said({"Role": role()}, {"Role": role(may("s3:GetObject", value))})
    assert with_rank(found, Rank.DANGER)


@pytest.mark.parametrize(
    "resource",
    [
        {"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": "x", "Roles": "y"}},
        {"Type": "AWS::IAM::Policy"},
        {"Type": "AWS::S3::Bucket", "Properties": {"PublicAccessBlockConfiguration": [1]}},
        {"Type": "AWS::S3::BucketPolicy", "Properties": {"PolicyDocument": {"Statement": [[]]}}},
        {"Type": "AWS::EC2::SecurityGroup", "Properties": {"SecurityGroupIngress": {"Ref": "x"}}},
        {"Type": "AWS::ApiGatewayV2::Route"},
        {"Type": "AWS::ECS::TaskDefinition", "Properties": {"ContainerDefinitions": ["x"]}},
        {"Type": "AWS::Lambda::Permission", "Properties": {"FunctionName": {"Ref": "x"}}},
    ],
)
def test_a_template_nobody_has_seen_never_raises(resource: dict[str, Any]) -> None:
    assert said({}, {"Odd": resource}) is not None
    assert said({"Odd": resource}, {}) is not None


@pytest.mark.parametrize(
    ("wide", "narrow", "holds"),
    [
        ("*", "anything", True), ("table/*", "table/cufit-?", True), ("table/?", "table/*", False),
        ("a*c", "abc", True), ("a*c", "a*b*c", True), ("abc", "a*c", False),
    ],
)  # fmt: skip
def test_a_pattern_holds_another(wide: str, narrow: str, holds: bool) -> None:
    assert contains(wide, narrow) is holds


@pytest.mark.parametrize(
    ("one", "other", "may_meet"),
    [
        ("a*", "*b", True), ("a*", "b*", False), ("", "*", True), ("a?c", "abc", True),
        ("arn:*:s3:::*/*", "arn:aws:s3:::bucket", False), ("a*b", "axc", False),
    ],
)  # fmt: skip
def test_patterns_meet(one: str, other: str, may_meet: bool) -> None:
    assert meet(one, other) is meet(other, one) is may_meet

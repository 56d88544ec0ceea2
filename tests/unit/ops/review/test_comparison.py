"""What @aws-cdk/cloudformation-diff says of two versions, as our own objects."""

from typing import Any

import pytest

from cufit_ops.review.change import Impact, Side
from cufit_ops.review.comparison import ComparisonError, Pair, compare
from cufit_ops.template_graph import Account

TABLE = {
    "Type": "AWS::DynamoDB::GlobalTable",
    "DeletionPolicy": "Retain",
    "Properties": {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]},
}


THING = {"Thing": {"Type": "Custom::Thing", "Properties": {"Size": 1}}}


def side(**resources: dict[str, Any]) -> Side:
    return Side(Account.made_of({"Data": {"Resources": resources}}))


def test_a_renamed_table_is_left_behind_and_a_new_one_made() -> None:
    (change,) = compare([Pair("prod", side(Old=TABLE), side(New=TABLE))])
    assert [(d.logical_id, d.impact) for d in change.differences] == [
        ("Old", Impact.ORPHAN),
        ("New", Impact.CREATE),
    ]
    assert change.differences[0].old == TABLE
    assert change.differences[0].new is None
    assert "orphan" in change.texts[0].text


def test_a_changed_key_replaces() -> None:
    other = {**TABLE, "Properties": {"KeySchema": [{"AttributeName": "no", "KeyType": "HASH"}]}}
    (change,) = compare([Pair("prod", side(Table=TABLE), side(Table=other))])
    (found,) = change.differences
    assert found.impact is Impact.REPLACE
    assert [(p.name, p.impact) for p in found.properties] == [("KeySchema", Impact.REPLACE)]


def test_what_refers_to_a_replaced_resource_is_replaced_where_it_cannot_be_changed() -> None:
    topic = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "a"}}
    renamed = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "b"}}
    mail = {
        "Type": "AWS::SNS::Subscription",
        "Properties": {"TopicArn": {"Ref": "Topic"}, "Protocol": "email", "Endpoint": "a@b.kr"},
    }
    (change,) = compare([Pair("dev", side(Topic=topic, Mail=mail), side(Topic=renamed, Mail=mail))])
    impacts = {d.logical_id: d.impact for d in change.differences}
    assert impacts == {"Topic": Impact.REPLACE, "Mail": Impact.REPLACE}


def test_a_property_that_nobody_knows_is_an_update() -> None:
    one, two = ({"Type": "Custom::Thing", "Properties": {"Size": size}} for size in (1, 2))
    (change,) = compare([Pair("dev", side(Thing=one), side(Thing=two))])
    assert [d.impact for d in change.differences] == [Impact.UPDATE]
    assert change.differences[0].properties[0].impact is Impact.UPDATE


def test_a_stack_that_left_the_app_stays_deployed() -> None:
    both = Side(Account.made_of({"Data": {"Resources": {"T": TABLE}}, "Old": {"Resources": THING}}))
    (change,) = compare([Pair("dev", both, side(T=TABLE))])
    assert [(d.stack, d.impact) for d in change.differences] == [("Old", Impact.ORPHAN)]
    assert "stays deployed" in change.texts[0].text


def test_pairs_are_answered_in_their_order() -> None:
    found = compare(
        [
            Pair("dev", side(Table=TABLE), side(Table=TABLE)),
            Pair("prod", None, side(Table=TABLE)),
            Pair("shop", side(Table=TABLE), None),
        ]
    )
    assert [change.environment for change in found] == ["dev", "prod", "shop"]
    assert [[d.impact for d in change.differences] for change in found] == [
        [],
        [Impact.CREATE],
        [Impact.ORPHAN],
    ]


def test_what_is_no_template_is_an_error_that_says_so() -> None:
    broken = Side(Account.made_of({"Data": {"Resources": None}}))
    odd = Side(Account.made_of({"Data": {"Resources": {"Table": 3}}}))
    with pytest.raises(ComparisonError):
        compare([Pair("dev", broken, odd)])

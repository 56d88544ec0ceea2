"""Lists of what roles do, and permissions in words that fit every environment."""

from pathlib import Path
from typing import Any

import pytest

from cufit_ops.access.granted import Permission, granted, holder
from cufit_ops.access.portable import Portable
from cufit_ops.access.used import CODE, Use, Used
from cufit_ops.review.change import Change, Side
from cufit_ops.review.findings import Rank
from cufit_ops.review.permissions import conditions
from cufit_ops.review.permissions.resolved import Names
from cufit_ops.review.permissions.sources import Sources
from cufit_ops.review.unused import findings, list_of
from cufit_ops.template_graph import Account

HELD = {"ForAllValues:StringEquals": {"dynamodb:Attributes": ["id", "job"]}}


def permission(on: str, action: str = "s3:GetObject", held: Any = None) -> Permission:
    return Permission(action, on, f"arn:{on}", conditions.read(held), "{}")


def account(*statements: dict[str, Any]) -> Account:
    """A function whose role may do that, a table and a bucket."""
    return Account.made_of(
        {
            "Data": {
                "Resources": {
                    "People0A1B2C3D": {"Type": "AWS::DynamoDB::GlobalTable"},
                    "PhotoBucket0A1B2C3D": {"Type": "AWS::S3::Bucket"},
                    "Role0A1B2C3D": {"Type": "AWS::IAM::Role", "Properties": {}},
                    "Worker0A1B2C3D": {
                        "Type": "AWS::Lambda::Function",
                        "Properties": {
                            "Handler": "worker.handler.handler",
                            "Role": {"Fn::GetAtt": ["Role0A1B2C3D", "Arn"]},
                            "Environment": {
                                "Variables": {
                                    "CUFIT_MODEL_ID": "apac.amazon.nova-v1:0",
                                    "CUFIT_HOOK_PARAMETER": "/own/hook",
                                }
                            },
                        },
                    },
                    "Policy0A1B2C3D": {
                        "Type": "AWS::IAM::Policy",
                        "Properties": {
                            "Roles": [{"Ref": "Role0A1B2C3D"}],
                            "PolicyDocument": {"Statement": [*statements]},
                        },
                    },
                }
            }
        }
    )


TABLE = {"Fn::GetAtt": ["People0A1B2C3D", "Arn"]}
READ = {"Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": TABLE}


@pytest.mark.parametrize(
    ("arn", "words"),
    [
        ("arn:aws:dynamodb:{}:{{AccountId}}:table/cufit-x-Data-People-{{id}}", "Data/People"),
        (
            "arn:aws:dynamodb:{}:{{AccountId}}:table/cufit-x-Data-People-{{id}}/index/by_job",
            "Data/People/index/by_job",
        ),
        ("arn:aws:s3:::cufit-x-data-photobucket-{{id}}/photos/*", "Data/PhotoBucket/photos/*"),
        ("arn:aws:bedrock:sa-east-1::foundation-model/amazon.nova-v1:0",
         "bedrock:foundation-model/{model}"),
        ("arn:aws:bedrock:sa-east-1::foundation-model/other", "bedrock:foundation-model/other"),
        ("arn:aws:ssm:{}:{{AccountId}}:parameter/own/hook", "ssm:parameter/{hook_parameter}"),
        ("arn:aws:sqs:{}:999999999999:q", "sqs(999999999999):q"),
        ("arn:aws:sqs:eu-west-9:{{AccountId}}:q", "sqs@eu-west-9:q"),
        ("arn:aws:iam::{{AccountId}}:role/cdk-cufitx-deploy-role-{{AccountId}}-{}",
         "iam:role/cdk-{qualifier}-deploy-role-{account}-{region}"),
        ("*", "*"),
    ],
)  # fmt: skip
def test_names_of_one_environment_become_those_of_all(arn: str, words: str) -> None:
    names = Names(account(), "x")
    assert Portable(names).text(arn.format(names.region)) == words


def test_a_use_covers_what_is_narrower_and_nothing_wider() -> None:
    use = Use("s3:GetObject", "Data/PhotoBucket/photos/*", CODE)
    for on, covered in {
        "Data/PhotoBucket/photos/*": True,
        "Data/PhotoBucket/photos/small/*": True,
        "Data/PhotoBucket/*": False,
        "Data/PhotoBucket/incoming/*": False,
        "*": False,
    }.items():
        assert use.covers(permission(on)) is covered, on
    assert not use.covers(permission("Data/PhotoBucket/photos/*", "s3:PutObject"))


def test_whoever_is_held_to_attributes_stays_so() -> None:
    use = Use(
        "dynamodb:GetItem", "Data/People", CODE, frozenset({"id"}),
        frozenset({"dynamodb:attributes"}),
    )  # fmt: skip
    lists = Used({"worker": [use]})
    free, held = (permission("Data/People", use.action, one) for one in (None, HELD))
    assert lists.of("worker", free) is None
    assert lists.of("worker", held) == use
    assert lists.attributes_beyond("worker", held) == {"job"}
    assert lists.of("other", held) is None


def test_holders_are_named_by_what_they_do() -> None:
    assert granted(Sources.of(Names(account(READ), "x"))).keys() == {"worker"}
    assert holder("Delivery/OpsReadRole") == "Delivery.OpsReadRole"
    assert holder("the service") == "service"
    assert holder("role cdk-cufitx-deploy-role-{AccountId}-eu-west-9") == "cdk-deploy-role"


@pytest.fixture
def versions(tmp_path: Path) -> tuple[Side, Side]:
    """Without a permission, and with it; beside the second an empty list of the worker."""
    folder = tmp_path / "assembly-cufit-x"
    lists = list_of(Side(account(), folder))
    lists.mkdir(parents=True)
    (lists / "worker.json").write_text("{}")
    return Side(account()), Side(account(READ), folder)


def test_what_the_heads_own_list_does_not_know_shuts_the_gate(
    versions: tuple[Side, Side],
) -> None:
    [found] = findings(Change("x", *versions, []))
    assert found.rank is Rank.DANGER
    assert "nothing that worker does needs to read any row of" in found.sentence.english
    assert "GetItem" in found.evidence


def test_what_it_knows_or_was_there_before_does_not(versions: tuple[Side, Side]) -> None:
    base, head = versions
    assert not [*findings(Change("x", head, head, []))]
    assert not [*findings(Change("x", head, base, []))]
    known = '{"Data/People": {"dynamodb:GetItem": {"by": "as its code does"}}}'
    (list_of(head) / "worker.json").write_text(known)
    assert not [*findings(Change("x", base, head, []))]


def test_without_lists_nobody_says_that_all_is_well(versions: tuple[Side, Side]) -> None:
    base, head = versions
    (list_of(head) / "worker.json").unlink()
    [found] = findings(Change("x", base, head, []))
    assert found.rank is Rank.NOTICE
    assert "nobody has looked" in found.sentence.english

"""What CloudFormation refuses of an update, refused alike; the stack is then as it was."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from cufit_ops.failed_creations import unprotect
from tests.integration.embedded_aws.server import Server
from tests.integration.embedded_aws.stacks import Stack, Template

PARAMETER: Template = {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String"}}


def parameter(value: Any, **properties: Any) -> Template:
    return {**PARAMETER, "Properties": {**PARAMETER["Properties"], "Value": value, **properties}}


def exported(value: Any) -> Template:
    return {"Name": {"Value": value, "Export": {"Name": "used:Name"}}}


@pytest.fixture
def used(server: Server) -> Any:
    """A stack whose export another stack imports."""
    made, user = Stack(server, "used"), Stack(server, "user")
    topics = {"Topic": {"Type": "AWS::SNS::Topic"}, "Other": {"Type": "AWS::SNS::Topic"}}
    made.deploy(topics, exported({"Ref": "Topic"}))
    user.deploy({"P": parameter({"Fn::ImportValue": "used:Name"})})
    yield made, user, topics
    user.close()
    made.close()


def test_an_export_in_use_is_neither_changed_nor_removed(used: Any) -> None:
    made, _, topics = used
    changed = made.refused(topics, exported({"Ref": "Other"}))
    assert "Cannot update export used:Name as it is in use by user." in changed
    removed = made.refused(topics, {})
    assert "Cannot delete export used:Name as it is in use by user." in removed


def test_an_export_that_nobody_imports_any_more_goes(server: Server, used: Any) -> None:
    made, user, topics = used
    user.deploy({"P": parameter("nothing")})
    made.deploy(topics)
    exports = server.client("cloudformation").list_exports()["Exports"]
    assert "used:Name" not in {export["Name"] for export in exports}


def test_a_name_is_exported_once(server: Server, used: Any) -> None:
    thief = Stack(server, "thief")
    said = thief.refused({"P": parameter("x")}, exported("x"))
    assert "Export with name used:Name is already exported by stack used" in said
    thief.close()


def vpc(*subnets: tuple[str, str]) -> Template:
    """A network with a subnet for each zone and block."""
    made: Template = {"Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}}}
    for number, (zone, block) in enumerate(subnets):
        made[f"Subnet{number}"] = {
            "Type": "AWS::EC2::Subnet",
            "Properties": {
                "VpcId": {"Ref": "Vpc"},
                "AvailabilityZone": f"ap-northeast-2{zone}",
                "CidrBlock": block,
            },
        }
    return made


def test_a_subnet_made_anew_needs_addresses_of_its_own(server: Server, stack: Stack) -> None:
    stack.deploy(vpc(("a", "10.0.0.0/24")))
    before = stack.physical_id("Subnet0")
    said = stack.refused(vpc(("c", "10.0.0.0/24")))
    assert "The CIDR '10.0.0.0/24' conflicts with another subnet" in said
    assert stack.physical_id("Subnet0") == before
    stack.deploy(vpc(("c", "10.0.2.0/24")))
    assert stack.physical_id("Subnet0") != before
    found = server.client("ec2").describe_subnets(SubnetIds=[stack.physical_id("Subnet0")])
    assert found["Subnets"][0]["AvailabilityZone"] == "ap-northeast-2c"


def table(*indexes: tuple[str, str], protected: bool = False) -> Template:
    keys = sorted({"id", *(key for _, key in indexes)})
    properties: dict[str, Any] = {
        "AttributeDefinitions": [{"AttributeName": k, "AttributeType": "S"} for k in keys],
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
        "Replicas": [{"Region": "ap-northeast-2", "DeletionProtectionEnabled": protected}],
    }
    if indexes:
        properties["GlobalSecondaryIndexes"] = [
            {
                "IndexName": name,
                "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
            for name, key in indexes
        ]
    return {"Table": {"Type": "AWS::DynamoDB::GlobalTable", "Properties": properties}}


def test_one_index_of_a_table_comes_or_goes_in_an_update(server: Server, stack: Stack) -> None:
    stack.deploy(table())
    name = stack.physical_id("Table")
    server.client("dynamodb").put_item(TableName=name, Item={"id": {"S": "kept"}})
    said = stack.refused(table(("one", "a"), ("two", "b")))
    assert "Cannot perform more than one GSI creation or deletion in a single update" in said
    stack.deploy(table(("one", "a")))
    stack.deploy(table(("one", "a"), ("two", "b")))
    assert "Cannot update GSI's properties" in stack.refused(table(("one", "b"), ("two", "b")))
    assert "more than one GSI" in stack.refused(table(("one", "a"), ("three", "b")))
    assert stack.physical_id("Table") == name
    assert server.client("dynamodb").scan(TableName=name)["Count"] == 1


def test_a_protected_table_is_not_deleted_with_its_stack(server: Server) -> None:
    stack, cloudformation = Stack(server, "protected-table"), server.client("cloudformation")
    stack.deploy(table(protected=True))
    name = stack.physical_id("Table")
    cloudformation.delete_stack(StackName=stack.name)
    assert stack.settled()["StackStatus"] == "DELETE_FAILED"
    assert "currently protected against deletion" in stack.why()
    assert name in server.client("dynamodb").list_tables()["TableNames"]
    cloudformation.delete_stack(StackName=stack.name, RetainResources=["Table"])


def test_a_table_keeps_its_items_when_its_protection_changes(server: Server, stack: Stack) -> None:
    stack.deploy(table(protected=True))
    name = stack.physical_id("Table")
    server.client("dynamodb").put_item(TableName=name, Item={"id": {"S": "kept"}})
    stack.deploy(table(protected=False))
    assert stack.physical_id("Table") == name
    assert server.client("dynamodb").scan(TableName=name)["Count"] == 1


def test_a_given_name_cannot_be_kept_by_what_is_made_anew(stack: Stack) -> None:
    def role(path: str) -> Template:
        trust = {"Version": "2012-10-17", "Statement": []}
        given = {"RoleName": "named", "Path": path, "AssumeRolePolicyDocument": trust}
        return {"Role": {"Type": "AWS::IAM::Role", "Properties": given}}

    stack.deploy(role("/"))
    assert "Rename named and update the stack again" in stack.refused(role("/cufit/"))


def test_a_stack_under_termination_protection_stays(server: Server, stack: Stack) -> None:
    stack.deploy({"P": parameter("x")})
    cloudformation = server.client("cloudformation")
    cloudformation.update_termination_protection(
        StackName=stack.name, EnableTerminationProtection=True
    )
    assert unprotect(cloudformation, "some") == []  # it was complete once
    with pytest.raises(ClientError, match="TerminationProtection is enabled"):
        cloudformation.delete_stack(StackName=stack.name)
    cloudformation.update_termination_protection(
        StackName=stack.name, EnableTerminationProtection=False
    )


def test_a_first_creation_that_failed_can_be_deleted(server: Server) -> None:
    cloudformation = server.client("cloudformation")
    stack, other = Stack(server, "cufit-some-Data"), Stack(server, "cufit-other-Data")
    for each in (stack, other):
        each.refused(vpc(("a", "10.0.0.0/24"), ("c", "10.0.0.0/24")))
        cloudformation.update_termination_protection(
            StackName=each.name, EnableTerminationProtection=True
        )
    assert unprotect(cloudformation, "some") == ["cufit-some-Data"]
    stack.close()
    with pytest.raises(ClientError, match="TerminationProtection is enabled"):
        cloudformation.delete_stack(StackName=other.name)
    assert unprotect(cloudformation, "other") == ["cufit-other-Data"]
    other.close()


def test_a_name_that_is_taken_is_not_taken_over(server: Server, stack: Stack) -> None:
    ssm = server.client("ssm")
    ssm.put_parameter(Name="/taken", Value="somebody's", Type="String")
    said = stack.refused({"P": parameter("ours", Name="/taken")})
    assert "with identifier '/taken' already exists" in said
    assert ssm.get_parameter(Name="/taken")["Parameter"]["Value"] == "somebody's"
    ssm.delete_parameter(Name="/taken")

"""What the plug-ins add to MiniStack's CloudFormation, one test per point."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.embedded_aws.server import ACCOUNT, REGION, Server
from tests.integration.embedded_aws.stacks import Stack

NETWORK = {
    "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
    "Group": {
        "Type": "AWS::EC2::SecurityGroup",
        "Properties": {"GroupDescription": "tasks", "VpcId": {"Ref": "Vpc"}},
    },
}


def test_rules_between_security_groups(server: Server, stack: Stack) -> None:
    def template(port: int) -> dict[str, Any]:
        rule = {
            "IpProtocol": "tcp",
            "FromPort": port,
            "ToPort": port,
            "Description": "API Gateway to the service",
            "GroupId": {"Fn::GetAtt": ["Group", "GroupId"]},
            "SourceSecurityGroupId": {"Fn::GetAtt": ["Group", "GroupId"]},
        }
        return NETWORK | {
            "FromLink": {"Type": "AWS::EC2::SecurityGroupIngress", "Properties": rule}
        }

    def ports() -> list[int]:
        described = server.client("ec2").describe_security_groups(
            GroupIds=[stack.physical_id("Group")]
        )
        return [rule["FromPort"] for rule in described["SecurityGroups"][0]["IpPermissions"]]

    stack.deploy(template(8080))
    assert ports() == [8080]
    stack.deploy(template(9090))
    assert ports() == [9090]
    stack.deploy(NETWORK)
    assert ports() == []


def test_http_api_with_cors_throttling_authorizer_and_vpc_link(
    server: Server, stack: Stack
) -> None:
    api = {"Ref": "Api"}
    outputs = stack.deploy(
        {
            "Api": {
                "Type": "AWS::ApiGatewayV2::Api",
                "Properties": {
                    "Name": "cufit",
                    "ProtocolType": "HTTP",
                    "CorsConfiguration": {
                        "AllowOrigins": ["http://localhost:3000"],
                        "AllowMethods": ["GET"],
                        "MaxAge": 3600,
                    },
                },
            },
            "Stage": {
                "Type": "AWS::ApiGatewayV2::Stage",
                "Properties": {
                    "ApiId": api,
                    "StageName": "$default",
                    "AutoDeploy": True,
                    "DefaultRouteSettings": {
                        "ThrottlingBurstLimit": 20,
                        "ThrottlingRateLimit": 10,
                    },
                },
            },
            "Authorizer": {
                "Type": "AWS::ApiGatewayV2::Authorizer",
                "Properties": {
                    "ApiId": api,
                    "AuthorizerType": "JWT",
                    "IdentitySource": ["$request.header.Authorization"],
                    "JwtConfiguration": {
                        "Audience": ["cufit-local"],
                        "Issuer": "https://issuer.cufit.local.invalid",
                    },
                    "Name": "jwt",
                },
            },
            "Link": {
                "Type": "AWS::ApiGatewayV2::VpcLink",
                "Properties": {"Name": "link", "SubnetIds": ["subnet-1"]},
            },
        },
        {"Api": api, "Link": {"Ref": "Link"}},
    )
    apis = server.client("apigatewayv2")
    assert apis.get_api(ApiId=outputs["Api"])["CorsConfiguration"] == {
        "AllowOrigins": ["http://localhost:3000"],
        "AllowMethods": ["GET"],
        "MaxAge": 3600,
    }
    (stage,) = apis.get_stages(ApiId=outputs["Api"])["Items"]
    assert stage["DefaultRouteSettings"]["ThrottlingBurstLimit"] == 20
    (authorizer,) = apis.get_authorizers(ApiId=outputs["Api"])["Items"]
    assert authorizer["JwtConfiguration"] == {
        "Audience": ["cufit-local"],
        "Issuer": "https://issuer.cufit.local.invalid",
    }
    assert outputs["Link"]


def test_a_task_definition_is_described_whole(server: Server, stack: Stack) -> None:
    role = f"arn:aws:iam::{ACCOUNT}:role/task"
    container = {
        "Name": "service",
        "Image": "image",
        "Command": ["python", "-m", "cufit_service"],
        "Environment": [{"Name": "CUFIT_ENV", "Value": "local"}],
        "Secrets": [{"Name": "CUFIT_SECRET", "ValueFrom": "/cufit/local/secret"}],
        "HealthCheck": {"Command": ["CMD", "true"], "Interval": 5, "StartPeriod": 10},
        "PortMappings": [{"ContainerPort": 8080, "Protocol": "tcp"}],
        "DockerLabels": {"Team": "cufit"},
        "LogConfiguration": {
            "LogDriver": "awslogs",
            "Options": {"awslogs-group": "group", "awslogs-stream-prefix": "service"},
        },
        "StopTimeout": 60,
    }
    properties = {
        "Family": "described",
        "Cpu": "256",
        "Memory": "1024",
        "TaskRoleArn": role,
        "ExecutionRoleArn": role,
        "RequiresCompatibilities": ["FARGATE"],
        "RuntimePlatform": {"CpuArchitecture": "ARM64", "OperatingSystemFamily": "LINUX"},
        "Volumes": [{"Name": "tmp"}],
        "ContainerDefinitions": [container],
    }
    resource = {"Type": "AWS::ECS::TaskDefinition", "Properties": properties}
    for cpu in ("256", "512"):  # created, then updated
        resource["Properties"] = {**properties, "Cpu": cpu}
        arn = stack.deploy({"Task": resource}, {"Arn": {"Ref": "Task"}})["Arn"]
        described = server.client("ecs").describe_task_definition(taskDefinition=arn)
        task = described["taskDefinition"]
        assert task["cpu"] == cpu
        assert task["taskRoleArn"] == role
        assert task["runtimePlatform"]["cpuArchitecture"] == "ARM64"
        assert task["volumes"] == [{"name": "tmp"}]
        (held,) = task["containerDefinitions"]
        assert held["command"] == container["Command"]
        assert held["environment"] == [{"name": "CUFIT_ENV", "value": "local"}]
        assert held["secrets"] == [{"name": "CUFIT_SECRET", "valueFrom": "/cufit/local/secret"}]
        assert held["healthCheck"]["startPeriod"] == 10
        assert held["dockerLabels"] == {"Team": "cufit"}
        assert held["logConfiguration"]["options"]["awslogs-group"] == "group"
        assert held["stopTimeout"] == 60


def test_bucket_tags(server: Server, stack: Stack) -> None:
    tagged = {
        "Type": "AWS::S3::Bucket",
        "Properties": {"Tags": [{"Key": "project", "Value": "cufit"}]},
    }
    name = stack.deploy({"Bucket": tagged}, {"Name": {"Ref": "Bucket"}})["Name"]
    s3 = server.client("s3")
    assert s3.get_bucket_tagging(Bucket=name)["TagSet"] == [{"Key": "project", "Value": "cufit"}]
    stack.deploy({"Bucket": {"Type": "AWS::S3::Bucket"}})
    with pytest.raises(ClientError, match="NoSuchTagSet"):
        s3.get_bucket_tagging(Bucket=name)


def test_budget(server: Server, stack: Stack) -> None:
    def template(amount: float, threshold: int) -> dict[str, Any]:
        subscribers = [{"SubscriptionType": "SNS", "Address": f"arn:aws:sns:{REGION}:{ACCOUNT}:t"}]
        properties = {
            "Budget": {
                "BudgetType": "COST",
                "TimeUnit": "MONTHLY",
                "BudgetLimit": {"Amount": amount, "Unit": "USD"},
                "CostTypes": {"IncludeCredit": False},
            },
            "NotificationsWithSubscribers": [
                {
                    "Notification": {
                        "NotificationType": "ACTUAL",
                        "ComparisonOperator": "GREATER_THAN",
                        "Threshold": threshold,
                    },
                    "Subscribers": subscribers,
                }
            ],
        }
        return {"Budget": {"Type": "AWS::Budgets::Budget", "Properties": properties}}

    budgets = server.client("budgets")
    name = stack.deploy(template(37.5, 80), {"Name": {"Ref": "Budget"}})["Name"]
    for amount, threshold in ((37.5, 80), (50, 80), (50, 90)):
        stack_template = template(amount, threshold)
        if (amount, threshold) != (37.5, 80):
            renamed = stack.deploy(stack_template, {"Name": {"Ref": "Budget"}})["Name"]
            # Its notifications cannot be changed: another budget.
            assert (renamed != name) == (threshold == 90)
            name = renamed
        held = budgets.describe_budget(AccountId=ACCOUNT, BudgetName=name)["Budget"]
        assert float(held["BudgetLimit"]["Amount"]) == amount
        assert held["CostTypes"]["IncludeCredit"] is False
        notified = budgets.describe_notifications_for_budget(AccountId=ACCOUNT, BudgetName=name)
        assert [each["Threshold"] for each in notified["Notifications"]] == [threshold]


def test_policies_that_demand_tls_let_callers_of_this_machine_in(server: Server) -> None:
    s3 = server.client("s3")
    s3.create_bucket(Bucket="tls-only", CreateBucketConfiguration={"LocationConstraint": REGION})
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::tls-only/*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    s3.put_bucket_policy(Bucket="tls-only", Policy=json.dumps(policy))
    role = server.role("writes-tls-only", {
        "Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::tls-only/*",
    })  # fmt: skip
    writer = server.client("s3", server.credentials_of(role))
    assert writer.put_object(Bucket="tls-only", Key="k", Body=b"x")["ETag"]


def test_an_unknown_type_is_refused_as_on_aws(stack: Stack) -> None:
    with pytest.raises(ClientError, match="Unrecognized resource types"):
        stack.deploy({"Nat": {"Type": "AWS::EC2::NatGateway"}})

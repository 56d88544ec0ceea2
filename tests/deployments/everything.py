"""What is in an embedded account, asked service by service and not by name."""

from collections.abc import Iterator
from typing import Any

from cufit_ops.laptop.environment import client
from cufit_ops.workspace import Workspace

LISTED = (
    ("apigatewayv2", "get_apis", "Items", "Name"),
    ("bedrock-agent", "list_knowledge_bases", "knowledgeBaseSummaries", "name"),
    ("cloudformation", "describe_stacks", "Stacks", "StackName"),
    ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    ("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName"),
    ("dynamodb", "list_tables", "TableNames", ""),
    ("ec2", "describe_security_groups", "SecurityGroups", "GroupName"),
    ("ec2", "describe_vpcs", "Vpcs", "VpcId"),
    ("ecr", "describe_repositories", "repositories", "repositoryName"),
    ("ecs", "list_clusters", "clusterArns", ""),
    ("events", "list_rules", "Rules", "Name"),
    ("iam", "list_open_id_connect_providers", "OpenIDConnectProviderList", "Arn"),
    ("iam", "list_policies", "Policies", "PolicyName"),
    ("iam", "list_roles", "Roles", "RoleName"),
    ("lambda", "list_event_source_mappings", "EventSourceMappings", "UUID"),
    ("lambda", "list_functions", "Functions", "FunctionName"),
    ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    ("s3", "list_buckets", "Buckets", "Name"),
    ("servicediscovery", "list_namespaces", "Namespaces", "Name"),
    ("sns", "list_subscriptions", "Subscriptions", "SubscriptionArn"),
    ("sns", "list_topics", "Topics", "TopicArn"),
    ("sqs", "list_queues", "QueueUrls", ""),
    ("ssm", "describe_parameters", "Parameters", "Name"),
)
"""Service, operation, member of its answer, and the name in each of them."""


def everything(workspace: Workspace) -> set[tuple[str, str]]:
    """Operation and name of all there is."""
    return set(_found(workspace))


def _found(workspace: Workspace) -> Iterator[tuple[str, str]]:
    for service, operation, member, name in LISTED:
        asked = client(service, workspace)
        if asked.can_paginate(operation):
            pages = asked.get_paginator(operation).paginate()
        else:
            pages = [getattr(asked, operation)()]
        for page in pages:
            for one in page.get(member) or ():
                if not _is_gone(one):
                    yield operation, one[name] if name else one


def _is_gone(one: Any) -> bool:
    return isinstance(one, dict) and one.get("StackStatus") == "DELETE_COMPLETE"

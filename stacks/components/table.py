"""A DynamoDB table on demand, with a ceiling on what it can cost."""

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

from stacks.settings import Environment
from stacks.tables import Table

READ_CEILING = 400
"""Read request units a second a table or index serves at most: $0.20 an hour in Seoul."""
WRITE_CEILING = 200
"""Write request units a second: $0.49 an hour in Seoul ($0.68 a million, Pricing API 2026-06)."""


def table(scope: Construct, id_: str, declared: Table, settings: Environment) -> dynamodb.TableV2:
    retained = settings.retain_data
    return dynamodb.TableV2(
        scope,
        id_,
        partition_key=_string(declared.key),
        billing=dynamodb.Billing.on_demand(
            max_read_request_units=READ_CEILING, max_write_request_units=WRITE_CEILING
        ),
        global_secondary_indexes=[
            dynamodb.GlobalSecondaryIndexPropsV2(
                index_name=name,
                partition_key=_string(partition),
                sort_key=_string(sort),
                projection_type=(
                    dynamodb.ProjectionType.INCLUDE
                    if name in declared.shows
                    else dynamodb.ProjectionType.ALL
                ),
                non_key_attributes=[*declared.shows[name]] if name in declared.shows else None,
                max_read_request_units=READ_CEILING,
                max_write_request_units=WRITE_CEILING,
            )
            for name, (partition, sort) in declared.indexes.items()
        ],
        time_to_live_attribute=declared.expires_by,
        point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
            point_in_time_recovery_enabled=retained
        ),
        deletion_protection=retained,
        removal_policy=cdk.RemovalPolicy.RETAIN if retained else cdk.RemovalPolicy.DESTROY,
    )


def index_arn(of: dynamodb.ITableV2, name: str) -> str:
    """ARN of one index, for a permission to query it and no other."""
    return f"{of.table_arn}/index/{name}"


def _string(name: str) -> dynamodb.Attribute:
    return dynamodb.Attribute(name=name, type=dynamodb.AttributeType.STRING)

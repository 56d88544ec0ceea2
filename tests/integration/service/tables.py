"""The tables as the Data stack makes them, in moto."""

from typing import TYPE_CHECKING

from stacks.tables import TABLES

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import CreateTableInputTypeDef


def make_tables(client: "DynamoDBClient") -> None:
    for name in TABLES:
        client.create_table(**as_declared(name))


def as_declared(name: str) -> "CreateTableInputTypeDef":
    table = TABLES[name]
    attributes = {table.key}.union(*table.indexes.values())
    wanted: CreateTableInputTypeDef = {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [{"AttributeName": table.key, "KeyType": "HASH"}],
        "AttributeDefinitions": [
            {"AttributeName": one, "AttributeType": "S"} for one in sorted(attributes)
        ],
    }
    if table.indexes:
        wanted["GlobalSecondaryIndexes"] = [
            {
                "IndexName": index,
                "KeySchema": [
                    {"AttributeName": partition, "KeyType": "HASH"},
                    {"AttributeName": sort, "KeyType": "RANGE"},
                ],
                "Projection": (
                    {
                        "ProjectionType": "INCLUDE",
                        "NonKeyAttributes": [*table.shows[index]],
                    }
                    if index in table.shows
                    else {"ProjectionType": "ALL"}
                ),
            }
            for index, (partition, sort) in table.indexes.items()
        ]
    return wanted

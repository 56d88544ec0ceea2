"""The tables as the Data stack makes them, in moto."""

from typing import TYPE_CHECKING

from stacks.tables import TABLES

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import CreateTableInputTypeDef


def make_tables(client: "DynamoDBClient") -> None:
    for name, table in TABLES.items():
        attributes = {table.key}.union(*table.indexes.values())
        wanted: CreateTableInputTypeDef = {
            "TableName": name,
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": table.key, "KeyType": "HASH"}],
            "AttributeDefinitions": [
                {"AttributeName": attribute, "AttributeType": "S"}
                for attribute in sorted(attributes)
            ],
        }
        if table.indexes:
            wanted["GlobalSecondaryIndexes"] = [
                {
                    "IndexName": index,
                    "KeySchema": [
                        {"AttributeName": hash_key, "KeyType": "HASH"},
                        {"AttributeName": range_key, "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "ALL"},
                }
                for index, (hash_key, range_key) in table.indexes.items()
            ]
        client.create_table(**wanted)

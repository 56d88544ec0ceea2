"""The tables as the Data stack makes them, in moto."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import CreateTableInputTypeDef

TABLES: dict[str, tuple[str, dict[str, tuple[str, str]]]] = {
    "members": ("member_id", {}),
    "invitations": ("code", {"by_inviter": ("inviter_id", "created_at")}),
    "candidates": (
        "candidate_id",
        {"by_maker": ("maker_id", "created_at"), "by_gender": ("gender", "candidate_id")},
    ),
    "recommendations": (
        "recommendation_id",
        {"by_maker": ("maker_id", "created_at"), "open": ("open", "created_at")},
    ),
    "matches": (
        "pair_id",
        {
            "by_left": ("left_id", "created_at"),
            "by_right": ("right_id", "created_at"),
            "open": ("open", "created_at"),
        },
    ),
    "photos": ("photo_id", {"by_candidate": ("candidate_id", "created_at")}),
    "outbox": ("outbox_id", {}),
    "idempotency": ("id", {}),
}


def make_tables(client: "DynamoDBClient") -> None:
    for table, (key, indexes) in TABLES.items():
        attributes = {key}.union(*indexes.values())
        wanted: CreateTableInputTypeDef = {
            "TableName": table,
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": key, "KeyType": "HASH"}],
            "AttributeDefinitions": [
                {"AttributeName": name, "AttributeType": "S"} for name in sorted(attributes)
            ],
        }
        if indexes:
            wanted["GlobalSecondaryIndexes"] = [
                {
                    "IndexName": name,
                    "KeySchema": [
                        {"AttributeName": hash_key, "KeyType": "HASH"},
                        {"AttributeName": range_key, "KeyType": "RANGE"},
                    ],
                    "Projection": {"ProjectionType": "ALL"},
                }
                for name, (hash_key, range_key) in indexes.items()
            ]
        client.create_table(**wanted)

"""Members in DynamoDB: only the role is read."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table


class DynamodbMembers:
    def __init__(self, table: "Table") -> None:
        self._table = table

    def role_of(self, member_id: str) -> str | None:
        response = self._table.get_item(
            Key={"member_id": member_id},
            ConsistentRead=True,
            ProjectionExpression="#role",
            ExpressionAttributeNames={"#role": "role"},
        )
        item = response.get("Item")
        return None if item is None else str(item.get("role"))

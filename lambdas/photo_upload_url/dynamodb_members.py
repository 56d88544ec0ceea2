"""Members in DynamoDB: only the role and the beginning of the membership are read."""

from typing import TYPE_CHECKING

from cufit_contracts.stored import read
from photo_upload_url.ports import Member

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table


class DynamodbMembers:
    def __init__(self, table: "Table") -> None:
        self._table = table

    def find(self, member_id: str) -> Member | None:
        response = self._table.get_item(
            Key={"member_id": member_id},
            ConsistentRead=True,
            ProjectionExpression="#role, joined_at",
            ExpressionAttributeNames={"#role": "role"},
        )
        item = response.get("Item")
        return None if item is None else read(Member, item)

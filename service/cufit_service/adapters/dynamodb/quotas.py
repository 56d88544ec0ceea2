"""Quotas of a day, each one item in the table of what it limits or beside it."""

from datetime import datetime

from cufit_contracts.stored import read
from cufit_contracts.vocabulary import KST
from cufit_service.adapters.dynamodb.database import DynamoDb, Values, Write, next_version, update
from cufit_service.domain.quota import Quota


async def stored_quota(
    dynamodb: DynamoDb, table: str, key: Values, owner_id: str, now: datetime
) -> Quota:
    """An unused one when there is none."""
    item = await dynamodb.get(table, key)
    if item is None:
        return Quota(owner_id, now.astimezone(KST).date(), used=0)
    return read(Quota, item | {"owner_id": owner_id})


def quota_used(table: str, key: Values, quota: Quota, **more: int) -> Write:
    """The write of `quota` and `more` attributes, provided the version before it is stored."""
    used = {"day": quota.day.isoformat(), "used": quota.used, "version": quota.version}
    return update(table, key, used | more, condition=next_version(quota.version))

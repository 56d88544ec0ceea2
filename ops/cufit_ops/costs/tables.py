"""What an environment's tables are asked and keep in a month."""

from collections.abc import Mapping

from cufit_ops.costs import use as of
from cufit_ops.costs.use import Use
from cufit_ops.template_graph import Account


def tables(account: Account, use: Use) -> Mapping[str, float]:
    ranked = min(use.members / 2, of.MOST_RANKED) * of.READS_PER_MEMBER_RANKED
    chosen = of.READS_PER_RECOMMENDATION + ranked
    stored_gb = (use.members + use.recommendations) * of.PROFILE_KB / 1e6
    return {
        "dynamodb_read": use.requests * of.READS_PER_REQUEST + use.recommendations * chosen,
        "dynamodb_write": use.requests * of.WRITES_PER_REQUEST
        + use.recommendations * of.WRITES_PER_RECOMMENDATION,
        "dynamodb_gb": stored_gb * of.COPIES,
        "backup_gb": stored_gb * _recovered(account),
    }


def _recovered(account: Account) -> float:
    """The part of the tables that can be brought back to a point in time."""
    tables = [replica for _, table in account.of("AWS::DynamoDB::GlobalTable")
              for replica in table.get("Replicas", [])]  # fmt: skip
    tables += [table for _, table in account.of("AWS::DynamoDB::Table")]
    kept = [
        table.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled") is True
        for table in tables
    ]
    return sum(kept) / len(kept) if kept else 0

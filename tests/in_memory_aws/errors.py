"""Errors as AWS's services name them; the boundary raises them as botocore does."""

from typing import Any


class AwsError(Exception):
    def __init__(self, code: str, message: str = "", status: int = 400, **modeled: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.status = status
        self.modeled = modeled
        """Members of the error's shape beside code and message, such as CancellationReasons."""
        self.message = message


def condition_failed(old: dict[str, Any] | None) -> AwsError:
    error = AwsError("ConditionalCheckFailedException", "The conditional request failed")
    error.modeled |= {} if old is None else {"Item": old}
    return error


def transaction_canceled(reasons: list[dict[str, Any]]) -> AwsError:
    codes = ", ".join(reason["Code"] for reason in reasons)
    return AwsError(
        "TransactionCanceledException",
        f"Transaction cancelled, please refer cancellation reasons for specific reasons [{codes}]",
        CancellationReasons=reasons,
    )


CONFLICT = {"Code": "TransactionConflict", "Message": "Transaction is ongoing for the item."}
"""A cancellation reason (botocore's model, TransactionCanceledException)."""


def transaction_conflict() -> AwsError:
    """Of a write alone."""
    return AwsError("TransactionConflictException", CONFLICT["Message"])


def invalid(message: str) -> AwsError:
    return AwsError("ValidationException", message)


class NotComputed(AwsError):
    """What an update makes of its item is no value. A transaction is cancelled for it."""

    def __init__(self, message: str) -> None:
        super().__init__("ValidationException", message)


def throughput_exceeded() -> AwsError:
    return AwsError("ProvisionedThroughputExceededException", "Throughput exceeds the limit")

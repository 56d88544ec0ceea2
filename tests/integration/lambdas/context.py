"""What Lambda passes to a handler: an event of SQS, and the context."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

REQUEST_ID = "7f1d1c5e-0000-4000-8000-000000000001"


@dataclass
class _Context:
    function_name: str = "function"
    function_version: str = "$LATEST"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:ap-northeast-2:123456789012:function:function"
    aws_request_id: str = REQUEST_ID
    milliseconds_left: int = 55_000

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds_left


def context() -> "LambdaContext":
    """One with 55 s left."""
    made: Any = _Context()
    return made  # type: ignore[no-any-return]


def sqs_event(*bodies: str) -> dict[str, Any]:
    """Received for the first time."""
    return {
        "Records": [
            {
                "messageId": f"message-{number}",
                "body": body,
                "attributes": {"ApproximateReceiveCount": "1"},
                "eventSource": "aws:sqs",
            }
            for number, body in enumerate(bodies)
        ]
    }

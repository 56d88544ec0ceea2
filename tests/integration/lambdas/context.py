"""What Lambda passes next to an event."""

from dataclasses import dataclass


@dataclass
class Context:
    function_name: str = "function"
    function_version: str = "$LATEST"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:ap-northeast-2:123456789012:function:function"
    aws_request_id: str = "7f1d1c5e-0000-4000-8000-000000000001"
    milliseconds_left: int = 55_000

    def get_remaining_time_in_millis(self) -> int:
        return self.milliseconds_left

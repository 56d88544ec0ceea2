"""GetTemplate answers `?` for every character beyond ASCII.

MiniStack gives a template back as it came. CloudFormation does not: aws-cdk 2.1148.1 compares with
`mangleLikeCloudFormation` for that.
"""

import re
from typing import Any

from ministack.services.cloudformation import handlers


def apply() -> None:
    answer = handlers._ACTION_HANDLERS["GetTemplate"]

    def with_ascii_alone(params: Any) -> Any:
        status, headers, body = answer(params)
        text = body.decode() if isinstance(body, bytes) else body
        return status, headers, re.sub(r"[^\x00-\x7f]", "?", text).encode()

    handlers._ACTION_HANDLERS["GetTemplate"] = with_ascii_alone

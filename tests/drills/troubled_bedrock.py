"""Bedrock as a drill says it is: how it fails, and after how long."""

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

if TYPE_CHECKING:
    from tests.drills.patience import Patience


class Trouble(StrEnum):
    NONE = "answers"
    THROTTLED = "throttles"
    REFUSED = "refuses the connection"
    BROKEN = "answers 500 at once"
    BROKEN_LATE = "answers 500 after 12 s"
    HANGS = "hangs until the read timeout"
    DEPENDENCY = "answers 424 at once"
    DEPENDENCY_LATE = "answers 424 after 12 s"


DEAD = [one for one in Trouble if one not in (Trouble.NONE, Trouble.THROTTLED)]

_ANSWERS_AFTER = 4.0
_FAILS: dict[Trouble, tuple[float, str, int]] = {
    Trouble.THROTTLED: (0.1, "ThrottlingException", 429),
    Trouble.BROKEN: (0.2, "InternalServerException", 500),
    Trouble.BROKEN_LATE: (12.0, "InternalServerException", 500),
    Trouble.DEPENDENCY: (0.5, "", 424),
    Trouble.DEPENDENCY_LATE: (12.0, "", 424),
}
"""After how many seconds, with which code and status."""
_CODES_424 = {"Converse": "ModelErrorException"}


class Client:
    """Both of Bedrock's clients, with one read timeout."""

    def __init__(self, drill: "Patience", read: int) -> None:
        self._drill, self._read = drill, read

    def retrieve_and_generate(self, **request: Any) -> Any:
        self._call("RetrieveAndGenerate", _ANSWERS_AFTER)
        return self._drill.world.cloud.bedrock.call("RetrieveAndGenerate", request)

    def retrieve(self, **request: Any) -> Any:
        self._call("Retrieve", 0.3)
        return self._drill.world.cloud.bedrock.call("Retrieve", request)

    def converse(self, **_: Any) -> Any:
        self._call("Converse", _ANSWERS_AFTER)
        raise AssertionError("nobody plays a model that answers by Converse")

    def _call(self, operation: str, answers_after: float) -> None:
        drill, trouble = self._drill, self._drill.trouble
        drill.questions += operation != "Retrieve"
        if operation == "Retrieve" and trouble in (Trouble.DEPENDENCY, Trouble.DEPENDENCY_LATE):
            trouble = Trouble.NONE  # the model's own way to fail
        if trouble is Trouble.REFUSED:
            drill.time.sleep(0.01)
            raise EndpointConnectionError(endpoint_url="https://bedrock")
        fails_after, code, status = _FAILS.get(trouble, (answers_after, None, 0))
        if trouble is Trouble.HANGS or fails_after > self._read:
            drill.time.sleep(self._read)
            raise ReadTimeoutError(endpoint_url="https://bedrock")
        drill.time.sleep(fails_after)
        if code is not None:
            code = code or _CODES_424.get(operation, "DependencyFailedException")
            error: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
            raise ClientError(error, operation)

"""`/_cufit/bedrock/…`: faults on demand and the record of invocations.

PUT, GET, DELETE faults: {"mode": "throttle", "times": 2}; see `faults.Fault` for the modes and
`faults.Order` for the rest: {"mode": "throttle", "for_seconds": 15}, {"mode": "timeout"}.
GET, DELETE invocations: {"invocations": [...]}, oldest first.
"""

import json
from http import HTTPStatus
from typing import Any

from embedded_aws.bedrock.errors import ValidationError
from embedded_aws.bedrock.faults import order_of
from embedded_aws.bedrock.state import faults, invocations


def answer(method: str, resource: str, body: bytes) -> tuple[HTTPStatus, Any]:
    """Status and JSON for a request to the resource behind `/_cufit/bedrock/`."""
    match (method, resource):
        case ("PUT", "faults"):
            try:
                faults.set(order_of(json.loads(body or b"null")))
            except ValidationError as error:
                return HTTPStatus.BAD_REQUEST, {"message": str(error)}
            except ValueError:
                return HTTPStatus.BAD_REQUEST, {"message": "faults: the body is not JSON"}
        case ("DELETE", "faults"):
            faults.clear()
        case ("DELETE", "invocations"):
            invocations.clear()
        case ("GET", "faults" | "invocations"):
            pass
        case _:
            return HTTPStatus.NOT_FOUND, {"message": f"{method} {resource} is not known here"}
    if resource == "faults":
        return HTTPStatus.OK, faults.order.as_json()
    return HTTPStatus.OK, {"invocations": invocations.as_json()}

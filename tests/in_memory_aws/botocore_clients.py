"""botocore's clients, ending in memory.

`BaseClient._make_api_call` is replaced, so everything above it is real: adapters, boto3's resources
with their conversion of values, the parameters botocore adds by itself. Below it there is no HTTP,
no signature and none of botocore's retries.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.client import BaseClient

from tests.in_memory_aws.clients import Ask
from tests.in_memory_aws.errors import AwsError


@contextmanager
def botocore_asks(ask: Ask) -> Iterator[None]:
    def call(client: Any, operation: str, given: Mapping[str, Any]) -> dict[str, Any]:
        return _answer(ask, client, operation, given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", call)
        yield


def _answer(ask: Ask, client: Any, operation: str, given: Mapping[str, Any]) -> dict[str, Any]:
    model = client.meta.service_model.operation_model(operation)
    context = {"client_region": client.meta.region_name, "client_config": client.meta.config}
    request = client._emit_api_params(api_params=given, operation_model=model, context=context)
    try:
        parsed = ask(client.meta.service_model.service_name, operation, request)
    except AwsError as error:
        answer = {
            "Error": {"Code": error.code, "Message": error.message},
            "ResponseMetadata": {"HTTPStatusCode": error.status},
            **error.modeled,
        }
        raise client.exceptions.from_code(error.code)(answer, operation) from error
    parsed.setdefault("ResponseMetadata", {"HTTPStatusCode": 200})
    client.meta.events.emit(
        f"after-call.{client.meta.service_model.service_id.hyphenize()}.{operation}",
        http_response=None, parsed=parsed, model=model, context=context,
    )  # fmt: skip
    return parsed

"""What functions and service ask of AWS in these tests is in the lists of what their roles do.

The lists are heard in the drills (tests/infra/simulated); a call that only an adapter's test makes
is one that no drill has yet.
"""

import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from botocore.client import BaseClient

from cufit_ops.access.used import HERE, Use, Used
from cufit_ops.workspace import ROOT
from cufit_service.adapters.aws.bucket import S3Bucket
from cufit_service.adapters.aws.json_api import JsonApi
from stacks.tables import TABLES
from tests.infra.simulated.calls import Asked, asked

_HERE = Path(__file__).parent
_FUNCTIONS, _ADAPTERS = ROOT / "lambdas", ROOT / "service/cufit_service/adapters"
_CARRIER = _ADAPTERS / "aws"
"""Carries whatever it is given; its own tests give it anything."""

_BUCKET, _TABLES = "Data/PhotoBucket", "Data/"


class Heard:
    """Calls of the test that runs which no list has."""

    def __init__(self) -> None:
        self.unknown: list[str] = []
        self.known = 0

    def note(self, service: str, operation: str, request: Mapping[str, Any]) -> None:
        who = _asking(sys._getframe(2))
        if who is None:
            return
        for one in asked(service, operation, request):
            if one.kind in ("table", "index") and one.name.partition("/")[0] not in TABLES:
                continue  # a test's own, for what adapters share
            if any(_covers(use, one) for use in _lists().by_holder[who]):
                self.known += 1
            else:
                self.unknown.append(f"{who}: {one.action} on {one.name}, {sorted(one.attributes)}")


@pytest.fixture(scope="session")
def heard() -> Iterator[Heard]:
    found = Heard()
    emit: Any = BaseClient._emit_api_params  # type: ignore[attr-defined]  # no stubs
    ask, sign, delete = JsonApi.__call__, S3Bucket.presigned_get, S3Bucket.delete

    def of_boto(client: Any, api_params: Any, operation_model: Any, context: Any) -> Any:
        sent = emit(client, api_params, operation_model, context)
        found.note(client.meta.service_model.service_name, operation_model.name, sent)
        return sent

    async def of_service(api: JsonApi, operation: str, **parameters: Any) -> Any:
        found.note(api._service, operation, parameters)
        return await ask(api, operation, **parameters)

    async def signed(bucket: S3Bucket, key: str, **options: Any) -> str:
        found.note("s3", "GetObject", {"Bucket": "photos", "Key": key})
        return await sign(bucket, key, **options)

    async def deleted(bucket: S3Bucket, key: str) -> None:
        found.note("s3", "DeleteObject", {"Bucket": "photos", "Key": key})
        await delete(bucket, key)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_emit_api_params", of_boto)
        patch.setattr(JsonApi, "__call__", of_service)
        patch.setattr(S3Bucket, "presigned_get", signed)
        patch.setattr(S3Bucket, "delete", deleted)
        yield found


@pytest.fixture(autouse=True)
def calls_are_known(heard: Heard) -> Iterator[None]:
    heard.unknown.clear()
    yield
    assert not heard.unknown, "\n".join(
        [*heard.unknown, "", "Let a flow of tests/drills do it, then: make approve LIST=used"]
    )


def _asking(frame: FrameType | None) -> str | None:
    """The function, or `service`, whose code asks; None: a test does, also from within it."""
    while frame is not None:
        file = frame.f_code.co_filename
        if _is_of_tests(file):
            return None
        if who := _deployable(file):
            return who
        frame = frame.f_back
    return None


@cache
def _is_of_tests(file: str) -> bool:
    return file != __file__ and Path(file).is_relative_to(_HERE)


@cache
def _deployable(file: str) -> str | None:
    path = Path(file)
    if path.is_relative_to(_FUNCTIONS):
        return path.relative_to(_FUNCTIONS).parts[0]
    if path.is_relative_to(_ADAPTERS) and not path.is_relative_to(_CARRIER):
        return "service"
    return None


@cache
def _lists() -> Used:
    return Used.read(HERE)


def _covers(use: Use, one: Asked) -> bool:
    """By resource where tests name it as the stacks do."""
    wanted = use.on
    if one.kind in ("table", "index"):
        table, slash, index = one.name.partition("/")
        wanted = f"{_TABLES}{table.capitalize()}{slash}{index}"
    elif one.kind == "object":
        wanted = f"{_BUCKET}/{one.name.split('/')[1]}/*"
    return (use.action, use.on) == (one.action, wanted) and (
        use.attributes is None or one.attributes <= use.attributes
    )

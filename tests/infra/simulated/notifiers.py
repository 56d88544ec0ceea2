"""What the functions behind topics and schedules ask of AWS, heard while each is told something.

No drill has them: they keep no state that a failure could break.
"""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache, partial
from importlib import import_module
from typing import Any

import pytest

from tests.in_memory_aws.botocore_clients import botocore_asks
from tests.infra.simulated.calls import Asked, asked, together

ENVIRONMENT = {
    "CUFIT_ENV": "drill",
    "CUFIT_WEBHOOK_PARAMETER": "/cufit/drill/webhook",
    "CUFIT_BRAKE_PARAMETER": "/cufit/drill/brake",
    "CUFIT_HEALTH_URL": "https://api.test/health",
    "CUFIT_GITHUB_REPOSITORY": "team/cufit",
    "POWERTOOLS_SERVICE_NAME": "drill",
}

_BREACH = json.dumps({"NewStateValue": "ALARM", "Trigger": {"MetricName": "AiSpend"}})
_SENT = {"Subject": "ALARM", "Message": _BREACH, "MessageId": "1"}

NAMES = ("alarm_notifier", "cost_brake", "heartbeat")
"""The last one does not look at what it is told."""


@cache
def of_notifiers() -> Mapping[str, list[Asked]]:
    """By function; one that asks for nothing is there too."""
    found: dict[str, list[Asked]] = {name: [] for name in NAMES}
    now = datetime.now(UTC)
    sns = {"Records": [{"Sns": {**_SENT, "Timestamp": now.isoformat()}}]}
    for name, heard in found.items():
        module = import_module(f"{name}.handler")
        with (
            pytest.MonkeyPatch.context() as patch,
            botocore_asks(partial(_answer, heard)),
        ):
            for variable, value in ENVIRONMENT.items():
                patch.setitem(os.environ, variable, value)
            module._app.cache_clear()
            if hasattr(module, "post"):
                patch.setattr(module, "post", lambda *_: None)
            patch.setattr("urllib.request.urlopen", _Healthy)
            module.handler(sns, None)
            module._app.cache_clear()
    return {name: together(iter(heard)) for name, heard in found.items()}


class _Healthy:
    status = 200

    def __init__(self, *_: object, **__: object) -> None: ...

    def __enter__(self) -> "_Healthy":
        return self

    def __exit__(self, *_: object) -> None: ...


def _answer(
    heard: list[Asked], service: str, operation: str, request: Mapping[str, Any]
) -> dict[str, Any]:
    heard += asked(service, operation, request)
    if operation == "PutParameter":
        return {"Version": 2}
    value = "off" if request["Name"].endswith("/brake") else "https://hooks.test/made-up"
    return {"Parameter": {"Value": value, "LastModifiedDate": datetime(2026, 1, 1, tzinfo=UTC)}}

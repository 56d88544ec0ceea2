"""Parameter Store in a dictionary: botocore checks every request, nothing is sent.

moto has one too; it loads a second's worth of AWS's public parameters before the first write.
"""

import json
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import boto3
import pytest


class Parameters(dict[str, str]):
    """Values by name, behind every SSM client made while `installed`."""

    written_at = datetime(2026, 1, 1, tzinfo=UTC)
    """When each value was written last; as `_put` writes, now."""

    def installed(self, monkeypatch: pytest.MonkeyPatch) -> "Parameters":
        make = boto3.client
        client = make("ssm")
        client.meta.events.register("before-call.ssm.GetParameter", self._get)
        client.meta.events.register("before-call.ssm.PutParameter", self._put)

        def fake(service: str, **options: Any) -> Any:
            return client if service == "ssm" else make(service, **options)  # type: ignore[call-overload]

        monkeypatch.setattr(boto3, "client", fake)
        return self

    def _get(self, params: dict[str, Any], **_: Any) -> Any:
        name = json.loads(params["body"])["Name"]
        if name not in self:
            missing = {"Code": "ParameterNotFound", "Message": ""}
            return SimpleNamespace(status_code=400), {"Error": missing}
        found = {"Name": name, "Value": self[name], "LastModifiedDate": self.written_at}
        return SimpleNamespace(status_code=200), {"Parameter": found}

    def _put(self, params: dict[str, Any], **_: Any) -> Any:
        body = json.loads(params["body"])
        assert body.get("Overwrite") or body["Name"] not in self
        self[body["Name"]] = body["Value"]
        self.written_at = datetime.now(UTC)
        return SimpleNamespace(status_code=200), {"Version": 2}

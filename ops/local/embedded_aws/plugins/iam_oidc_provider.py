"""`AWS::IAM::OIDCProvider`, unknown to MiniStack's CloudFormation although its IAM has the API.
Ref is the ARN; the URL is create-only."""

from typing import Any

from ministack.core.responses import get_account_id, now_iso
from ministack.services import iam

from embedded_aws.plugins import resource_types
from embedded_aws.plugins.resource_types import Properties, Provisioned


def apply() -> None:
    resource_types.add("AWS::IAM::OIDCProvider", create=_create, update=_update, delete=_delete)


def _create(_logical_id: str, properties: Properties, _stack: str) -> Provisioned:
    arn = _arn(properties)
    if arn in iam._oidc_providers:
        raise ValueError(f"OIDC provider with url {properties['Url']} already exists")
    return _put(arn, properties)


def _update(physical_id: str, old: Properties, new: Properties, _stack: str) -> Provisioned:
    if _arn(new) != physical_id:
        _delete(physical_id, old)
    return _put(_arn(new), new)


def _delete(physical_id: str, _properties: Properties) -> None:
    iam._oidc_providers.pop(physical_id, None)


def _put(arn: str, properties: Properties) -> Provisioned:
    record: dict[str, Any] = {
        "Url": properties["Url"],
        "ClientIDList": properties.get("ClientIdList") or [],
        "ThumbprintList": properties.get("ThumbprintList") or [],
        "Arn": arn,
        "CreateDate": now_iso(),
        "Tags": properties.get("Tags") or [],
    }
    iam._oidc_providers[arn] = record
    return arn, {"Arn": arn}


def _arn(properties: Properties) -> str:
    host = str(properties["Url"]).removeprefix("https://").rstrip("/")
    return f"arn:aws:iam::{get_account_id()}:oidc-provider/{host}"

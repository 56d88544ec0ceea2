"""`AWS::IAM::OIDCProvider`, unknown to MiniStack's CloudFormation although its IAM has providers.

An account has one provider of an address: a second one is refused. Ref is the ARN, as in AWS's
schema (primaryIdentifier).
"""

from ministack.core.responses import get_account_id, now_iso
from ministack.services import iam

from embedded_aws.plugins import resource_types
from embedded_aws.plugins.resource_types import Properties, Provisioned


def apply() -> None:
    resource_types.add(
        "AWS::IAM::OIDCProvider",
        create=_create,
        update=_update,
        delete=_delete,
        create_only=("Url",),
    )


def _create(_logical_id: str, properties: Properties, _stack: str) -> Provisioned:
    host = properties["Url"].removeprefix("https://").rstrip("/")
    arn = f"arn:aws:iam::{get_account_id()}:oidc-provider/{host}"
    if arn in iam._oidc_providers:
        raise ValueError(f"Provider with url {properties['Url']} already exists.")
    return _set(arn, properties)


def _update(physical_id: str, _old: Properties, new: Properties, _stack: str) -> Provisioned:
    return _set(physical_id, new)


def _delete(physical_id: str, _properties: Properties) -> None:
    iam._oidc_providers.pop(physical_id, None)


def _set(arn: str, properties: Properties) -> Provisioned:
    iam._oidc_providers[arn] = {
        "Arn": arn,
        "Url": properties["Url"],
        "ClientIDList": properties.get("ClientIdList") or [],
        "ThumbprintList": properties.get("ThumbprintList") or [],
        "CreateDate": now_iso(),
        "Tags": properties.get("Tags") or [],
    }
    return arn, {"Arn": arn}

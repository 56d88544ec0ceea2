"""Tags of `AWS::S3::Bucket`, which MiniStack's CloudFormation ignores.

Without them CDK's auto-delete handler finds NoSuchTagSet and `cdk destroy` fails for good.
"""

from typing import Any

from ministack.services import s3

from embedded_aws.plugins import resource_types
from embedded_aws.plugins.resource_types import Properties, Provisioned


def apply() -> None:
    resource_types.extend("AWS::S3::Bucket", "create", _tagged_create)
    resource_types.extend("AWS::S3::Bucket", "update", _tagged_update)


def _tagged_create(create: Any) -> Any:
    def handle(logical_id: str, properties: Properties, stack: str) -> Provisioned:
        return _tag(create(logical_id, properties, stack), properties)

    return handle


def _tagged_update(update: Any) -> Any:
    def handle(physical_id: str, old: Properties, new: Properties, stack: str) -> Provisioned:
        return _tag(update(physical_id, old, new, stack), new)

    return handle


def _tag(provisioned: Provisioned, properties: Properties) -> Provisioned:
    tags = {tag["Key"]: tag["Value"] for tag in properties.get("Tags") or []}
    if tags:
        s3._bucket_tags[provisioned[0]] = tags
    else:
        s3._bucket_tags.pop(provisioned[0], None)
    return provisioned

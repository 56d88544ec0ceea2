"""Tags of `AWS::S3::Bucket`, which MiniStack's CloudFormation ignores.

Without them CDK's auto-delete handler finds NoSuchTagSet and `cdk destroy` fails for good.
"""

from ministack.services import s3

from embedded_aws.plugins import resource_types
from embedded_aws.plugins.resource_types import Properties


def apply() -> None:
    resource_types.extend("AWS::S3::Bucket", complete=_tag)


def _tag(name: str, properties: Properties) -> None:
    tags = {tag["Key"]: tag["Value"] for tag in properties.get("Tags") or []}
    if tags:
        s3._bucket_tags[name] = tags
    else:
        s3._bucket_tags.pop(name, None)

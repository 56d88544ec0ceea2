"""`AWS::S3Vectors::VectorBucket`, `Index` and `VectorBucketPolicy`, which MiniStack does not have.

Recorded, with the attributes templates read; no vectors are kept. Knowledge base documents live in
`embedded_aws.bedrock`. All properties of an index are create-only on AWS, so a change replaces it.
"""

import hashlib
from typing import Any

from ministack.core.responses import get_account_id, get_region

from embedded_aws.plugins import resource_types
from embedded_aws.plugins.records import Records
from embedded_aws.plugins.resource_types import Properties, Provisioned, physical_name

REQUIRED_NON_FILTERABLE = ("AMAZON_BEDROCK_TEXT", "AMAZON_BEDROCK_METADATA")
"""Keys Bedrock stores its text under; longer than the 2 KB a filterable key may hold."""

_buckets = Records("cufit_s3vectors_buckets")
_indexes = Records("cufit_s3vectors_indexes")


def apply() -> None:
    _buckets.keep_with_the_rest()
    _indexes.keep_with_the_rest()
    resource_types.add("AWS::S3Vectors::VectorBucket", create=_create_bucket, delete=_delete_bucket)
    resource_types.add("AWS::S3Vectors::Index", create=_create_index, delete=_delete_index)
    resource_types.add(
        "AWS::S3Vectors::VectorBucketPolicy", create=_create_policy, delete=_delete_policy
    )


def index_of(configuration: dict[str, Any]) -> dict[str, Any]:
    """The index an S3VectorsConfiguration names, by its ARN or by bucket and name.

    Raises:
        ValueError: there is none, or it cannot hold what Bedrock stores.
    """
    arn = configuration.get("IndexArn")
    if arn is None:
        arn = f"{configuration['VectorBucketArn']}/index/{configuration['IndexName']}"
    index = _indexes.get(arn)
    if index is None:
        raise ValueError(f"there is no S3 Vectors index {arn}")
    non_filterable = (index.get("MetadataConfiguration") or {}).get("NonFilterableMetadataKeys", [])
    missing = [key for key in REQUIRED_NON_FILTERABLE if key not in non_filterable]
    if missing:
        raise ValueError(f"index {arn} must list {missing} as non-filterable metadata keys")
    return index


def _create_bucket(logical_id: str, properties: Properties, stack: str) -> Provisioned:
    name = properties.get("VectorBucketName")
    if name is None:
        digest = hashlib.sha256(f"{stack}/{logical_id}".encode()).hexdigest()[:8]
        name = f"{physical_name(stack, logical_id, 50).lower()}-{digest}"
    arn = f"arn:aws:s3vectors:{get_region()}:{get_account_id()}:bucket/{name}"
    _buckets[arn] = {**properties, "VectorBucketArn": arn}
    return arn, {"VectorBucketArn": arn}


def _delete_bucket(physical_id: str, _properties: Properties) -> None:
    _buckets.pop(physical_id, None)


def _create_index(logical_id: str, properties: Properties, stack: str) -> Provisioned:
    bucket = properties.get("VectorBucketArn") or (
        f"arn:aws:s3vectors:{get_region()}:{get_account_id()}"
        f":bucket/{properties['VectorBucketName']}"
    )
    if bucket not in _buckets:
        raise ValueError(f"there is no vector bucket {bucket}")
    name = properties.get("IndexName") or physical_name(stack, logical_id, 63).lower()
    arn = f"{bucket}/index/{name}"
    _indexes[arn] = {**properties, "IndexArn": arn}
    return arn, {"IndexArn": arn}


def _delete_index(physical_id: str, _properties: Properties) -> None:
    _indexes.pop(physical_id, None)


def _create_policy(_logical_id: str, properties: Properties, _stack: str) -> Provisioned:
    return properties.get("VectorBucketArn") or properties["VectorBucketName"], {}


def _delete_policy(_physical_id: str, _properties: Properties) -> None:
    """Nothing is kept of it."""

"""Photo files in S3, under the keys of cufit_contracts.photos."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from cufit_contracts.photos import clean_keys, image_key, thumbnail_key, upload_key, webp_key
from photo_processor.ports import CleanPhoto, Encoded

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_GONE = frozenset({"NoSuchKey", "404", "AccessDenied", "403"})
"""S3 answers 403 for a missing object to whoever may not list the bucket."""


class S3PhotoFiles:
    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def read_upload(self, photo_id: str, at_most: int) -> bytes | None:
        try:
            response = self._client.get_object(Bucket=self._bucket, Key=upload_key(photo_id))
        except ClientError as error:
            if error.response["Error"]["Code"] in _GONE:
                return None
            raise
        with response["Body"] as body:
            return body.read(at_most)

    def write_clean(self, photo_id: str, clean: CleanPhoto) -> None:
        self._put(image_key(photo_id), clean.image)
        self._put(thumbnail_key(photo_id), clean.thumbnail)

    def delete_upload(self, photo_id: str) -> None:
        self._client.delete_object(Bucket=self._bucket, Key=upload_key(photo_id))

    def delete_clean(self, photo_id: str) -> None:
        for key in clean_keys(photo_id):
            self._client.delete_object(Bucket=self._bucket, Key=key)

    def _put(self, key: str, picture: Encoded) -> None:
        for name, content_type, body in (
            (key, "image/jpeg", picture.jpeg),
            (webp_key(key), "image/webp", picture.webp),
        ):
            self._client.put_object(
                Bucket=self._bucket,
                Key=name,
                Body=body,
                ContentType=content_type,
                CacheControl="private, max-age=86400, immutable",
            )

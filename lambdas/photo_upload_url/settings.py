"""What the function needs from its environment."""

from cufit_contracts.environment import FromEnvironment
from cufit_contracts.limits import (
    MaxUploadBytes,
    PhotosPerCandidate,
    UploadsPerDay,
    UploadTtlSeconds,
)


class Settings(FromEnvironment):
    members_table: str
    photos_table: str
    photo_bucket: str
    oidc_issuer: str
    upload_ttl_seconds: UploadTtlSeconds
    max_upload_bytes: MaxUploadBytes
    photos_per_candidate: PhotosPerCandidate
    uploads_per_day: UploadsPerDay

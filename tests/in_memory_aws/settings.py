"""The service's settings for an AWS in memory."""

from typing import Final

from cufit_service.settings import Settings
from stacks.tables import TABLES
from tests.in_memory_aws.cloud import MATCH_REQUESTS, PROFILE_CHANGES

REGION: Final = "ap-northeast-2"
BUCKET: Final = "photo-bucket"
ISSUER: Final = "https://issuer.example"


def queue_url(name: str) -> str:
    return f"https://sqs.{REGION}.amazonaws.com/123456789012/{name}"


SETTINGS: Final = Settings(
    env="local",
    **{f"{table}_table": table for table in TABLES},
    photo_bucket=BUCKET,
    match_requests_queue_url=queue_url(MATCH_REQUESTS),
    profile_changes_queue_url=queue_url(PROFILE_CHANGES),
    oidc_issuer=ISSUER,
    oidc_audiences=("cufit",),
    admin_subjects=[],
)

"""The environment of everything that runs locally. Nothing in it can reach real AWS.

It is built from an allow-list, not by removing variables: a shell's credentials, profiles,
service-specific endpoints (AWS_ENDPOINT_URL_S3) or AWS_IGNORE_CONFIGURED_ENDPOINT_URLS, which would
undo AWS_ENDPOINT_URL, never arrive.
"""

import os
from functools import cache
from typing import Any

import boto3
import httpx
from botocore.config import Config

from cufit_ops.cdk import node
from cufit_ops.workspace import VENV_BIN, Workspace

ACCOUNT = "123456789012"
REGION = "ap-northeast-2"
ROOT_KEY = "test"
"""Access key id and secret of the embedded AWS's root: a throw-away that works nowhere else."""

_PASSED_ON = ("HOME", "LANG", "LC_ALL", "TERM", "TMPDIR", "TZ", "USER")


def base_environment() -> dict[str, str]:
    """What a program may know of this machine: no AWS variable, no Python variable."""
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return {**kept, "PATH": f"{VENV_BIN}:{node().parent}:/usr/local/bin:/usr/bin:/bin"}


def aws_environment(workspace: Workspace) -> dict[str, str]:
    """Variables that send an AWS SDK or the CDK CLI to the embedded AWS and nowhere else."""
    return {
        "AWS_ENDPOINT_URL": workspace.aws_url,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def root_environment(workspace: Workspace) -> dict[str, str]:
    """For the CDK CLI: the embedded AWS, as its root."""
    return {
        **base_environment(),
        **aws_environment(workspace),
        "AWS_ACCESS_KEY_ID": ROOT_KEY,
        "AWS_SECRET_ACCESS_KEY": ROOT_KEY,
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        # `make check` validates the templates of every environment; here nobody waits for that.
        "CDK_VALIDATION": "false",
        "CDK_DEFAULT_ACCOUNT": ACCOUNT,
        "CDK_DEFAULT_REGION": REGION,
    }


def leave_the_shells_account() -> None:
    """Make this process forget what the shell says of AWS.

    boto3 fails on an AWS_PROFILE it does not find, and follows others, whatever a client is given.
    """
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull


@cache
def loopback() -> httpx.Client:
    """The one client for this machine's servers; each reads the TLS authorities anew."""
    return httpx.Client(timeout=2, trust_env=False)


def answers(url: str) -> bool:
    """Whether a server of this machine is there and answers with success."""
    try:
        return loopback().get(url).is_success
    except httpx.HTTPError:
        return False


@cache
def session() -> boto3.session.Session:
    """As the root of the embedded AWS, whatever the shell says."""
    return boto3.session.Session(
        aws_access_key_id=ROOT_KEY, aws_secret_access_key=ROOT_KEY, region_name=REGION
    )


def client(service: str, workspace: Workspace) -> Any:
    """A boto3 client of the embedded AWS; endpoint and credentials are explicit and win."""
    return session().client(
        service,  # type: ignore[call-overload]  # one name for all the services used here
        endpoint_url=workspace.aws_url,
        config=Config(
            connect_timeout=2,
            read_timeout=60,
            retries={"mode": "standard", "total_max_attempts": 2},
            s3={"addressing_style": "path"},
        ),
    )

"""Everything MiniStack reads from its environment, decided in one place.

The server re-executes itself with exactly these variables. What the caller's shell holds is
dropped: a real key, an endpoint, a proxy or a PYTHON* setting cannot leak in.
"""

import os
import sys
from pathlib import Path

ACCOUNT_ID = "123456789012"
REGION = "ap-northeast-2"
HOST = "127.0.0.1"
ROOT_ACCESS_KEY = "test"
ROOT_SECRET_KEY = "test"  # noqa: S105  MiniStack's well-known root key, good for this machine only

_ENTERED = "CUFIT_EMBEDDED_AWS"
_PASSED_ON = ("PATH", "TZ", "SYSTEMROOT")


def ministack_environment(port: int, state_dir: Path) -> dict[str, str]:
    """The whole environment of the server process."""
    passed_on = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return passed_on | {
        _ENTERED: "1",
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(Path(__file__).parent.parent),
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": "localhost",
        "MINISTACK_ACCOUNT_ID": ACCOUNT_ID,
        "MINISTACK_REGION": REGION,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ROOT_ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": ROOT_SECRET_KEY,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AUTH": "true",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(state_dir / "services"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(state_dir / "s3"),
        "TMPDIR": str(state_dir / "tmp"),
        "HOME": str(state_dir),
        # Listeners beside the one port, and Docker: off.
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "DOCKER_HOST": f"unix://{state_dir / 'no-docker.sock'}",
        "LAMBDA_EXECUTOR": "local",
        "LOG_LEVEL": "INFO",
    }


def has_entered() -> bool:
    """Whether this process already runs with `ministack_environment`."""
    return os.environ.get(_ENTERED) == "1"


def enter(environment: dict[str, str], arguments: list[str]) -> None:
    """Replace this process by the same program in `environment`; the process id stays."""
    command = [sys.executable, "-X", "utf8", "-m", "embedded_aws", *arguments]
    os.execve(sys.executable, command, environment)  # noqa: S606  no shell, our own interpreter

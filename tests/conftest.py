"""For every tier: no test knows the shell's AWS account, and none reaches past this machine."""

import os
from pathlib import Path

import pytest
from pytest_socket import socket_allow_hosts

# At import, before a test module makes a client. An allow-list would break tools under test, so
# what could name an account, an endpoint or a profile goes.
for _name in [name for name in os.environ if name.startswith(("AWS_", "CUFIT_"))]:
    del os.environ[_name]
os.environ.update(
    AWS_ACCESS_KEY_ID="testing",
    AWS_SECRET_ACCESS_KEY="testing",  # a throw-away
    AWS_DEFAULT_REGION="ap-northeast-2",
    AWS_CONFIG_FILE=os.devnull,
    AWS_SHARED_CREDENTIALS_FILE=os.devnull,
    AWS_EC2_METADATA_DISABLED="true",
)

TESTS = Path(__file__).parent
ONE_FIXTURE = ("e2e", "integration/embedded_aws", "infra", "drills", "bundle")
"""Folders whose tests share one dear session fixture: one worker runs all of such a folder. The
whole system comes first, because it waits most."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if folder := _shared_folder(item.path):
            item.add_marker(pytest.mark.xdist_group(folder))
    items.sort(key=lambda item: _order(item.path))


def pytest_runtest_setup() -> None:
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


def _shared_folder(path: Path) -> str | None:
    inside = path.relative_to(TESTS).as_posix()
    return next((folder for folder in ONE_FIXTURE if inside.startswith(folder + "/")), None)


def _order(path: Path) -> int:
    folder = _shared_folder(path)
    return ONE_FIXTURE.index(folder) if folder else len(ONE_FIXTURE)

"""For every tier: no test knows the shell's AWS account, and none reaches past this machine."""

import os

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


def pytest_runtest_setup() -> None:
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)

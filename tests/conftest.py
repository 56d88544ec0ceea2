"""For every tier: no test knows the shell's AWS account, and none reaches past this machine."""

import gc
import os
from functools import cache
from pathlib import Path

import botocore.session
import hypothesis
import pytest
from botocore.loaders import create_loader
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

# Each session of botocore reads the services' models from files again, 60 ms for DynamoDB's, and
# moto drops the session it finds.
botocore.session.create_loader = cache(create_loader)

# No test judges how long an example took.
hypothesis.settings.register_profile("cufit", deadline=None)
hypothesis.settings.load_profile("cufit")

TESTS = Path(__file__).parent
ONE_FIXTURE = {
    "e2e/": "e2e",
    "infra/": "infra",
    "integration/embedded_aws/test_damaged_state.py": "saved_state",
    "integration/embedded_aws/test_kills.py": "saved_state",
    "integration/embedded_aws/test_saving.py": "saved_state",
    "integration/embedded_aws/": "embedded_aws",
    "integration/lambdas/test_bedrock_of_the_embedded_aws.py": "embedded_aws",
    "drills/": "drills",
    "integration/ops/": "ops",
    "integration/service/test_port_": "port",
    "contract/": "contract",
    "bundle/": "bundle",
    "integration/": "moto",
}
"""Places whose tests share what is dear to make, such as moto's tables: one worker runs all of
them."""
FIRST = ("e2e", "infra", "embedded_aws", "drills", "ops", "saved_state", "port", "contract")
"""The longest groups in the order of their starts, so that no worker is left alone with one of them
at the end; the others follow. Nearly half of the first three is waiting."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--index-lag", type=float, default=0.0, help="seconds, in the AWS in memory")
    help_ = "all that is drawn; `make drills-long`, `make contract`"
    parser.addoption("--in-full", action="store_true", help=help_)


def pytest_configure(config: pytest.Config) -> None:
    if lag := config.getoption("index_lag"):
        from tests.in_memory_aws.dynamodb import DynamoDb  # noqa: PLC0415 - seldom wanted

        DynamoDb.lag = lag


@pytest.fixture(scope="session")
def in_full(pytestconfig: pytest.Config) -> bool:
    """All that can be drawn is wanted, not the gate's part of it."""
    return bool(pytestconfig.getoption("in_full"))


@pytest.hookimpl(tryfirst=True)  # pytest-xdist reads the groups in the same hook
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    groups = list(dict.fromkeys([*FIRST, *ONE_FIXTURE.values()]))
    for item in items:
        if group := _group(item):
            item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=lambda item: [*groups, None].index(_group(item)))


def pytest_collection_finish(session: pytest.Session) -> None:
    # What collecting made stays to the end; going through it again and again took 7 % of the time.
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)
    if not session.config.getoption("loadgroup", default=False):
        return
    # Else every dear fixture is made once in each worker.
    for item in session.items:
        if _group(item) and "@" not in item.nodeid.rpartition("]")[2]:
            raise pytest.UsageError(f"pytest-xdist does not group {item.nodeid}")


def pytest_runtest_setup() -> None:
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


def _group(item: pytest.Item) -> str | None:
    inside = item.path.relative_to(TESTS).as_posix()
    return next((group for place, group in ONE_FIXTURE.items() if inside.startswith(place)), None)

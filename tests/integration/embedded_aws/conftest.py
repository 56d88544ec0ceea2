"""One embedded AWS for the session, with state of its own."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.embedded_aws.knowledge import Knowledge
from tests.integration.embedded_aws.server import Server
from tests.integration.embedded_aws.stacks import Stack


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = Server(tmp_path_factory.mktemp("embedded-aws")).start()
    yield started
    started.stop()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Server]:
    """A server of this test alone."""
    started = Server(tmp_path / "state").start()
    yield started
    if started.process and started.process.poll() is None:
        started.stop(signal.SIGKILL)


@pytest.fixture
def stack(server: Server, request: pytest.FixtureRequest) -> Iterator[Stack]:
    """A stack named after the test, deleted afterwards."""
    made = Stack(server, request.node.name.replace("_", "-"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def knowledge(server: Server, request: pytest.FixtureRequest) -> Iterator[Knowledge]:
    """An empty knowledge base for the tests of one module."""
    name = f"knowledge-{request.path.stem.replace('_', '-')}"
    made = Stack(server, name)
    yield Knowledge.deployed(server, made)
    server.control("DELETE", "bedrock/faults")
    made.close()

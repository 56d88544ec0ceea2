"""One embedded AWS for the session, with state of its own."""

from collections.abc import Iterator

import pytest

from tests.integration.embedded_aws import knowledge as knowledge_module
from tests.integration.embedded_aws.knowledge import Knowledge
from tests.integration.embedded_aws.server import Server
from tests.integration.embedded_aws.stacks import Stack


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = Server(tmp_path_factory.mktemp("embedded-aws")).start()
    yield started
    started.stop()


@pytest.fixture
def stack(server: Server, request: pytest.FixtureRequest) -> Iterator[Stack]:
    """A stack named after the test, deleted afterwards."""
    made = Stack(server, request.node.name.replace("_", "-"))
    yield made
    made.delete()


@pytest.fixture(scope="module")
def knowledge(server: Server, request: pytest.FixtureRequest) -> Iterator[Knowledge]:
    """An empty knowledge base for the tests of one module."""
    name = f"knowledge-{request.path.stem.replace('_', '-')}"
    made = Stack(server, name)
    outputs = made.deploy(knowledge_module.resources(), knowledge_module.OUTPUTS)
    yield Knowledge(
        server, outputs["KnowledgeBaseId"], outputs["KnowledgeBaseArn"], outputs["DataSourceId"]
    )
    server.control("DELETE", "bedrock/faults")
    made.delete()

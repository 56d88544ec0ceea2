"""Clients are made once: generating them takes seconds."""

from pathlib import Path
from types import ModuleType

import pytest

from tests.contract import clients
from tests.unit.service.http_world import document


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("clients")


@pytest.fixture(scope="session")
def written(folder: Path) -> Path:
    return clients.write_document(document(), folder)


@pytest.fixture(scope="session")
def client(written: Path, folder: Path) -> ModuleType:
    return clients.python_client(written, folder)


@pytest.fixture(scope="session")
def types(written: Path, folder: Path) -> Path:
    """For TypeScript, beside which a source may import them from "./api"."""
    return clients.typescript_types(written, folder)

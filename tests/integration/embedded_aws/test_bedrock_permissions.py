"""What the knowledge base's own role lacks shows as on AWS: failed documents, refused queries."""

import pytest
from botocore.exceptions import ClientError

from tests.integration.embedded_aws.knowledge import VECTOR_ACTIONS, Knowledge, document
from tests.integration.embedded_aws.server import Server
from tests.integration.embedded_aws.stacks import Stack


class Lacking:
    """A knowledge base whose role can be stripped of one action."""

    def __init__(self, server: Server, stack: Stack) -> None:
        self._server, self._stack = server, stack
        self.knowledge = self.without()

    def without(self, *actions: str) -> Knowledge:
        left = tuple(action for action in VECTOR_ACTIONS if action not in actions)
        return Knowledge.deployed(self._server, self._stack, vector_actions=left)


@pytest.fixture
def lacking(server: Server, stack: Stack) -> Lacking:
    made = Lacking(server, stack)
    made.knowledge.ingest_and_wait(document("m_1", "등산", gender="FEMALE"))
    return made


def test_without_put_documents_fail(lacking: Lacking) -> None:
    stripped = lacking.without("PutVectors")
    stripped.ingest(document("m_2", "글"))
    detail = stripped.wait_until_settled("m_2")["m_2"]
    assert detail["status"] == "FAILED"
    assert "s3vectors:PutVectors" in detail["statusReason"]


def test_without_delete_documents_stay(lacking: Lacking) -> None:
    stripped = lacking.without("DeleteVectors")
    stripped.delete("m_1")
    detail = stripped.wait_until_settled("m_1")["m_1"]
    assert detail["status"] == "FAILED"
    assert "s3vectors:DeleteVectors" in detail["statusReason"]
    assert stripped.found("등산") == ["m_1"]


def test_without_get_only_filtered_queries_are_refused(lacking: Lacking) -> None:
    stripped = lacking.without("GetVectors")
    assert stripped.found("등산") == ["m_1"]
    condition = {"equals": {"key": "gender", "value": "FEMALE"}}
    with pytest.raises(ClientError, match="s3vectors:GetVectors"):
        stripped.found("등산", filter=condition)

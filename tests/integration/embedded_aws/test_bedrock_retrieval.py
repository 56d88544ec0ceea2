"""Retrieve: Korean likeness, and metadata filters as S3 Vectors applies them."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.integration.embedded_aws.knowledge import Knowledge, document
from tests.integration.embedded_aws.server import Server, allow

PROFILES = (
    document("climber", "주말마다 등산을 다니고 캠핑도 즐겨요", gender="FEMALE", year=1995),
    document("reader", "조용한 카페에서 책 읽기를 좋아합니다", gender="FEMALE", year=1990),
    document("cook", "요리와 와인에 관심이 많아요", gender="MALE", year=1988, paused=True),
    document("plain", "평범한 소개입니다"),
)


@pytest.fixture(scope="module")
def filled(knowledge: Knowledge) -> Knowledge:
    knowledge.ingest_and_wait(*PROFILES)
    return knowledge


def equals(key: str, value: Any) -> dict[str, Any]:
    return _condition("equals", key, value)


def _condition(operator: str, key: str, value: Any) -> dict[str, Any]:
    return {operator: {"key": key, "value": value}}


@pytest.mark.parametrize(
    ("query", "best"),
    [
        pytest.param("등산이 취미인 분", "climber", id="another particle"),
        pytest.param("카페에서 독서하는 사람, 책", "reader", id="other words around"),
        pytest.param("와인을 마시며 요리하기", "cook", id="two words"),
        pytest.param("등산", "climber", id="decomposed Unicode"),
    ],
)
def test_the_likest_profile_comes_first(filled: Knowledge, query: str, best: str) -> None:
    assert filled.found(query)[0] == best


def test_the_order_is_the_same_every_time(filled: Knowledge) -> None:
    assert filled.found("아무 관련 없는 질문") == filled.found("아무 관련 없는 질문")


def test_scores_fall_and_the_number_of_results_is_kept(filled: Knowledge) -> None:
    results = filled.retrieve("등산 책 요리", numberOfResults=3)
    scores = [result["score"] for result in results]
    assert len(results) == 3
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (equals("gender", "MALE"), {"cook"}),
        (equals("paused", True), {"cook"}),
        (equals("paused", False), set()),
        (equals("year", 1990), {"reader"}),
        (equals("year", "1990"), set()),
        (_condition("notEquals", "gender", "MALE"), {"climber", "reader", "plain"}),
        (_condition("greaterThan", "year", 1990), {"climber"}),
        (_condition("greaterThanOrEquals", "year", 1990), {"climber", "reader"}),
        (_condition("lessThan", "year", 1990), {"cook"}),
        (_condition("lessThanOrEquals", "year", 1990), {"cook", "reader"}),
        (_condition("in", "year", [1988, 1995]), {"climber", "cook"}),
        (_condition("in", "year", [1995, *range(99)]), {"climber"}),
        (_condition("notIn", "year", [1988, 1995]), {"reader", "plain"}),
        (
            {"andAll": [equals("gender", "FEMALE"), _condition("lessThan", "year", 1995)]},
            {"reader"},
        ),
        ({"orAll": [equals("gender", "MALE"), equals("year", 1995)]}, {"climber", "cook"}),
        pytest.param(
            _condition("startsWith", "gender", "MALE"),
            {"climber", "reader", "cook", "plain"},
            id="startsWith is ignored and lets everything through",
        ),
        pytest.param(
            _condition("stringContains", "gender", "MALE"),
            {"climber", "reader", "cook", "plain"},
            id="stringContains is ignored and lets everything through",
        ),
    ],
)
def test_filters(filled: Knowledge, condition: dict[str, Any], expected: set[str]) -> None:
    assert set(filled.found("소개", numberOfResults=100, filter=condition)) == expected


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"overrideSearchType": "HYBRID"}, "HYBRID"),
        ({"numberOfResults": 101}, "less than or equal to 100"),
        ({"filter": {"andAll": [equals("year", 1)]}}, "value: 1, valid min length: 2"),
        ({"filter": _condition("in", "year", 1990)}, "takes a list"),
        ({"filter": _condition("in", "year", list(range(101)))}, "has 101 constraints"),
        ({"filter": _condition("greaterThan", "gender", "F")}, "takes a number"),
        ({"filter": _condition("listContains", "gender", "F")}, "not supported"),
    ],
)
def test_what_a_knowledge_base_on_s3_vectors_refuses(
    filled: Knowledge, options: dict[str, Any], said: str
) -> None:
    with pytest.raises(ClientError, match="ValidationException") as error:
        filled.retrieve("소개", **options)
    assert said in str(error.value)


def test_an_unknown_knowledge_base_is_named(server: Server) -> None:
    client = server.client("bedrock-agent-runtime")
    with pytest.raises(client.exceptions.ResourceNotFoundException, match="KB00000000"):
        client.retrieve(knowledgeBaseId="KB00000000", retrievalQuery={"text": "글"})


def test_retrieval_needs_its_permission(server: Server, filled: Knowledge) -> None:
    other = f"{filled.knowledge_base_arn[:-1]}X"
    role = server.role("retrieves-elsewhere", allow("bedrock:Retrieve", other))
    client = server.client("bedrock-agent-runtime", server.credentials_of(role))
    with pytest.raises(client.exceptions.AccessDeniedException, match="bedrock:Retrieve"):
        client.retrieve(knowledgeBaseId=filled.knowledge_base_id, retrievalQuery={"text": "글"})

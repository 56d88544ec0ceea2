"""Indexing and both ways of asking a model, against the embedded AWS's Bedrock."""

import json
import uuid
from typing import Any

import pytest

from cufit_contracts.alias import alias_of
from cufit_contracts.items import CandidateItem
from cufit_contracts.stored import read
from match_worker.adapters.bedrock_nearness import BedrockNearness
from match_worker.adapters.bedrock_retrieve_and_converse import BedrockRetrieveAndConverse
from match_worker.adapters.bedrock_retrieve_and_generate import BedrockRetrieveAndGenerate
from match_worker.errors import ModelOverloaded, NothingRetrieved
from match_worker.model.answer import Rung, read_answer
from match_worker.model.prompt import load_prompt
from match_worker.ports import Correction, LanguageModel
from profile_indexer.bedrock_knowledge_base import BedrockKnowledgeBase
from profile_indexer.document import document_of
from profile_indexer.ports import DocumentState
from tests.integration.embedded_aws.conftest import knowledge, server
from tests.integration.embedded_aws.knowledge import MODEL_ARN, Knowledge
from tests.integration.lambdas.items import candidate_item
from tests.integration.lambdas.test_match_worker_bedrock import SETTINGS
from tests.unit.lambdas.match_worker.people import person, search, seeker

__all__ = ["knowledge", "server"]  # fixtures

PROMPT = load_prompt("v1")
WOMEN = ("m_hana", "m_duri", "m_sera")
SHORTLIST = tuple(person(one) for one in (*WOMEN, "m_not_indexed_yet"))


@pytest.fixture(scope="module")
def indexed(knowledge: Knowledge) -> Knowledge:
    """Three women a seeker may meet, one who pauses, one too old, and a man."""
    people = [candidate_item(one, hobbies=["등산", f"취미{n}"]) for n, one in enumerate(WOMEN)]
    people += [
        candidate_item("m_paused", paused=True),
        candidate_item("m_old", birth_year=1970),
        candidate_item("m_man", gender="MALE"),
    ]
    documents = [document_of(read(CandidateItem, one)) for one in people]
    base = indexer_of(knowledge)
    base.put(documents)
    ids = [document.candidate_id for document in documents]
    knowledge.wait_until_settled(*ids)
    assert {state for state, _ in base.states(ids).values()} == {DocumentState.INDEXED}
    return knowledge


def indexer_of(knowledge: Knowledge) -> BedrockKnowledgeBase:
    return BedrockKnowledgeBase(
        knowledge.server.client("bedrock-agent"),
        knowledge.knowledge_base_id,
        knowledge.data_source_id,
        new_token=lambda: str(uuid.uuid4()),
    )


@pytest.fixture(params=["retrieve_and_generate", "retrieve_and_converse"])
def model(indexed: Knowledge, request: pytest.FixtureRequest) -> LanguageModel:
    settings = SETTINGS.model_copy(
        update={"knowledge_base_id": indexed.knowledge_base_id, "model_arn": MODEL_ARN}
    )
    agent = indexed.server.client("bedrock-agent-runtime")
    if request.param == "retrieve_and_generate":
        return BedrockRetrieveAndGenerate(lambda _: agent, settings, PROMPT)
    runtime = indexed.server.client("bedrock-runtime")
    return BedrockRetrieveAndConverse(lambda _: agent, lambda _: runtime, settings, PROMPT)


def test_the_answer_is_on_the_first_rung_and_about_the_shortlist(model: LanguageModel) -> None:
    reply = model.ask(search(shortlist=SHORTLIST), None)
    answer = read_answer(reply.text, PROMPT.rubric)
    assert answer.rung is Rung.STRICT
    assert {one.alias for one in answer.judgements} == {alias_of(one) for one in WOMEN}
    assert reply.usage.input_tokens > 500


def test_the_longest_profile_and_a_correction_fit_the_limits(model: LanguageModel) -> None:
    who = seeker(self_introduction="산" * 500, hobbies=["아" * 40] * 10, job="직" * 200)
    question = search(who, shortlist=SHORTLIST)
    again = model.ask(question, Correction("가" * 300, model.ask(question, None)))
    assert json.loads(again.text)["candidates"]


def test_a_throttle_is_told_apart(model: LanguageModel, indexed: Knowledge) -> None:
    fault = {"mode": "throttle", "times": 2}
    indexed.server.control("PUT", "bedrock/faults", fault)
    with pytest.raises(ModelOverloaded):
        model.ask(search(shortlist=SHORTLIST), None)


def test_of_nobody_who_is_indexed_no_model_is_asked(model: LanguageModel) -> None:
    with pytest.raises(NothingRetrieved):
        model.ask(search(shortlist=[person("m_not_indexed_yet")]), None)


def test_who_is_near_in_meaning_is_named_by_id(indexed: Knowledge) -> None:
    client = indexed.server.client("bedrock-agent-runtime")
    found = BedrockNearness(client, indexed.knowledge_base_id).nearest(search(), 20)
    assert sorted(found) == sorted(WOMEN)


def test_an_index_that_filters_while_it_searches_may_leave_some_unjudged(
    model: LanguageModel, indexed: Knowledge
) -> None:
    """A CLASSIC index: the worker lives with whoever is returned."""
    far = [read(CandidateItem, candidate_item(f"m_far{n}", hobbies=["낚시"])) for n in range(9)]
    near = read(CandidateItem, candidate_item("m_old_twin", birth_year=1970))
    base = indexer_of(indexed)
    base.put([document_of(one) for one in far])
    base.put([document_of(near)])
    indexed.wait_until_settled("m_old_twin", *(one.candidate_id for one in far))
    shortlist = [person("m_far0"), person("m_far1"), person("m_hana")]
    indexed.server.control("PUT", "account", {"old_vector_buckets": True})
    try:
        reply = model.ask(search(shortlist=shortlist), None)
        judged = {one.alias for one in read_answer(reply.text, PROMPT.rubric).judgements}
    finally:
        indexed.server.control("DELETE", "account")
        base.remove([*(one.candidate_id for one in far), "m_old_twin"])
    assert judged == {alias_of("m_hana")}


def test_who_left_is_not_found_any_more(indexed: Knowledge) -> None:
    base = indexer_of(indexed)
    base.remove(["m_old", "m_never"])
    indexed.wait_until_settled("m_old")
    states: Any = base.states(["m_old", "m_never"])
    assert {state for state, _ in states.values()} == {DocumentState.ABSENT}

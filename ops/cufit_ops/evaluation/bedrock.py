"""Bedrock in this process: the three calls the worker makes, over the golden set's documents.

Requests are held against botocore's models as in the embedded AWS, so limits and names are AWS's.
"""

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from random import Random
from time import perf_counter
from typing import Any

from cufit_ops.evaluation.stand_ins import Shown, StandIn
from embedded_aws.bedrock.generation import DEFAULT_MAX_TOKENS, cut, tokens
from embedded_aws.bedrock.metadata_filter import check, matches
from embedded_aws.bedrock.prompt import REFUSAL
from embedded_aws.bedrock.request_model import operation, parsed_body
from embedded_aws.bedrock.retrieval import Corpus
from embedded_aws.bedrock.spoken import spoken
from match_worker.model.prompt import filled
from profile_indexer.document import Document

AGENT_RUNTIME, RUNTIME = "bedrock-agent-runtime", "bedrock-runtime"

Members = dict[str, Any]


class Index:
    """The knowledge base."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self._documents = documents
        self._found = lru_cache(maxsize=4096)(self._search)
        self._counted = lru_cache(maxsize=128)(self._corpus)

    def found(
        self, query: str, configuration: Mapping[str, Any], rewritten: Mapping[str, str]
    ) -> list[str]:
        """Ids for a KnowledgeBaseRetrievalConfiguration, best first. Texts `rewritten` are found by
        what they say now; the others stay as near as they are, as with vectors."""
        options = configuration["vectorSearchConfiguration"]
        seeker = json.loads(query)
        seeker.pop("name", None)  # a pseudonym, another one every time
        asked = json.dumps(seeker, ensure_ascii=False), json.dumps(options["filter"])
        found = self._found(*asked)
        for one, text in rewritten.items():
            if one in found:
                found = {**found, one: self._admitted(asked[1]).nearness(asked[0], text)}
        best = sorted(found, key=lambda one: (-found[one], one)) if rewritten else found
        return list(best)[: options["numberOfResults"]]

    def text(self, candidate_id: str) -> str:
        return self._documents[candidate_id].text

    def metadata(self, candidate_id: str) -> Mapping[str, Any]:
        return self._documents[candidate_id].metadata

    def _search(self, query: str, condition: str) -> Mapping[str, float]:
        """How near everybody is whom the filter admits, the nearest first."""
        return dict(self._admitted(condition).ranked(query))

    def _admitted(self, condition: str) -> Corpus[str]:
        # A shortlist is one seeker's; years of birth are those of many.
        return (self._corpus if _names_people(json.loads(condition)) else self._counted)(condition)

    def _corpus(self, condition: str) -> Corpus[str]:
        wanted = json.loads(condition)
        check(wanted)
        # A filter that names people is looked up: the rest of the set cannot match it.
        named = wanted["in"]["value"] if _names_people(wanted) else self._documents
        return Corpus(
            {
                one: self._documents[one].text
                for one in named
                if one in self._documents and matches(wanted, self._documents[one].metadata)
            }
        )


def _names_people(condition: Mapping[str, Any]) -> bool:
    return "in" in condition and condition["in"]["key"] == "candidate_id"


class InProcessBedrock:
    """Answers like both clients, bedrock-agent-runtime and bedrock-runtime."""

    def __init__(self, index: Index, model: StandIn) -> None:
        self._index = index
        self._model = model
        self.order: Random | None = None
        """Shuffles the people found; None leaves the best first."""
        self.rewritten: dict[str, str] = {}
        """Texts of documents that differ from the index."""
        self.prompts: list[str] = []
        """Every text shown to the model."""

    def retrieve(self, **request: Any) -> Members:
        _check(AGENT_RUNTIME, "Retrieve", request)
        query = request["retrievalQuery"]["text"]
        results = [
            {
                "content": {"type": "TEXT", "text": self._text(one)},
                "metadata": dict(self._index.metadata(one)),
            }
            for one in self._found(query, request["retrievalConfiguration"])
        ]
        return {"retrievalResults": results}

    def retrieve_and_generate(self, **request: Any) -> Members:
        _check(AGENT_RUNTIME, "RetrieveAndGenerate", request)
        base = request["retrieveAndGenerateConfiguration"]["knowledgeBaseConfiguration"]
        generation = base["generationConfiguration"]
        query = request["input"]["text"]
        found = self._found(query, base["retrievalConfiguration"])
        if not found:
            return {"output": {"text": REFUSAL}, "citations": []}
        passages = [self._text(one) for one in found]
        template = generation["promptTemplate"]["textPromptTemplate"]
        text = filled(template, passages, query)
        limit = generation["inferenceConfig"]["textInferenceConfig"]["maxTokens"]
        people = [json.loads(passage) for passage in passages]
        said = self._said(Shown(text, json.loads(query), people), limit)
        return {"output": {"text": said}, "citations": []}

    def converse(self, **request: Any) -> Members:
        _check(RUNTIME, "Converse", request)
        text = "\n".join(spoken(request))
        limit = request["inferenceConfig"].get("maxTokens", DEFAULT_MAX_TOKENS)
        said = self._said(_read(text), limit)
        structured = _object(said)
        block: Members = {"text": said}
        if structured is not None and "toolConfig" in request:
            name = request["toolConfig"]["toolChoice"]["tool"]["name"]
            block = {"toolUse": {"toolUseId": "tool_1", "name": name, "input": structured}}
        return {
            "output": {"message": {"role": "assistant", "content": [block]}},
            "stopReason": "tool_use" if "toolUse" in block else "end_turn",
            "usage": {"inputTokens": tokens(text), "outputTokens": tokens(said)},
        }

    def _found(self, query: str, configuration: Mapping[str, Any]) -> list[str]:
        found = self._index.found(query, configuration, self.rewritten)
        return self.order.sample(found, len(found)) if self.order else found

    def _text(self, candidate_id: str) -> str:
        return self.rewritten.get(candidate_id) or self._index.text(candidate_id)

    def _said(self, shown: Shown, limit: int) -> str:
        self.prompts.append(shown.text)
        text = self._model(shown)
        return text if tokens(text) <= limit else cut(text, limit)


class Stopwatch:
    """Seconds spent in the calls of the clients it wraps."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def around(self, client: Any) -> Any:
        return _Timed(client, self)


class _Timed:
    def __init__(self, client: Any, stopwatch: Stopwatch) -> None:
        self._client = client
        self._stopwatch = stopwatch

    def __getattr__(self, name: str) -> Callable[..., Any]:
        call = getattr(self._client, name)

        def timed(**request: Any) -> Any:
            started = perf_counter()
            try:
                return call(**request)
            finally:
                self._stopwatch.seconds += perf_counter() - started

        return timed


def _check(service: str, name: str, request: Mapping[str, Any]) -> None:
    """Raises embedded_aws's ValidationError, which no evaluation survives: the worker would send
    the same to AWS."""
    parsed_body(operation(service, name), json.dumps(request, ensure_ascii=False).encode())


def _read(text: str) -> Shown:
    """The people and the seeker in a message: the lines that are JSON objects with hobbies."""
    objects = [found for line in text.splitlines() if (found := _object(line))]
    objects = [found for found in objects if "hobbies" in found]
    people = [found for found in objects if "id" in found]
    seeker = next((found for found in objects if "id" not in found), {})
    return Shown(text, seeker, people)


def _object(text: str) -> Members | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None

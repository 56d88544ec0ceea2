"""Retrieve and RetrieveAndGenerate (service bedrock-agent-runtime)."""

import re
import uuid
from typing import Any
from urllib.parse import unquote

from embedded_aws.bedrock.call import (
    Call,
    fault_of,
    knowledge_base,
    knowledge_base_arn,
    model_arn,
    ok,
)
from embedded_aws.bedrock.errors import Response, UnknownOperationError, ValidationError
from embedded_aws.bedrock.generation import generated, model_id_of
from embedded_aws.bedrock.prompt import REFUSAL, Prompt, rendered
from embedded_aws.bedrock.request_model import operation, parsed_body
from embedded_aws.bedrock.search import Hit, search
from embedded_aws.bedrock.state import invocations

SERVICE = "bedrock-agent-runtime"
_RETRIEVE = re.compile(r"/knowledgebases/(?P<kb>[^/]+)/retrieve")

Members = dict[str, Any]


async def handle(call: Call, method: str, path: str, body: bytes) -> Response:
    """Answer one request.

    Raises:
        BedrockError: the request breaks a limit, is denied, or a fault is ordered.
    """
    retrieve = _RETRIEVE.fullmatch(path)
    if method == "POST" and retrieve:
        return await _retrieve(unquote(retrieve["kb"]), body)
    if method == "POST" and path == "/retrieveAndGenerate":
        return await _retrieve_and_generate(call, body)
    raise UnknownOperationError(f"The embedded AWS has no {method} {path} of {SERVICE}")


async def _retrieve(identifier: str, body: bytes) -> Response:
    model = operation(SERVICE, "Retrieve")
    request = parsed_body(model, body, knowledgeBaseId=identifier)
    knowledge_base(identifier)
    query = request["retrievalQuery"].get("text")
    if not query:
        raise ValidationError("The embedded AWS retrieves by text")
    order = await fault_of("Retrieve")
    hits = search(identifier, query, request.get("retrievalConfiguration"))
    invocations.record(
        "Retrieve",
        order.mode,
        knowledgeBaseId=identifier,
        inputText=query,
        retrievalConfiguration=request.get("retrievalConfiguration"),
        retrieved=[hit.key[2] for hit in hits],
    )
    return ok({"retrievalResults": [hit.as_result() for hit in hits]})


async def _retrieve_and_generate(call: Call, body: bytes) -> Response:
    request = parsed_body(operation(SERVICE, "RetrieveAndGenerate"), body)
    settings = _settings(request)
    identifier = settings["knowledgeBaseId"]
    knowledge_base(identifier)
    model = model_arn(model_id_of(settings["modelArn"]))
    call.require("bedrock:Retrieve", knowledge_base_arn(identifier))
    call.require("bedrock:InvokeModel", model)
    order = await fault_of("RetrieveAndGenerate")
    query = request["input"]["text"]
    hits = search(identifier, query, settings.get("retrievalConfiguration"))
    generation = settings.get("generationConfiguration") or {}
    template = (generation.get("promptTemplate") or {}).get("textPromptTemplate")
    prompt = rendered(template, query, [hit.content.text for hit in hits])
    inference = (generation.get("inferenceConfig") or {}).get("textInferenceConfig") or {}
    text = REFUSAL  # as public reports have it when nothing is found; AWS documents neither
    if hits:
        text = generated(prompt, order.mode, inference.get("maxTokens"))
    session = request.get("sessionId") or str(uuid.uuid4())
    invocations.record(
        "RetrieveAndGenerate",
        order.mode,
        knowledgeBaseId=identifier,
        modelArn=model,
        inputText=query,
        prompt=prompt.text,
        retrievalConfiguration=settings.get("retrievalConfiguration"),
        retrieved=[hit.key[2] for hit in hits],
        outputText=text,
    )
    return ok(_answer(session, text, prompt, hits))


def _settings(request: Members) -> Members:
    configuration = request.get("retrieveAndGenerateConfiguration") or {}
    settings: Members | None = configuration.get("knowledgeBaseConfiguration")
    if configuration.get("type") != "KNOWLEDGE_BASE" or settings is None:
        raise ValidationError(
            "The embedded AWS generates with type KNOWLEDGE_BASE and knowledgeBaseConfiguration"
        )
    return settings


def _answer(session: str, text: str, prompt: Prompt, hits: list[Hit]) -> Members:
    cited = [hit.as_reference() for hit in hits] if prompt.cites and not prompt.refused else []
    part = {"text": text, "span": {"start": 0, "end": max(0, len(text) - 1)}}
    citation = {"generatedResponsePart": {"textResponsePart": part}, "retrievedReferences": cited}
    return {"sessionId": session, "output": {"text": text}, "citations": [citation]}

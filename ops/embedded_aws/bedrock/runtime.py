"""Converse (service bedrock-runtime) with the simulated model.

The model finds people as the JSON objects with hobbies in the messages: those with an `id` are
candidates, the one without is the seeker. A forced tool gets the answer as its input.
"""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from embedded_aws.bedrock.call import Call, fault_of, model_arn, ok
from embedded_aws.bedrock.errors import Response, UnknownOperationError
from embedded_aws.bedrock.faults import Fault
from embedded_aws.bedrock.generation import DEFAULT_MAX_TOKENS, generated, model_id_of, tokens
from embedded_aws.bedrock.prompt import Prompt
from embedded_aws.bedrock.request_model import operation, parsed_body
from embedded_aws.bedrock.spoken import spoken
from embedded_aws.bedrock.state import invocations

SERVICE = "bedrock-runtime"
_CONVERSE = re.compile(r"/model/(?P<model>.+)/converse")

Members = dict[str, Any]


async def handle(call: Call, method: str, path: str, body: bytes) -> Response:
    """Answer one request.

    Raises:
        BedrockError: the request breaks a limit, names another model, is denied, or a fault is
            ordered.
    """
    converse = _CONVERSE.fullmatch(path)
    if method != "POST" or converse is None:
        raise UnknownOperationError(f"The embedded AWS has no {method} {path} of {SERVICE}")
    model = unquote(converse["model"])
    request = parsed_body(operation(SERVICE, "Converse"), body, modelId=model)
    call.require("bedrock:InvokeModel", model_arn(model_id_of(model)))
    order = await fault_of("Converse")
    shown = "\n".join(spoken(request))
    prompt = _prompt(shown)
    limit = (request.get("inferenceConfig") or {}).get("maxTokens", DEFAULT_MAX_TOKENS)
    text = generated(prompt, order.mode, limit)
    invocations.record("Converse", order.mode, modelId=model, prompt=shown, outputText=text)
    return ok(_answer(request, shown, text, order.mode))


def _prompt(shown: str) -> Prompt:
    objects = list(_objects(shown))
    seeker = next((found for found in objects if "id" not in found), None)
    passages = [json.dumps(found, ensure_ascii=False) for found in objects if "id" in found]
    query = None if seeker is None else json.dumps(seeker, ensure_ascii=False)
    return Prompt(shown, query, tuple(passages), cites=False, refused=False)


def _objects(text: str) -> Iterator[Members]:
    decoder = json.JSONDecoder()
    position = text.find("{")
    while position >= 0:
        try:
            value, end = decoder.raw_decode(text, position)
        except ValueError:
            end = position + 1
        else:
            if "hobbies" in value:
                yield value
        position = text.find("{", end)


def _answer(request: Members, shown: str, text: str, fault: Fault) -> Members:
    choice = ((request.get("toolConfig") or {}).get("toolChoice") or {}).get("tool")
    block: Members = {"text": text}
    stop_reason = "end_turn"
    if choice and fault in (Fault.NONE, Fault.UNKNOWN_IDS) and (structured := _json(text)):
        use = {"toolUseId": "tooluse_simulated", "name": choice["name"], "input": structured}
        block, stop_reason = {"toolUse": use}, "tool_use"
    elif fault is Fault.TRUNCATED_JSON or (_json(text) is None and fault is Fault.NONE):
        stop_reason = "max_tokens"
    read, written = tokens(shown), tokens(text)
    return {
        "output": {"message": {"role": "assistant", "content": [block]}},
        "stopReason": stop_reason,
        "usage": {"inputTokens": read, "outputTokens": written, "totalTokens": read + written},
        "metrics": {"latencyMs": 1},
    }


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None

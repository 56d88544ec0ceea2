"""Documents, retrieval and generation of Bedrock, which MiniStack answers with canned text.

MiniStack keeps knowledge bases and data sources but drops the text of ingested documents, ignores
filters, and answers RetrieveAndGenerate with a fixed sentence. The stand-in
(`embedded_aws.bedrock`) takes these operations over; MiniStack still routes them and enforces IAM
before they arrive. Converse it would authorize as `bedrock:Converse`, which IAM does not know: a
model's caller needs `bedrock:InvokeModel` on the model, and the stand-in checks that.
"""

from collections.abc import Awaitable, Callable, Mapping
from types import ModuleType
from typing import Any

from ministack import app
from ministack.core import iam_actions

from embedded_aws.bedrock import agent, agent_runtime, runtime
from embedded_aws.bedrock.call import Call
from embedded_aws.bedrock.errors import BedrockError, Response
from embedded_aws.bedrock.state import documents
from embedded_aws.plugins.records import keep_with_the_rest

STATE_KEY = "cufit_bedrock_documents"

Handler = Callable[[str, str, Mapping[str, str], bytes, Mapping[str, Any]], Awaitable[Response]]


def apply() -> None:
    handlers: dict[str, Handler] = app.SERVICE_HANDLERS
    handlers["bedrock-agent"] = _documents_or(handlers["bedrock-agent"])
    handlers["bedrock-agent-runtime"] = _stand_in(agent_runtime)
    handlers["bedrock-runtime"] = _stand_in(runtime)
    _leave_authorization_to_the_stand_in()
    keep_with_the_rest(STATE_KEY, documents, "bedrock-agent")


def _documents_or(other: Handler) -> Handler:
    async def handle(
        method: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, Any]
    ) -> Response:
        found = agent.operation_of(method, path)
        if found is None:
            return await other(method, path, headers, body, query)
        return await _answered(agent.handle(*found, body))

    return handle


def _stand_in(service: ModuleType) -> Handler:
    async def handle(
        method: str, path: str, headers: Mapping[str, str], body: bytes, query: Mapping[str, Any]
    ) -> Response:
        call = Call(service.SERVICE, headers, query)
        return await _answered(service.handle(call, method, path, body))

    return handle


def _leave_authorization_to_the_stand_in() -> None:
    action_of = iam_actions.extract_iam_action

    def action_unless_model(service: str, *request: Any) -> str | None:
        """No action: MiniStack checks the signature and leaves the rest to the handler."""
        action: str | None = None if service == runtime.SERVICE else action_of(service, *request)
        return action

    iam_actions.extract_iam_action = action_unless_model


async def _answered(answer: Awaitable[Response]) -> Response:
    try:
        return await answer
    except BedrockError as error:
        return error.response()

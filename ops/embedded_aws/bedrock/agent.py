"""Direct ingestion (service bedrock-agent): Ingest, Get, List and DeleteKnowledgeBaseDocuments."""

import re
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from embedded_aws.bedrock import knowledge_base_role as role
from embedded_aws.bedrock.call import fault_of, knowledge_base, ok, require_data_source
from embedded_aws.bedrock.documents import Content, Document, Key, iso_time
from embedded_aws.bedrock.errors import Response, ValidationError
from embedded_aws.bedrock.request_model import operation, parsed_body
from embedded_aws.bedrock.state import documents, invocations

_PATH = re.compile(
    r"/knowledgebases/(?P<kb>[^/]+)/datasources/(?P<ds>[^/]+)/documents/?"
    r"(?P<verb>getDocuments|deleteDocuments)?"
)
_OPERATIONS = {
    ("PUT", None): "IngestKnowledgeBaseDocuments",
    ("POST", None): "ListKnowledgeBaseDocuments",
    ("POST", "getDocuments"): "GetKnowledgeBaseDocuments",
    ("POST", "deleteDocuments"): "DeleteKnowledgeBaseDocuments",
}
_VALUE_MEMBERS = {
    "STRING": "stringValue",
    "NUMBER": "numberValue",
    "BOOLEAN": "booleanValue",
    "STRING_LIST": "stringListValue",
}
TOKENS_KEPT = 1000

Members = dict[str, Any]

_answered_tokens: OrderedDict[str, None] = OrderedDict()


def operation_of(method: str, path: str) -> tuple[str, str, str] | None:
    """Operation, knowledge base id and data source id of a document request; None for others."""
    found = _PATH.fullmatch(path)
    name = _OPERATIONS.get((method, found["verb"])) if found else None
    return (name, found["kb"], found["ds"]) if found and name else None


async def handle(name: str, base: str, data_source: str, body: bytes) -> Response:
    """Answer one document operation.

    Raises:
        BedrockError: the request breaks a limit, names something unknown, or a fault is ordered.
    """
    model = operation("bedrock-agent", name)
    request = parsed_body(model, body, knowledgeBaseId=base, dataSourceId=data_source)
    require_data_source(base, data_source)
    await fault_of(name)
    match name:
        case "IngestKnowledgeBaseDocuments":
            return ok({"documentDetails": _ingest(base, data_source, request)}, 202)
        case "DeleteKnowledgeBaseDocuments":
            return ok({"documentDetails": _delete(base, data_source, request)}, 202)
        case "GetKnowledgeBaseDocuments":
            keys = _keys(base, data_source, request)
            return ok({"documentDetails": [_detail(key, documents.get(key)) for key in keys]})
        case _:
            return ok(_listed(base, data_source, request))


def _ingest(base: str, data_source: str, request: Members) -> list[Members]:
    accepted: list[tuple[Key, Content]] = []
    for document in request["documents"]:
        identifier, content = _content(document)
        accepted.append(((base, data_source, identifier), content))
    if _repeated(request):
        return [_detail(key, documents.get(key)) for key, _ in accepted]
    obstacle = role.obstacle(knowledge_base(base), role.EMBED, role.PUT)
    details = []
    for key, content in accepted:
        invocations.record(
            "IngestKnowledgeBaseDocuments",
            "none",
            documentId=key[2],
            text=content.text,
            metadata=content.metadata,
        )
        details.append(_detail(key, documents.ingest(key, content, obstacle)))
    return details


def _delete(base: str, data_source: str, request: Members) -> list[Members]:
    keys = _keys(base, data_source, request)
    if _repeated(request):
        return [_detail(key, documents.get(key)) for key in keys]
    obstacle = role.obstacle(knowledge_base(base), role.DELETE)
    return [_detail(key, documents.delete(key, obstacle)) for key in keys]


def _listed(base: str, data_source: str, request: Members) -> Members:
    held = list(documents.of_data_source(base, data_source).items())
    start = _offset(request.get("nextToken"))
    size = request.get("maxResults", 1000)
    page = held[start : start + size]
    answer: Members = {
        "documentDetails": [
            _detail((base, data_source, identifier), document) for identifier, document in page
        ]
    }
    if start + size < len(held):
        answer["nextToken"] = str(start + size)
    return answer


def _offset(token: str | None) -> int:
    if token is not None and not token.isdecimal():
        raise ValidationError("The nextToken is not one this service gave")
    return int(token or 0)


def _content(document: Mapping[str, Any]) -> tuple[str, Content]:
    """Id and content of an in-line text document, the one kind cufit ingests."""
    custom = document["content"].get("custom")
    text = ((custom or {}).get("inlineContent") or {}).get("textContent")
    if custom is None or text is None:
        raise ValidationError("The embedded AWS takes CUSTOM documents with inline TEXT content")
    metadata: Members = {}
    for attribute in (document.get("metadata") or {}).get("inlineAttributes", []):
        value = attribute["value"]
        member = _VALUE_MEMBERS[value["type"]]
        if member not in value:
            raise ValidationError(
                f"Metadata '{attribute['key']}' of {value['type']} needs {member}"
            )
        metadata[attribute["key"]] = value[member]
    return custom["customDocumentIdentifier"]["id"], Content(text["data"], metadata)


def _keys(base: str, data_source: str, request: Members) -> list[Key]:
    identifiers = []
    for identifier in request["documentIdentifiers"]:
        if "custom" not in identifier:
            raise ValidationError("The embedded AWS knows documents by their custom identifier")
        identifiers.append(identifier["custom"]["id"])
    return [(base, data_source, identifier) for identifier in identifiers]


def _detail(key: Key, document: Document | None) -> Members:
    base, data_source, identifier = key
    detail: Members = {
        "knowledgeBaseId": base,
        "dataSourceId": data_source,
        "identifier": {"dataSourceType": "CUSTOM", "custom": {"id": identifier}},
        "status": document.status if document else "NOT_FOUND",
    }
    if document is not None:
        detail["updatedAt"] = iso_time(document.updated_at)
        if document.status == "FAILED":
            detail["statusReason"] = document.failure
    return detail


def _repeated(request: Members) -> bool:
    """Whether this client token was answered before; AWS ignores such a request."""
    token = request.get("clientToken")
    if token is None:
        return False
    if token in _answered_tokens:
        return True
    _answered_tokens[token] = None
    while len(_answered_tokens) > TOKENS_KEPT:
        _answered_tokens.popitem(last=False)
    return False

"""Which permissions a call of AWS needs, and on what: the names are those of tests/in_memory_aws.

Actions and resources are those of the service authorization reference.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from embedded_aws.dynamodb_condition_keys import attributes, returns, select

Request = Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """A permission that a call needs."""

    action: str
    kind: str
    """Of what: table, index, queue, object, parameter, knowledge base, model, anything."""
    name: str
    attributes: frozenset[str] = frozenset()
    """Of DynamoDB: those the request names, keys too, and those it is answered."""
    select: str | None = None
    """Of a read of DynamoDB."""
    returns: str | None = None
    """Of a write of DynamoDB: ReturnValues."""

    def also(self, other: "Asked") -> "Asked":
        """Both in one: whoever may that, may each."""
        return replace(self, attributes=self.attributes | other.attributes)

    @property
    def alike(self) -> tuple[str | None, ...]:
        """Equal for what differs in attributes alone."""
        return self.action, self.kind, self.name, self.select, self.returns


def asked(service: str, operation: str, request: Request) -> Iterator[Asked]:
    """Raises NotImplementedError for an operation that is not listed here: list it."""
    if service == "dynamodb":
        yield from _of_dynamodb(operation, request)
    elif service.startswith("bedrock"):
        yield from _of_bedrock(operation, request)
    elif service == "s3" and operation in ("GetObject", "PutObject", "DeleteObject"):
        prefix = request["Key"].partition("/")[0]
        yield Asked(f"s3:{operation}", "object", f"{request['Bucket']}/{prefix}/made-up")
    elif (service, operation) in _NAMED_BY:
        kind, parameter = _NAMED_BY[service, operation]
        yield Asked(f"{service}:{operation}", kind, request[parameter])
    else:
        raise NotImplementedError(f"{service}:{operation}")


_NAMED_BY: Final = {
    ("sqs", "SendMessage"): ("queue", "QueueUrl"),
    ("ssm", "GetParameter"): ("parameter", "Name"),
    ("ssm", "PutParameter"): ("parameter", "Name"),
    ("cloudformation", "DescribeStacks"): ("stack", "StackName"),
}
"""What a call is about, and which parameter names it."""


def _of_dynamodb(operation: str, request: Request) -> Iterator[Asked]:
    match operation:
        case "TransactWriteItems":
            for one in request["TransactItems"]:
                ((action, write),) = one.items()
                yield _write(f"{action}Item", write)
        case "BatchGetItem":
            for table, wanted in request["RequestItems"].items():
                yield _read("BatchGetItem", {"TableName": table, **wanted})
        case "GetItem" | "Query" | "Scan":
            yield _read(operation, request)
        case "PutItem" | "UpdateItem" | "DeleteItem":
            yield _write(operation, request)
        case _:
            raise NotImplementedError(f"dynamodb:{operation}")


def _of_bedrock(operation: str, request: Request) -> Iterator[Asked]:
    if operation == "RetrieveAndGenerate":
        # The caller's permissions cover what it does inside ("Permissions to query a knowledge
        # base", Bedrock user guide).
        about = request["retrieveAndGenerateConfiguration"]["knowledgeBaseConfiguration"]
        yield Asked("bedrock:RetrieveAndGenerate", "anything", "*")
        yield Asked("bedrock:Retrieve", "knowledge base", about["knowledgeBaseId"])
        yield Asked("bedrock:InvokeModel", "model", about["modelArn"])
        return
    if operation == "Converse":
        # "This operation requires permission for the bedrock:InvokeModel action" (API reference).
        yield Asked("bedrock:InvokeModel", "model", request["modelId"])
        return
    yield Asked(f"bedrock:{operation}", "knowledge base", request["knowledgeBaseId"])
    if operation == "IngestKnowledgeBaseDocuments":
        # Bedrock's guide asks for it beside direct ingestion, which starts a job inside.
        yield Asked("bedrock:StartIngestionJob", "knowledge base", request["knowledgeBaseId"])


def together(many: Iterator[Asked]) -> list[Asked]:
    """One for each action on each thing."""
    found: dict[tuple[str | None, ...], Asked] = {}
    for one in many:
        found[one.alike] = found[one.alike].also(one) if one.alike in found else one
    return list(found.values())


def _read(operation: str, request: Request) -> Asked:
    table, index = request["TableName"], request.get("IndexName")
    return Asked(
        f"dynamodb:{operation}",
        "index" if index else "table",
        f"{table}/index/{index}" if index else table,
        frozenset(attributes(request)),
        select(request),
    )


def _write(operation: str, request: Request) -> Asked:
    return Asked(
        f"dynamodb:{operation}",
        "table",
        request["TableName"],
        frozenset(attributes(request)),
        returns=returns(request),
    )

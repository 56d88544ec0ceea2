"""`AWS::Bedrock::KnowledgeBase` and `AWS::Bedrock::DataSource`, unknown to MiniStack's
CloudFormation although its bedrock-agent API has both. The records go to that API's own store.

Storage, embedding model and chunking are create-only, as in AWS's schemas: changing one makes a new
resource. A knowledge base must name an S3 Vectors index that exists and has its dimension.
"""

import json
from typing import Any

from ministack.services import bedrock_agent

from embedded_aws.bedrock.errors import Response
from embedded_aws.bedrock.state import documents
from embedded_aws.plugins import resource_types, s3vectors_resources
from embedded_aws.plugins.resource_types import Properties, Provisioned, camel_cased


def apply() -> None:
    resource_types.add(
        "AWS::Bedrock::KnowledgeBase",
        create=_create_knowledge_base,
        update=_update_knowledge_base,
        delete=_delete_knowledge_base,
        create_only=("StorageConfiguration", "KnowledgeBaseConfiguration"),
    )
    resource_types.add(
        "AWS::Bedrock::DataSource",
        create=_create_data_source,
        update=_update_data_source,
        delete=_delete_data_source,
        create_only=("KnowledgeBaseId", "VectorIngestionConfiguration"),
    )


def _create_knowledge_base(_logical_id: str, properties: Properties, _stack: str) -> Provisioned:
    _require_index(properties)
    return _knowledge_base(bedrock_agent._create_kb(_body(properties)))


def _update_knowledge_base(
    physical_id: str, _old: Properties, new: Properties, _stack: str
) -> Provisioned:
    return _knowledge_base(bedrock_agent._update_kb(physical_id, _body(new)))


def _delete_knowledge_base(physical_id: str, _properties: Properties) -> None:
    bedrock_agent._knowledge_bases.pop(physical_id, None)


def _create_data_source(_logical_id: str, properties: Properties, _stack: str) -> Provisioned:
    return _data_source(bedrock_agent._create_ds(properties["KnowledgeBaseId"], _body(properties)))


def _update_data_source(
    physical_id: str, _old: Properties, new: Properties, _stack: str
) -> Provisioned:
    knowledge_base, _, data_source = physical_id.partition("|")
    return _data_source(bedrock_agent._update_ds(knowledge_base, data_source, _body(new)))


def _delete_data_source(physical_id: str, properties: Properties) -> None:
    knowledge_base, _, data_source = physical_id.partition("|")
    bedrock_agent._data_sources.pop(f"{knowledge_base}/{data_source}", None)
    if properties.get("DataDeletionPolicy", "DELETE") == "DELETE":
        documents.forget_data_source(knowledge_base, data_source)


def _knowledge_base(answer: Response) -> Provisioned:
    """Ref is the id."""
    record = _content(answer)["knowledgeBase"]
    attributes = {
        "KnowledgeBaseId": record["knowledgeBaseId"],
        "KnowledgeBaseArn": record["knowledgeBaseArn"],
        "Status": record["status"],
    }
    return record["knowledgeBaseId"], attributes


def _data_source(answer: Response) -> Provisioned:
    """Ref is `knowledge base id|data source id`, as in AWS's schema (primaryIdentifier)."""
    record = _content(answer)["dataSource"]
    identifier = record["dataSourceId"]
    return f"{record['knowledgeBaseId']}|{identifier}", {"DataSourceId": identifier}


def _require_index(properties: Properties) -> None:
    storage = properties.get("StorageConfiguration") or {}
    if storage.get("Type") != "S3_VECTORS":
        raise ValueError("the embedded AWS keeps knowledge bases on S3_VECTORS storage only")
    index = s3vectors_resources.index_of(storage["S3VectorsConfiguration"])
    configuration = properties["KnowledgeBaseConfiguration"]["VectorKnowledgeBaseConfiguration"]
    embedding = (configuration.get("EmbeddingModelConfiguration") or {}).get(
        "BedrockEmbeddingModelConfiguration"
    ) or {}
    wanted = embedding.get("Dimensions")
    if wanted is not None and int(wanted) != int(index["Dimension"]):
        raise ValueError(
            f"the knowledge base embeds in {wanted} dimensions and its index "
            f"{index['IndexArn']} has {index['Dimension']}"
        )


def _body(properties: Properties) -> str:
    return json.dumps(camel_cased(properties, frozenset({"Tags"})))


def _content(answer: Response) -> dict[str, Any]:
    status, _headers, body = answer
    content: dict[str, Any] = json.loads(body)
    if status >= 400:
        raise ValueError(content.get("message", "refused"))
    return content

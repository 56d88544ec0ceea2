"""What Bedrock does with the knowledge base's own role: embed text, and work on the vectors.

On AWS a role that lacks one of these permissions shows up as documents that fail, or as queries
that are refused (docs.aws.amazon.com/bedrock/latest/userguide/kb-permissions.html; a query with a
filter reads vectors as well, s3vectors:GetVectors).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ministack.core.iam_evaluator import EvalContext, _gather_role_policies, evaluate
from ministack.core.responses import get_account_id, get_region
from ministack.services import iam

from embedded_aws.vector_indexes import arn_of

Record = Mapping[str, Any]

PUT, DELETE, QUERY, GET = (f"s3vectors:{verb}Vectors" for verb in ("Put", "Delete", "Query", "Get"))
EMBED = "bedrock:InvokeModel"


def obstacle(knowledge_base: Record, *actions: str) -> str | None:
    """Why the role of `knowledge_base` may not do one of `actions`; None when it may do all."""
    role = str(knowledge_base["RoleArn"])
    name = role.rpartition("/")[2]
    if iam._roles.get(name) is None:
        return f"Bedrock could not assume the role {role}: it does not exist"
    policies = _gather_role_policies(name, get_account_id())
    for action, resource in _with_resources(knowledge_base, actions):
        context = EvalContext(
            principal_arn=role,
            principal_type="AssumedRole",
            principal_account=get_account_id(),
            action=action,
            resource_arn=resource,
            region=get_region(),
        )
        if evaluate(context, policies).decision != "Allow":
            return f"The role {role} is not authorized to perform {action} on {resource}"
    return None


def _with_resources(knowledge_base: Record, actions: Iterable[str]) -> list[tuple[str, str]]:
    configuration = knowledge_base["KnowledgeBaseConfiguration"]
    model = configuration["vectorKnowledgeBaseConfiguration"]["embeddingModelArn"]
    storage = knowledge_base["StorageConfiguration"]["s3VectorsConfiguration"]
    index = arn_of(storage)
    return [(action, model if action == EMBED else index) for action in actions]

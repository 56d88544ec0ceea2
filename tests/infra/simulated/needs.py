"""What each role needs: for its code as it was heard, and for what AWS does in its name.

The latter follows from the templates: logs, messages from queues, images, vectors.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from cufit_contracts.environment import variable
from cufit_ops.template_graph import Address
from stacks.bedrock_models import GenerationModel
from tests.drills.functions import ENVIRONMENT
from tests.in_memory_aws.settings import SETTINGS
from tests.infra.simulated import notifiers
from tests.infra.simulated.calls import Asked
from tests.infra.simulated.policies import RESOURCE, Policies
from tests.infra.simulated.recording import SERVICE, recorded
from tests.infra.simulated.requests import Request
from tests.infra.synthesis import plain

Variables = Mapping[str, Any]


def needs(policies: Policies) -> Iterator[Request]:
    yield from _of_functions(policies)
    yield from _of_the_service(policies)
    yield from _of_deliveries(policies)
    yield from _of_the_knowledge_base(policies)


def as_role(
    policies: Policies, role: Address, why: str, action: str, resource: str, **more: Any
) -> Request:
    naming = policies.naming
    session = f"assumed-role/{naming.name_of(role)}/session"
    principal = naming.arn("sts", session, region="")
    return Request(
        f"{plain(role)} {why}",
        principal,
        action,
        resource,
        more.get("context", {}),
        role,
        _guard(policies, resource),
    )


def _guard(policies: Policies, resource: str) -> tuple[str, Address] | None:
    for kind, address in policies.held:
        if kind == RESOURCE:
            arn = policies.naming.arn_of(address)
            if resource == arn or (":s3:::" in arn and resource.startswith(f"{arn}/")):
                return kind, address
    return None


def _of_functions(policies: Policies) -> Iterator[Request]:
    account, naming = policies.environment.account, policies.naming
    for function, properties in account.of("AWS::Lambda::Function"):
        name = str(properties["Handler"]).partition(".")[0]
        variables = naming.value(function[0], properties["Environment"]["Variables"])
        (role,) = account.referred(function[0], properties["Role"])
        yield from _logs(policies, role, properties["LoggingConfig"]["LogGroup"])
        if name in notifiers.NAMES:
            asked, made_up = notifiers.of_notifiers()[name], notifiers.ENVIRONMENT
        else:
            asked, made_up = recorded()[name], ENVIRONMENT
        yield from _heard(policies, role, asked, made_up, variables)


def _of_the_service(policies: Policies) -> Iterator[Request]:
    account, naming = policies.environment.account, policies.naming
    made_up = {variable(name): value for name, value in SETTINGS.model_dump().items()}
    for task, properties in account.of("AWS::ECS::TaskDefinition"):
        (container,) = properties["ContainerDefinitions"]
        (role,) = account.referred(task[0], properties["TaskRoleArn"])
        variables = {
            one["Name"]: one["Value"] for one in naming.value(task[0], container["Environment"])
        }
        yield from _heard(policies, role, recorded()[SERVICE], made_up, variables)
        (execution,) = account.referred(task[0], properties["ExecutionRoleArn"])
        group = container["LogConfiguration"]["Options"]["awslogs-group"]
        yield from _logs(policies, execution, group)
        yield from _pull(policies, execution, naming.value(task[0], container["Image"]))


def _heard(
    policies: Policies,
    role: Address,
    asked: list[Asked],
    made_up: Variables,
    real: Variables,
) -> Iterator[Request]:
    """Calls on the doubles' names, as calls on what the same variables name in the templates."""
    names = {str(value): str(real[key]) for key, value in made_up.items() if key in real}
    mode = policies.environment.settings.matching.matchmaker
    for one in asked:
        if one.action in _NOT_IN_MODE[mode]:
            continue
        for action, resource in _on(policies, one, names):
            yield as_role(
                policies, role, "as its code does", action, resource, context=context_of(one)
            )


_NOT_IN_MODE: Mapping[str, set[str]] = {
    "retrieve_and_generate": set(),
    # Retrieve and Converse, which is InvokeModel to IAM.
    "retrieve_and_converse": {"bedrock:RetrieveAndGenerate"},
    "rules": {"bedrock:RetrieveAndGenerate", "bedrock:Retrieve", "bedrock:InvokeModel"},
}
"""What is heard of retrieve_and_generate and is not done by another `matchmaker`."""


def context_of(asked: Asked) -> dict[str, Any]:
    """The keys DynamoDB tells IAM of a call."""
    told = {
        "dynamodb:Attributes": sorted(asked.attributes) or None,
        "dynamodb:Select": asked.select,
        "dynamodb:ReturnValues": asked.returns,
    }
    return {key: value for key, value in told.items() if value is not None}


def _on(policies: Policies, one: Asked, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    naming = policies.naming
    match one.kind:
        case "table" | "index":
            table, _, rest = one.name.partition("/")
            path = f"table/{names[table]}" + (f"/{rest}" if rest else "")
            yield one.action, naming.arn("dynamodb", path)
        case "queue":
            yield one.action, naming.arn("sqs", names[one.name].rpartition("/")[2])
        case "object":
            bucket, _, key = one.name.partition("/")
            yield one.action, f"arn:aws:s3:::{names[bucket]}/{key}"
        case "parameter":
            yield one.action, naming.arn("ssm", f"parameter{names[one.name]}")
        case "knowledge base":
            yield one.action, naming.arn("bedrock", f"knowledge-base/{names[one.name]}")
        case "model":
            yield from _generation(policies)
        case _:
            yield one.action, "*"


def _generation(policies: Policies) -> Iterator[tuple[str, str]]:
    """A profile needs its own permission, and the model's wherever it may run ("Prerequisites for
    inference profiles", Bedrock user guide)."""
    naming, settings = policies.naming, policies.environment.settings
    model = GenerationModel(settings.matching.model_id, naming.region, naming.account)
    for arn in model.foundation_model_arns:
        yield "bedrock:InvokeModel", arn
    if model.profile:
        yield "bedrock:InvokeModel", model.arn
        yield "bedrock:GetInferenceProfile", model.arn


def _logs(policies: Policies, role: Address, group: Any) -> Iterator[Request]:
    name = policies.naming.value(role[0], group)
    stream = policies.naming.arn("logs", f"log-group:{name}:log-stream:made-up")
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        yield as_role(policies, role, "writes its log", action, stream)


def _pull(policies: Policies, role: Address, image: str) -> Iterator[Request]:
    """What an execution role needs for an image of ECR ("Task execution IAM role", ECS guide)."""
    host, _, rest = image.partition("/")
    if ".dkr.ecr." not in host:
        return
    repository = policies.naming.arn("ecr", f"repository/{rest.partition(':')[0]}")
    why = "pulls the image"
    for action in ("BatchCheckLayerAvailability", "GetDownloadUrlForLayer", "BatchGetImage"):
        yield as_role(policies, role, why, f"ecr:{action}", repository)
    yield as_role(policies, role, why, "ecr:GetAuthorizationToken", "*")


def _of_deliveries(policies: Policies) -> Iterator[Request]:
    """Lambda takes messages, and puts away what failed, in the name of the function's role."""
    account, naming = policies.environment.account, policies.naming
    functions = dict(account.of("AWS::Lambda::Function"))

    def role_of(stack: str, function: Any) -> Address:
        (address,) = account.referred(stack, function)
        (role,) = account.referred(address[0], functions[address]["Role"])
        return role

    for (stack, _), properties in account.of("AWS::Lambda::EventSourceMapping"):
        role = role_of(stack, properties["FunctionName"])
        queue = naming.value(stack, properties["EventSourceArn"])
        for action in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes"):
            yield as_role(policies, role, "takes messages", f"sqs:{action}", queue)
    for (stack, _), properties in account.of("AWS::Lambda::EventInvokeConfig"):
        role = role_of(stack, properties["FunctionName"])
        for to in properties.get("DestinationConfig", {}).values():
            queue = naming.value(stack, to["Destination"])
            yield as_role(policies, role, "puts failures away", "sqs:SendMessage", queue)


def _of_the_knowledge_base(policies: Policies) -> Iterator[Request]:
    """Bedrock embeds, and writes and searches vectors ("Create a service role for knowledge bases",
    Bedrock user guide)."""
    account, naming = policies.environment.account, policies.naming
    for base, properties in account.of("AWS::Bedrock::KnowledgeBase"):
        (role,) = account.referred(base[0], properties["RoleArn"])
        about = naming.value(base[0], properties)
        model = about["KnowledgeBaseConfiguration"]["VectorKnowledgeBaseConfiguration"]
        index = about["StorageConfiguration"]["S3VectorsConfiguration"]["IndexArn"]
        yield as_role(policies, role, "embeds", "bedrock:InvokeModel", model["EmbeddingModelArn"])
        for action in ("PutVectors", "GetVectors", "DeleteVectors", "QueryVectors", "GetIndex"):
            yield as_role(policies, role, "keeps vectors", f"s3vectors:{action}", index)

"""Questions about Bedrock: may the account use the models, how much of them, do they answer."""

import re
from typing import Any

from botocore.exceptions import ClientError

from cufit_ops.doctor.answers import Answer, fails, holds, unknown
from cufit_ops.doctor.check import ANYWHERE, Check
from cufit_ops.doctor.subject import Subject
from stacks.bedrock_models import GLOBAL, GenerationModel

UNKNOWN_MODEL = frozenset({"ResourceNotFoundException", "ValidationException"})
"""What Bedrock says of an id that it does not know, or that is none."""

REQUEST_TOKENS = 4500
"""About what one recommendation sends: 22 passages of 120 to 160 (match_worker's own estimate), a
template and a seeker of a thousand. max_tokens is reserved on top of it."""
AT_ONCE = 2
"""Recommendations that match_worker makes at the same time."""

QUESTION = "연결을 확인합니다. 한 낱말로 답해 주세요."
TEMPLATE = "참고: $search_results$\n질문: $query$"
ANSWER_TOKENS = 20
COST = "less than $0.001"
"""One passage and twenty tokens of an answer, at any model's price of model_prices.toml."""


def _no_model(subject: Subject) -> str | None:
    return 'matchmaker = "rules"' if subject.settings.matching.matchmaker == "rules" else None


def _model(subject: Subject) -> Answer:
    wanted = _generation_model(subject)
    mend = f"[matching] model_id in config/{subject.name}.toml: one this account has, see the guide"
    bedrock = subject.client("bedrock")
    if wanted.profile is not None:
        try:
            bedrock.get_inference_profile(inferenceProfileIdentifier=wanted.model_id)
        except ClientError as error:
            if error.response["Error"]["Code"] not in UNKNOWN_MODEL:
                raise
            region = subject.settings.region
            return fails(f"{region} has no inference profile {wanted.model_id}", mend)
    bare = _bare(wanted)
    refused = _no_access(bedrock, bare, in_region=wanted.profile is None)
    if refused:
        return fails(f"{bare}: {refused}", mend)
    details = bedrock.get_foundation_model(modelIdentifier=bare)["modelDetails"]
    life = details.get("modelLifecycle", {})
    if life.get("status") == "LEGACY":
        ends = life.get("endOfLifeTime")
        when = f", ends {ends:%Y-%m-%d}" if ends else ""
        return fails(f"{bare} is LEGACY{when}; who has not used it cannot begin", mend)
    return holds(f"{wanted.model_id} may be used")


def _embedding(subject: Subject) -> Answer:
    wanted = subject.settings.matching.embedding_model_id
    refused = _no_access(subject.client("bedrock"), wanted, in_region=True)
    if refused:
        return fails(
            f"{wanted}: {refused}",
            f"open the model in Bedrock's console in {subject.settings.region} once, as an "
            "administrator; the knowledge base cannot be filled without it",
        )
    return holds(f"{wanted} may be used")


def _no_access(bedrock: Any, model_id: str, *, in_region: bool) -> str | None:
    """What keeps the account from a model, by GetFoundationModelAvailability; None: nothing."""
    try:
        found = bedrock.get_foundation_model_availability(modelId=model_id)
    except ClientError as error:
        if error.response["Error"]["Code"] not in UNKNOWN_MODEL:
            raise
        return "there is no such model in this region"
    faults = [
        "the account is not authorized" * (found["authorizationStatus"] != "AUTHORIZED"),
        "the account is not entitled" * (found["entitlementAvailability"] != "AVAILABLE"),
        "its agreement is not accepted" * (found["agreementAvailability"]["status"] != "AVAILABLE"),
        # A profile runs the model in other regions.
        "the region does not offer it" * (in_region and found["regionAvailability"] != "AVAILABLE"),
    ]
    return ", ".join(filter(None, faults)) or None


def _quota(subject: Subject) -> Answer:
    """New accounts begin with tiny quotas, some with none; Bedrock counts tokens, no requests
    (user guide, quotas of the bedrock-runtime endpoint, 2026-11)."""
    wanted, matching = _generation_model(subject), subject.settings.matching
    bare = _bare(wanted)
    details = subject.client("bedrock").get_foundation_model(modelIdentifier=bare)["modelDetails"]
    called = f"{details['providerName']} {details['modelName']}"
    one = REQUEST_TOKENS + matching.max_tokens
    needed = {
        f"{_kind(wanted)} inference tokens per minute for {called}": one * AT_ONCE,
        f"Model invocation max tokens per day for {called}": (
            one * matching.daily_recommendations_per_maker
        ),
    }
    found = dict(_quotas(subject, called))
    known = {name: found[name] for name in needed if name in found}
    said = "; ".join(f"{name}: {value:,.0f}" for name, value in known.items())
    short = [name for name, value in known.items() if value < needed[name]]
    if short:
        least = " and ".join(f"{needed[name]:,}" for name in short)
        return fails(
            f"{said}; at least {least} are needed",
            "ask for more in the Service Quotas console (Amazon Bedrock); until then people get "
            "recommendations by rules",
        )
    if not known:
        return unknown(f"Service Quotas has none named {' or '.join(needed)}")
    return holds(said)


def _quotas(subject: Subject, called: str) -> list[tuple[str, float]]:
    """Quotas of one model by name, without the remark that some names end with."""
    pages = subject.client("service-quotas").get_paginator("list_service_quotas")
    ours = re.compile(rf"(.* for {re.escape(called)})(?: \(.*\))?")
    return [
        (match[1], quota["Value"])
        for page in pages.paginate(ServiceCode="bedrock")
        for quota in page["Quotas"]
        if (match := ours.fullmatch(quota["QuotaName"]))
    ]


def _kind(model: GenerationModel) -> str:
    if model.profile is None:
        return "On-demand model"
    return "Global cross-region model" if model.profile == GLOBAL else "Cross-region model"


def _answer(subject: Subject) -> Answer:
    """A fixed question with one passage of the index, to the model that is asked anyway; nothing
    of the answer is shown or kept."""
    base = subject.output("Knowledge", "KnowledgeBaseId")
    wanted = _generation_model(subject)
    temperature = subject.settings.matching.temperature
    inference = {"maxTokens": ANSWER_TOKENS} | (
        {} if temperature is None else {"temperature": temperature}
    )
    try:
        answer = subject.client("bedrock-agent-runtime").retrieve_and_generate(
            input={"text": QUESTION},
            retrieveAndGenerateConfiguration={
                "type": "KNOWLEDGE_BASE",
                "knowledgeBaseConfiguration": {
                    "knowledgeBaseId": base,
                    "modelArn": wanted.arn,
                    "retrievalConfiguration": {"vectorSearchConfiguration": {"numberOfResults": 1}},
                    "generationConfiguration": {
                        "promptTemplate": {"textPromptTemplate": TEMPLATE},
                        "inferenceConfig": {"textInferenceConfig": inference},
                    },
                },
            },
        )
    except ClientError as error:
        code, said = error.response["Error"]["Code"], error.response["Error"]["Message"]
        # Without access to a model Bedrock says AccessDenied too, and names no action.
        denied = code == "AccessDeniedException" and "not authorized to perform" not in said
        if not denied and code not in UNKNOWN_MODEL:
            raise
        return fails(f"{wanted.model_id} over {base}: {said}", f"{subject.deploy}, then ask again")
    if not answer["output"]["text"].strip():
        return fails(f"{wanted.model_id} answered nothing", "another [matching] model_id")
    if faulty := _classic_index(subject, base):
        return faulty
    spent = "nothing here" if subject.settings.is_local else COST
    return holds(f"{wanted.model_id} answered a fixed question; it cost {spent}")


def _classic_index(subject: Subject, base: str) -> Answer | None:
    """What is wrong with how the index filters, which CloudFormation cannot say (its schema of
    AWS::S3Vectors::Index, 2026-11); None: nothing, or S3 Vectors does not tell."""
    try:
        found = subject.client("bedrock-agent").get_knowledge_base(knowledgeBaseId=base)
        storage = found["knowledgeBase"]["storageConfiguration"]["s3VectorsConfiguration"]
        arn = storage["indexArn"]
        index = subject.client("s3vectors").get_index(indexArn=arn)["index"]
    except ClientError:
        return None  # that the model answered was asked and paid for, and stays the answer
    if index.get("indexMode") != "CLASSIC":
        return None
    return fails(
        "its index is CLASSIC: it filters while it searches, and may not find a whole shortlist",
        f"aws s3vectors update-index-mode --index-mode ENHANCED --index-arn {arn}",
    )


def _generation_model(subject: Subject) -> GenerationModel:
    settings = subject.settings
    return GenerationModel(settings.matching.model_id, settings.region, subject.account)


def _bare(model: GenerationModel) -> str:
    return model.model_id if model.profile is None else model.model_id.partition(".")[2]


CHECKS = (
    Check("model", "the account may use the model", _model, ANYWHERE, unless=_no_model),
    Check(
        "model-quota", "the model's quota lasts", _quota, unless=_no_model, seconds=30
    ),
    Check("embedding", "the account may use the embedding model", _embedding, ANYWHERE),
    Check(
        "answer",
        "knowledge base and model answer",
        _answer,
        ANYWHERE,
        after_deployment=True,
        spends=True,
        unless=_no_model,
        seconds=30,
    ),
)  # fmt: skip

"""Joins the use case to its adapters. Clients are made once and live as long as the sandbox."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from aws_lambda_powertools.utilities.circuit_breaker.persistence import (
    CircuitBreakerDynamoDBPersistence,
)
from botocore.config import Config

from match_worker.adapters.bedrock_nearness import NEARNESS_READ, BedrockNearness
from match_worker.adapters.bedrock_retrieve_and_converse import BedrockRetrieveAndConverse
from match_worker.adapters.bedrock_retrieve_and_generate import BedrockRetrieveAndGenerate
from match_worker.adapters.bedrock_timing import client_config
from match_worker.adapters.dynamodb_attention import DynamodbAttention
from match_worker.adapters.dynamodb_candidates import DynamodbCandidates
from match_worker.adapters.dynamodb_pairs import DynamodbPairs
from match_worker.adapters.dynamodb_recommendations import DynamodbRecommendations
from match_worker.adapters.metered_model import MeteredModel
from match_worker.adapters.powertools_circuit_breaker import (
    CircuitBrokenModel,
    CircuitBrokenNearness,
)
from match_worker.adapters.sqs_delayed_requests import SqsDelayedRequests
from match_worker.adapters.ssm_brake import SsmBrake
from match_worker.answer_recommendation import AnswerRecommendation
from match_worker.model.model_matchmaker import ModelMatchmaker
from match_worker.model.prompt import Prompt, load_prompt
from match_worker.model.shadow import Shadow
from match_worker.ports import LanguageModel, Matchmaker, Nearness
from match_worker.scoring.ranking import Referee
from match_worker.scoring.rules_matchmaker import RulesMatchmaker
from match_worker.scoring.shortlist import Shortlist
from match_worker.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_bedrock_agent_runtime import AgentsforBedrockRuntimeClient

_STORES = Config(
    connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 3}
)
"""DynamoDB, SSM and SQS answer in milliseconds; botocore's defaults would wait 60 s."""


def build(settings: Settings) -> AnswerRecommendation:
    prompt = _prompt(settings.prompt_version, settings)
    dynamodb = boto3.resource("dynamodb", config=_STORES)
    candidates = DynamodbCandidates(dynamodb, settings.candidates_table)
    referee = Referee(candidates, DynamodbPairs(dynamodb, settings.matches_table))
    rules = RulesMatchmaker(referee, prompt.rubric)
    matchmaker: Matchmaker = rules
    if settings.matchmaker != "rules":
        model = _guarded(_language_model(settings, prompt), settings)
        matchmaker = ModelMatchmaker(settings.matchmaker, settings.model_id, model, referee, prompt)
    return AnswerRecommendation(
        recommendations=DynamodbRecommendations(dynamodb.Table(settings.recommendations_table)),
        candidates=candidates,
        matchmaker=matchmaker,
        rules=rules,
        shortlist=Shortlist(
            candidates,
            referee,
            prompt.rubric,
            settings.shortlist,
            settings.near_in_meaning,
            _nearness(settings),
        ),
        later=SqsDelayedRequests(
            boto3.client("sqs", config=_STORES), settings.match_requests_queue_url
        ),
        attention=DynamodbAttention(
            dynamodb.Table(settings.candidates_table), dynamodb.Table(settings.idempotency_table)
        ),
        brake=SsmBrake(boto3.client("ssm", config=_STORES), settings.brake_parameter),
        prompt=prompt,
        now=lambda: datetime.now(UTC),
        shadow=_shadow(settings, referee),
    )


def _prompt(version: str, settings: Settings) -> Prompt:
    prompt = load_prompt(version)
    rubric = prompt.rubric.switched(
        learn_from_answers=settings.learn_from_answers, congestion=settings.congestion
    )
    return replace(prompt, rubric=rubric)


def _nearness(settings: Settings) -> Nearness | None:
    if settings.matchmaker == "rules":
        return None
    nearness = BedrockNearness(_agent_runtime(NEARNESS_READ), settings.knowledge_base_id)
    return CircuitBrokenNearness(nearness, _circuits(settings))


def _language_model(settings: Settings, prompt: Prompt) -> LanguageModel:
    return MeteredModel(_bedrock(settings, prompt), settings.model_id)


def _bedrock(settings: Settings, prompt: Prompt) -> LanguageModel:
    if settings.matchmaker == "retrieve_and_generate":
        return BedrockRetrieveAndGenerate(_agent_runtime, settings, prompt)
    return BedrockRetrieveAndConverse(_agent_runtime, _runtime, settings, prompt)


@cache
def _agent_runtime(read: int) -> "AgentsforBedrockRuntimeClient":
    return boto3.client("bedrock-agent-runtime", config=client_config(read))


@cache
def _runtime(read: int) -> Any:
    return boto3.client("bedrock-runtime", config=client_config(read))


def _guarded(model: LanguageModel, settings: Settings) -> LanguageModel:
    return CircuitBrokenModel(model, _circuits(settings))


def _circuits(settings: Settings) -> CircuitBreakerDynamoDBPersistence:
    return CircuitBreakerDynamoDBPersistence(
        settings.idempotency_table, boto3_client=_circuits_client()
    )


@cache
def _circuits_client() -> Any:
    # A client of its own: a resource's client would turn the breaker's typed values again.
    return boto3.client("dynamodb", config=_STORES)


def _shadow(settings: Settings, referee: Referee) -> Shadow | None:
    """Its questions count neither for the circuit nor against it."""
    if settings.matchmaker == "rules" or settings.shadow_prompt_version is None:
        return None
    prompt = _prompt(settings.shadow_prompt_version, settings)
    model = _language_model(settings, prompt)
    matchmaker = ModelMatchmaker(settings.matchmaker, settings.model_id, model, referee, prompt)
    return Shadow(matchmaker, prompt.version, settings.shadow_percent)

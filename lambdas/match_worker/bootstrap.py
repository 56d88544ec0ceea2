"""Joins the use case to its adapters. Clients are made once and live as long as the sandbox."""

from dataclasses import replace
from datetime import UTC, datetime

import boto3
from aws_lambda_powertools.utilities.circuit_breaker.persistence import (
    CircuitBreakerDynamoDBPersistence,
)
from botocore.config import Config

from match_worker.adapters.bedrock_retrieve_and_converse import BedrockRetrieveAndConverse
from match_worker.adapters.bedrock_retrieve_and_generate import BedrockRetrieveAndGenerate
from match_worker.adapters.bedrock_timing import one_step, two_steps
from match_worker.adapters.dynamodb_attention import DynamodbAttention
from match_worker.adapters.dynamodb_candidates import DynamodbCandidates
from match_worker.adapters.dynamodb_pairs import DynamodbPairs
from match_worker.adapters.dynamodb_recommendations import DynamodbRecommendations
from match_worker.adapters.metered_model import MeteredModel
from match_worker.adapters.powertools_circuit_breaker import CircuitBrokenModel
from match_worker.adapters.sqs_delayed_requests import SqsDelayedRequests
from match_worker.adapters.ssm_brake import SsmBrake
from match_worker.answer_recommendation import AnswerRecommendation
from match_worker.model.model_matchmaker import ModelMatchmaker
from match_worker.model.prompt import Prompt, load_prompt
from match_worker.model.shadow import Shadow
from match_worker.ports import LanguageModel, Matchmaker
from match_worker.scoring.ranking import Referee
from match_worker.scoring.rules_matchmaker import RulesMatchmaker
from match_worker.settings import Settings

_STORES = Config(
    connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 3}
)
"""DynamoDB, SSM and SQS answer in milliseconds; botocore's defaults would wait 60 s."""


def build(settings: Settings) -> AnswerRecommendation:
    prompt = _prompt(settings.prompt_version, settings)
    dynamodb = boto3.resource("dynamodb", config=_STORES)
    candidates = DynamodbCandidates(dynamodb, settings.candidates_table)
    referee = Referee(candidates, DynamodbPairs(dynamodb, settings.matches_table))
    rules = RulesMatchmaker(candidates, referee, prompt.rubric)
    matchmaker: Matchmaker = rules
    if settings.matchmaker != "rules":
        model = _guarded(_language_model(settings, prompt), settings)
        matchmaker = ModelMatchmaker(settings.matchmaker, settings.model_id, model, referee, prompt)
    return AnswerRecommendation(
        recommendations=DynamodbRecommendations(dynamodb.Table(settings.recommendations_table)),
        candidates=candidates,
        matchmaker=matchmaker,
        rules=rules,
        later=SqsDelayedRequests(
            boto3.client("sqs", config=_STORES), settings.match_requests_queue_url
        ),
        attention=DynamodbAttention(dynamodb.Table(settings.candidates_table)),
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


def _language_model(settings: Settings, prompt: Prompt) -> LanguageModel:
    return MeteredModel(_bedrock(settings, prompt), settings.model_id)


def _bedrock(settings: Settings, prompt: Prompt) -> LanguageModel:
    seconds = settings.bedrock_timeout_seconds
    if settings.matchmaker == "retrieve_and_generate":
        client = boto3.client("bedrock-agent-runtime", config=one_step(seconds).config())
        return BedrockRetrieveAndGenerate(client, settings, prompt)
    retrieve, converse = two_steps(seconds)
    return BedrockRetrieveAndConverse(
        boto3.client("bedrock-agent-runtime", config=retrieve.config()),
        boto3.client("bedrock-runtime", config=converse.config()),
        settings,
        prompt,
    )


def _guarded(model: LanguageModel, settings: Settings) -> LanguageModel:
    # A client of its own: a resource's client would turn the breaker's typed values again.
    store = CircuitBreakerDynamoDBPersistence(
        settings.idempotency_table, boto3_client=boto3.client("dynamodb", config=_STORES)
    )
    return CircuitBrokenModel(model, store)


def _shadow(settings: Settings, referee: Referee) -> Shadow | None:
    """Its questions count neither for the circuit nor against it."""
    if settings.matchmaker == "rules" or settings.shadow_prompt_version is None:
        return None
    prompt = _prompt(settings.shadow_prompt_version, settings)
    model = _language_model(settings, prompt)
    matchmaker = ModelMatchmaker(settings.matchmaker, settings.model_id, model, referee, prompt)
    return Shadow(matchmaker, prompt.version, settings.shadow_percent, model.seconds_at_most)

"""Matching: queues of what to rank and what to index, and the functions that do it."""

from aws_cdk import aws_ssm as ssm
from constructs import Construct

from cufit_contracts.brake import OFF
from cufit_contracts.items import (
    INDEX_MARKS,
    INDEXED_ATTRIBUTES,
    MATCHED_ATTRIBUTES,
    PLACE_KEYS,
    PLACED_ATTRIBUTES,
    SHOWN_MARKS,
)
from stacks import timing
from stacks.bedrock_models import GenerationModel
from stacks.components.environment_stack import EnvironmentStack
from stacks.components.permissions import acknowledge, reading_only, writing_only
from stacks.components.python_function import PythonFunction
from stacks.components.queue_with_dlq import QueueWithDlq, dead_letter_queue
from stacks.components.table import index_arn
from stacks.data import DataStack
from stacks.knowledge import KnowledgeBase, KnowledgeStack
from stacks.settings import Environment


class MatchingStack(EnvironmentStack):
    """match-requests → match_worker, and profile-changes → profile_indexer."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Environment,
        data: DataStack,
        knowledge: KnowledgeStack,
    ) -> None:
        super().__init__(scope, id_, settings=settings, description="recommendations")
        self._data = data
        self._knowledge = KnowledgeBase.published_by(knowledge, to=self)
        self.dead_letters = dead_letter_queue(self, "DeadLetters")
        self.match_requests = QueueWithDlq(
            self,
            "MatchRequests",
            consumer_timeout=timing.MATCH_WORKER_TIMEOUT,
            dead_letters=self.dead_letters,
        )
        self.profile_changes = QueueWithDlq(
            self,
            "ProfileChanges",
            consumer_timeout=timing.PROFILE_INDEXER_TIMEOUT,
            dead_letters=self.dead_letters,
        )
        self.brake = ssm.StringParameter(
            self,
            "Brake",
            parameter_name=f"/cufit/{settings.name}/brake",  # people set it by hand as well
            string_value=OFF,
            description="off, rules, or rules until a time: whether models are asked",
        )
        self.match_worker = self._match_worker()
        self.match_requests.consumed_by(self.match_worker, batch_size=1, max_concurrency=2)
        self.profile_indexer = self._profile_indexer()
        self.profile_changes.consumed_by(
            self.profile_indexer, batch_size=10, batching_window=1, max_concurrency=2
        )

    def _match_worker(self) -> PythonFunction:
        data, matching = self._data, self.settings.matching
        model = GenerationModel(matching.model_id, self.region, self.account, self.partition)
        shadow, temperature = matching.shadow_prompt_version, matching.temperature
        worker = PythonFunction(
            self,
            "MatchWorker",
            name="match_worker",
            description="Ranks partners for a requested recommendation",
            settings=self.settings,
            timeout=timing.MATCH_WORKER_TIMEOUT,
            memory=512,
            environment={
                "recommendations_table": data.recommendations.table_name,
                "candidates_table": data.candidates.table_name,
                "matches_table": data.matches.table_name,
                "knowledge_base_id": self._knowledge.knowledge_base_id,
                "model_arn": model.arn,
                "model_id": matching.model_id,
                "matchmaker": matching.matchmaker,
                "shortlist": str(matching.shortlist),
                "near_in_meaning": str(matching.near_in_meaning),
                "max_tokens": str(matching.max_tokens),
                "bedrock_timeout_seconds": str(matching.timeout_seconds),
                "prompt_version": matching.prompt_version,
                "learn_from_answers": str(matching.learn_from_answers).lower(),
                "congestion": str(matching.congestion).lower(),
                "brake_parameter": self.brake.parameter_name,
                "match_requests_queue_url": self.match_requests.queue.queue_url,
                "idempotency_table": data.idempotency.table_name,
                **({} if temperature is None else {"temperature": str(temperature)}),
                **({"shadow_prompt_version": shadow} if shadow else {}),
            },
        )
        # A request is put off by sending it again, later. The table whose items expire holds the
        # breaker's state and the days on which somebody was shown.
        worker.allow(["sqs:SendMessage"], [self.match_requests.queue.queue_arn])
        worker.allow(
            ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
            [data.idempotency.table_arn],
        )
        worker.allow(["dynamodb:UpdateItem"], [data.recommendations.table_arn])
        matched = reading_only(MATCHED_ATTRIBUTES)
        people = data.candidates.table_arn
        worker.allow(["dynamodb:GetItem", "dynamodb:BatchGetItem"], [people], matched)
        placed = reading_only((*PLACED_ATTRIBUTES, *PLACE_KEYS))
        worker.allow(["dynamodb:Query"], [index_arn(data.candidates, "by_place")], placed)
        worker.allow(["dynamodb:UpdateItem"], [people], writing_only(SHOWN_MARKS))
        worker.allow(["dynamodb:BatchGetItem"], [data.matches.table_arn])
        worker.allow(["ssm:GetParameter"], [self.brake.parameter_arn])
        if matching.matchmaker != "rules":
            self._allow_bedrock(worker, model)
        return worker

    def _allow_bedrock(self, worker: PythonFunction, model: GenerationModel) -> None:
        """Generation runs with the caller's permissions; the knowledge base's role only embeds."""
        worker.allow(["bedrock:Retrieve"], [self._knowledge.arn])
        worker.allow(["bedrock:InvokeModel"], model.foundation_model_arns)
        if model.profile:
            worker.allow(["bedrock:InvokeModel", "bedrock:GetInferenceProfile"], [model.arn])
        if self.settings.matching.matchmaker != "retrieve_and_generate":
            return  # Converse works with bedrock:InvokeModel
        worker.allow(["bedrock:RetrieveAndGenerate"], ["*"])
        acknowledge(
            worker.role,
            **{
                "IAM5[Resource::*]": "bedrock:RetrieveAndGenerate knows no resource; "
                "bedrock:Retrieve beside it is bound to the knowledge base"
            },
        )

    def _profile_indexer(self) -> PythonFunction:
        data, knowledge = self._data, self._knowledge
        indexer = PythonFunction(
            self,
            "ProfileIndexer",
            name="profile_indexer",
            description="Keeps the knowledge base in step with candidate profiles",
            settings=self.settings,
            timeout=timing.PROFILE_INDEXER_TIMEOUT,
            environment={
                "candidates_table": data.candidates.table_name,
                "knowledge_base_id": knowledge.knowledge_base_id,
                "data_source_id": knowledge.data_source_id,
            },
        )
        people = [data.candidates.table_arn]
        indexer.allow(["dynamodb:BatchGetItem"], people, reading_only(INDEXED_ATTRIBUTES))
        indexer.allow(["dynamodb:UpdateItem"], people, writing_only(INDEX_MARKS))
        indexer.allow(
            [
                "bedrock:IngestKnowledgeBaseDocuments",
                "bedrock:DeleteKnowledgeBaseDocuments",
                "bedrock:GetKnowledgeBaseDocuments",
                # Bedrock's guide asks for it beside direct ingestion, which starts a job inside.
                "bedrock:StartIngestionJob",
            ],
            [knowledge.arn],
        )
        return indexer

"""What people may look at and repair, in every environment of the account."""

from aws_cdk import aws_iam as iam
from aws_cdk import region_info

from cufit_contracts.items import INDEX_MARKS, INDEXED_ATTRIBUTES
from stacks.components.environment_stack import EnvironmentStack
from stacks.components.permissions import acknowledge, grant, reading_only, writing_only

OURS = "cufit-*"
"""Names that CloudFormation gives begin with the stack's, so this is every environment's."""
OURS_ONLY = "Covers every environment of this account and nothing but this project's names"
TAGGED_ONLY = "Ids are random; the condition keeps it to those with this project's tag"
RECOMMENDATION_FACTS = [
    "recommendation_id", "maker_id", "created_at", "finished_at", "timeline", "failure",
]  # fmt: skip
"""Attributes that tell what happened to a request (docs/by-hand.md); profiles and reasons are not
among them."""
EXPLAINED = [
    "recommendation_id", "maker_id", "candidate_id", "status", "created_at", "result", "failure",
]  # fmt: skip
"""What `cufit explain` reads of a recommendation. A result holds reasons beside the points."""
INDEX_FACTS = [
    "candidate_id", "version", "updated_at", "index_state", "index_version", "index_reason",
]  # fmt: skip
"""Attributes that tell whether a profile is indexed (`cufit kb status`), and nothing of it."""


class OperatorPermissions:
    """Grants of `stack`'s roles for people; patterns name what each environment's stacks own."""

    def __init__(self, stack: EnvironmentStack) -> None:
        self._stack = stack
        self._queues = self._arn("sqs", OURS)
        self._services = self._arn("ecs", f"service/{OURS}")
        self._candidates = self._arn("dynamodb", f"table/{OURS}-Candidates*")
        self._recommendations = self._arn("dynamodb", f"table/{OURS}-Recommendations*")
        self._knowledge_bases = self._arn("bedrock", "knowledge-base/*")
        self._brakes = self._arn("ssm", "parameter/cufit/*/brake")

    def allow_looking(self, role: iam.Role) -> None:
        """Why did a request fail, how full are the queues, what runs, is the index in step, does
        the brake hold: no profile, photo, secret."""
        logs = self._arn("logs", f"log-group:{OURS}")
        stacks = self._arn("cloudformation", f"stack/{OURS}")
        grant(role, ["logs:FilterLogEvents", "logs:StartQuery"], [logs])
        grant(role, ["sqs:GetQueueAttributes"], [self._queues])
        grant(role, ["cloudformation:DescribeStacks"], [stacks])
        grant(role, ["ecs:DescribeServices"], [self._services])
        grant(role, ["ssm:GetParameter"], [self._brakes])
        grant(
            role,
            ["dynamodb:GetItem", "dynamodb:Query"],
            [self._recommendations],
            reading_only(RECOMMENDATION_FACTS),
        )
        grant(role, ["dynamodb:Scan"], [self._candidates], reading_only(INDEX_FACTS))
        self._grant_bases(role, ["bedrock:ListKnowledgeBaseDocuments"])
        nameless = ["cloudwatch:GetMetricData", "cloudwatch:DescribeAlarms", "logs:GetQueryResults"]
        grant(role, nameless, ["*"])
        self._acknowledge(
            role,
            [logs, self._queues, self._recommendations, self._candidates, stacks, self._services],
        )
        self._acknowledge(role, [self._brakes])
        self._acknowledge(role, [self._knowledge_bases], TAGGED_ONLY)
        acknowledge(
            role, **{"IAM5[Resource::*]": f"{', '.join(nameless)} know no resource of ours to name"}
        )

    def allow_repairing(self, role: iam.Role) -> None:
        """Give messages another chance, start the service afresh, bring the index in step, pull
        and release the brake, explain a result. Writing documents takes what they are made from,
        never a phone."""
        grant(
            role,
            [
                "sqs:StartMessageMoveTask",
                "sqs:CancelMessageMoveTask",
                "sqs:ListMessageMoveTasks",
                "sqs:ReceiveMessage",
                "sqs:DeleteMessage",
                "sqs:SendMessage",
            ],
            [self._queues],
        )
        # The same task definition again, and no way into a container (`ecs:ExecuteCommand`).
        as_it_is = {"Null": {"ecs:task-definition": "true", "ecs:enable-execute-command": "true"}}
        grant(role, ["ecs:UpdateService"], [self._services], as_it_is)
        grant(role, ["ssm:PutParameter"], [self._brakes])
        results = reading_only(EXPLAINED)
        grant(role, ["dynamodb:GetItem"], [self._recommendations], results)
        people = [self._candidates]
        reads = ["dynamodb:Scan", "dynamodb:BatchGetItem"]
        grant(role, reads, people, reading_only(INDEXED_ATTRIBUTES))
        grant(role, ["dynamodb:UpdateItem"], people, writing_only(INDEX_MARKS))
        self._grant_bases(
            role,
            [
                "bedrock:IngestKnowledgeBaseDocuments",
                "bedrock:DeleteKnowledgeBaseDocuments",
                "bedrock:GetKnowledgeBaseDocuments",
                # Bedrock's guide asks for it beside direct ingestion, which starts a job inside.
                "bedrock:StartIngestionJob",
                "bedrock:Retrieve",
            ],
        )

    def _grant_bases(self, role: iam.Role, actions: list[str]) -> None:
        ours = {"Null": {"aws:ResourceTag/cufit:environment": "false"}}
        grant(role, actions, [self._knowledge_bases], ours)

    def _acknowledge(self, role: iam.Role, patterns: list[str], reason: str = OURS_ONLY) -> None:
        stack = self._stack
        partition = region_info.RegionInfo.get(stack.settings.region).partition or "aws"
        account = stack.settings.account or "<AWS::AccountId>"
        for pattern in patterns:
            named = pattern.replace(stack.partition, partition).replace(stack.account, account)
            acknowledge(role, **{f"IAM5[Resource::{named}]": reason})

    def _arn(self, service: str, resource: str) -> str:
        stack = self._stack
        return f"arn:{stack.partition}:{service}:{stack.region}:{stack.account}:{resource}"

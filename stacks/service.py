"""Service: the API people call. Network, Fargate tasks, and the HTTP API in front of them."""

import json

from constructs import Construct

from cufit_contracts.photos import INCOMING_PREFIX, PHOTOS_PREFIX
from stacks.components.entry import entry, finish_integrations
from stacks.components.environment_stack import EnvironmentStack
from stacks.components.fargate_service import FargateService
from stacks.components.http_api import HttpApi
from stacks.components.network import SERVICE_PORT, Network
from stacks.components.permissions import grant, grant_objects
from stacks.components.table import index_arn
from stacks.data import DataStack
from stacks.matching import MatchingStack
from stacks.photos import PhotosStack
from stacks.settings import Environment


class ServiceStack(EnvironmentStack):
    """HTTP API → VPC link → tasks; the upload URL's function hangs on the same API."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Environment,
        data: DataStack,
        matching: MatchingStack,
        photos: PhotosStack,
    ) -> None:
        super().__init__(scope, id_, settings=settings, description="HTTP API and service")
        self._data = data
        self._matching = matching
        network = Network(self, "Network", settings=settings)
        self.fargate = FargateService(
            self,
            "Fargate",
            settings=settings,
            network=network,
            environment=self._environment(),
        )
        self._allow_tables()
        self._allow_queues_and_photos()
        self.http_api = HttpApi(
            self,
            "HttpApi",
            settings=settings,
            service=entry(self, settings=settings, network=network, fargate=self.fargate),
            upload_url=photos.upload_url.function,
        )
        finish_integrations(self.http_api.api, self.fargate)
        self.url = settings.public_url or self.http_api.api.api_endpoint
        self.keep_export(self.http_api.api.api_endpoint)  # imported without public_url alone
        self._outputs()

    def _environment(self) -> dict[str, str]:
        data, auth = self._data, self.settings.auth
        return {
            "members_table": data.members.table_name,
            "invitations_table": data.invitations.table_name,
            "candidates_table": data.candidates.table_name,
            "recommendations_table": data.recommendations.table_name,
            "matches_table": data.matches.table_name,
            "photos_table": data.photos.table_name,
            "outbox_table": data.outbox.table_name,
            "idempotency_table": data.idempotency.table_name,
            "photo_bucket": data.photo_bucket.bucket_name,
            "match_requests_queue_url": self._matching.match_requests.queue.queue_url,
            "profile_changes_queue_url": self._matching.profile_changes.queue.queue_url,
            "daily_recommendations": str(self.settings.matching.daily_recommendations_per_maker),
            "oidc_issuer": auth.issuer,
            "oidc_audiences": json.dumps(auth.audiences),
            "admin_subjects": json.dumps(auth.admin_subjects),
            "log_level": self.settings.log_level,
            "port": str(SERVICE_PORT),
        }

    def _allow_tables(self) -> None:
        """A transaction needs the permission of each of its parts; forgetting who left scans."""
        data, role = self._data, self.fargate.task_role
        actions = {
            data.members: ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "ConditionCheckItem"],
            data.invitations: ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Scan"],
            data.candidates: [
                "GetItem", "BatchGetItem", "UpdateItem", "DeleteItem", "ConditionCheckItem",
            ],
            data.recommendations: ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Scan"],
            data.matches: ["GetItem", "PutItem", "UpdateItem", "DeleteItem"],
            data.photos: ["GetItem", "UpdateItem", "DeleteItem", "Scan"],
            data.outbox: ["PutItem", "DeleteItem", "Scan"],
            data.idempotency: ["GetItem", "PutItem", "UpdateItem", "DeleteItem", "Scan"],
        }  # fmt: skip
        for table, names in actions.items():
            grant(role, [f"dynamodb:{name}" for name in names], [table.table_arn])
        queried = [
            (data.invitations, "by_inviter"),
            (data.candidates, "by_maker"),
            (data.recommendations, "by_maker"),
            (data.recommendations, "open"),
            (data.matches, "by_left"),
            (data.matches, "by_right"),
            (data.photos, "by_candidate"),
        ]
        grant(role, ["dynamodb:Query"], [index_arn(table, name) for table, name in queried])

    def _allow_queues_and_photos(self) -> None:
        role, matching, bucket = self.fargate.task_role, self._matching, self._data.photo_bucket
        grant(
            role,
            ["sqs:SendMessage"],
            [matching.match_requests.queue.queue_arn, matching.profile_changes.queue.queue_arn],
        )
        # Presigned URLs to look at a photo work with their signer's permission; who leaves takes
        # their photos along, also those not checked yet.
        grant_objects(role, ["s3:GetObject", "s3:DeleteObject"], bucket, PHOTOS_PREFIX)
        grant_objects(role, ["s3:DeleteObject"], bucket, INCOMING_PREFIX)

    def _outputs(self) -> None:
        fargate = self.fargate
        self.output("ApiUrl", self.url, "Where the API answers")
        self.output("HttpApiId", self.http_api.api.api_id, "The HTTP API")
        self.output("ClusterName", fargate.cluster.cluster_name, "ECS cluster")
        self.output("ServiceName", fargate.service.service_name, "ECS service")
        self.output(
            "TaskDefinitionArn",
            fargate.task_definition.task_definition_arn,
            "What the service runs with",
        )

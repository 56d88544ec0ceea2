"""One environment: its stacks, and the one direction in which they use each other."""

import aws_cdk as cdk
from constructs import Construct

from stacks.bootstrap import qualifier
from stacks.budget import BudgetStack
from stacks.data import DataStack
from stacks.delivery import DeliveryStack
from stacks.knowledge import KnowledgeStack
from stacks.matching import MatchingStack
from stacks.observability import ObservabilityStack
from stacks.photos import PhotosStack
from stacks.service import ServiceStack
from stacks.settings import Environment


class CufitStage(cdk.Stage):
    """Stacks named cufit-<env>-<Stack>, as `settings` wants them."""

    def __init__(self, scope: Construct, *, settings: Environment) -> None:
        super().__init__(
            scope,
            f"cufit-{settings.name}",
            env=cdk.Environment(account=settings.account, region=settings.region),
        )
        # Read by the synthesizer of every stack below.
        self.node.set_context("@aws-cdk/core:bootstrapQualifier", qualifier(settings))
        data = DataStack(self, "Data", settings=settings)
        knowledge = KnowledgeStack(self, "Knowledge", settings=settings)
        matching = MatchingStack(
            self, "Matching", settings=settings, data=data, knowledge=knowledge
        )
        photos = PhotosStack(self, "Photos", settings=settings, data=data)
        service = ServiceStack(
            self, "Service", settings=settings, data=data, matching=matching, photos=photos
        )
        observability = ObservabilityStack(
            self,
            "Observability",
            settings=settings,
            matching=matching,
            photos=photos,
            service=service,
        )
        BudgetStack(
            self,
            "Budget",
            settings=settings,
            matching=matching,
            photos=photos,
            observability=observability,
        )
        if settings.delivery:
            DeliveryStack(self, "Delivery", settings=settings, delivery=settings.delivery)

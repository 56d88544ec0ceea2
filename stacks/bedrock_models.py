"""Which Bedrock models the configuration may name, and the ARNs that calling one touches."""

from dataclasses import dataclass

from cufit_contracts.results import SIMULATED_MODEL_PREFIX

EMBEDDING_DIMENSIONS: dict[str, tuple[int, ...]] = {
    "amazon.titan-embed-text-v2:0": (256, 512, 1024),
}
"""Embedding model to the vector sizes it offers (Bedrock user guide, Titan Text Embeddings V2)."""

DESTINATION_REGIONS: dict[str, tuple[str, ...]] = {
    "apac": (
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
    ),
}
"""Where a geographic inference profile called from Seoul may run (inference profiles guide)."""

GLOBAL = "global"


def is_simulated(model_id: str) -> bool:
    """True for the local stand-in's model, which no other environment may name."""
    return model_id.startswith(SIMULATED_MODEL_PREFIX)


@dataclass(frozen=True)
class GenerationModel:
    """A model asked for text: a foundation model in the region, or a cross-region profile."""

    model_id: str
    region: str
    account: str
    partition: str = "aws"

    @property
    def profile(self) -> str | None:
        """`apac` or `global` when the id is an inference profile's, else None."""
        prefix = self.model_id.split(".", 1)[0]
        return prefix if prefix == GLOBAL or prefix in DESTINATION_REGIONS else None

    @property
    def arn(self) -> str:
        """What RetrieveAndGenerate takes as modelArn."""
        if self.profile is None:
            return self._foundation_model(self.region)
        return (
            f"arn:{self.partition}:bedrock:{self.region}:{self.account}"
            f":inference-profile/{self.model_id}"
        )

    @property
    def foundation_model_arns(self) -> list[str]:
        """The model itself in every region a request may be routed to."""
        if self.profile is None:
            return [self._foundation_model(self.region)]
        if self.profile == GLOBAL:  # the region-less ARN stands for wherever it runs
            return [self._foundation_model(self.region), self._foundation_model("")]
        return [self._foundation_model(region) for region in DESTINATION_REGIONS[self.profile]]

    def _foundation_model(self, region: str) -> str:
        bare = self.model_id.split(".", 1)[1] if self.profile else self.model_id
        return f"arn:{self.partition}:bedrock:{region}::foundation-model/{bare}"

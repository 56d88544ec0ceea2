"""The stacks of one environment in a cloud assembly, in the order in which they are deployed."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from cufit_ops.templates import STAGE, stacks

Template = dict[str, Any]


@dataclass(frozen=True)
class SynthesizedStack:
    name: str
    """CloudFormation's: cufit-prod-Data."""
    selector: str
    """The CDK CLI's: cufit-prod/Data."""
    template: Template
    template_url: str
    """s3://BUCKET/KEY of the staged template; account and partition are written in."""
    execution_role: str
    """CloudFormation's, by ARN."""
    deploy_role: str
    """Of whoever asks CloudFormation, by ARN."""
    tags: Mapping[str, str]
    protected: bool = False
    """Whether it may not be deleted once it is there."""

    @property
    def imports(self) -> set[str]:
        """Names of the exports that the template refers to."""
        return set(_imports(self.template))

    @property
    def reads(self) -> dict[str, str]:
        """Parameters of the template that CloudFormation reads from SSM → the name there."""
        return {
            parameter: declared["Default"]
            for parameter, declared in self.template.get("Parameters", {}).items()
            if declared["Type"].startswith("AWS::SSM::Parameter::Value") and "Default" in declared
        }

    def published(self, logical_ids: Iterable[str]) -> set[str]:
        """Names of the SSM parameters among its resources `logical_ids`."""
        resources = self.template.get("Resources", {})
        found = [resources[logical_id] for logical_id in logical_ids if logical_id in resources]
        return {
            each["Properties"]["Name"]
            for each in found
            if each["Type"] == "AWS::SSM::Parameter" and "Name" in each["Properties"]
        }


def stacks_in_order(
    assembly: Path, environment: str, *, account: str, partition: str = "aws"
) -> list[SynthesizedStack]:
    """The stacks of `environment`, those that others import from first."""
    folder = assembly / f"{STAGE}{environment}"
    artifacts = {
        file.removesuffix(".template.json"): artifact for file, artifact in stacks(folder).items()
    }
    needs = {
        id_: [other for other in artifact.get("dependencies", []) if other in artifacts]
        for id_, artifact in artifacts.items()
    }

    def written(text: str) -> str:
        return text.replace("${AWS::AccountId}", account).replace("${AWS::Partition}", partition)

    found = []
    for id_ in TopologicalSorter(needs).static_order():
        artifact = artifacts[id_]
        properties = artifact["properties"]
        found.append(
            SynthesizedStack(
                name=properties["stackName"],
                selector=artifact["displayName"].partition(" ")[0],
                template=json.loads((folder / properties["templateFile"]).read_text()),
                template_url=written(properties["stackTemplateAssetObjectUrl"]),
                execution_role=written(properties["cloudFormationExecutionRoleArn"]),
                deploy_role=written(properties["assumeRoleArn"]),
                tags=properties.get("tags", {}),
                protected=properties.get("terminationProtection", False),
            )
        )
    return found


def digest(template: Template) -> str:
    """SHA-256 of a template, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(template, sort_keys=True).encode()).hexdigest()


def as_answered(template: Template) -> Template:
    """As CloudFormation's GetTemplate gives it back: `?` for each character beyond ASCII (aws-cdk
    2.1148.1, mangleLikeCloudFormation)."""
    text = json.dumps(template, ensure_ascii=False)
    answered: Template = json.loads(re.sub(r"[^\x00-\x7f]", "?", text))
    return answered


def _imports(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _imports(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "Fn::ImportValue" and isinstance(item, str):
                yield item
            else:
                yield from _imports(item)

"""The resources of one environment's templates, and which of them a value refers to."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cufit_ops.templates import STAGE, stacks

Address = tuple[str, str]
"""Stack and logical id."""


@dataclass(frozen=True)
class Account:
    """Every stack of one environment, with the exports by which they use each other."""

    stacks: dict[str, dict[str, Any]]
    """Stack → its template."""
    exports: dict[str, tuple[str, Any]]
    """Name → the stack that exports it, and the value."""

    @classmethod
    def read(cls, assembly: Path) -> "Account":
        """From the folder of one stage of a cloud assembly."""
        templates = {
            # cufit-prod/Data (cufit-prod-Data)
            artifact["displayName"].partition(" ")[0].rpartition("/")[2]: json.loads(
                (assembly / file).read_text(encoding="utf-8")
            )
            for file, artifact in stacks(assembly).items()
        }
        return cls.made_of(templates)

    @classmethod
    def of_environment(cls, assembly: Path, environment: str) -> "Account":
        """From a cloud assembly; without any stack where the environment is not in it."""
        return cls.read(assembly / f"{STAGE}{environment}")

    @classmethod
    def made_of(cls, templates: dict[str, dict[str, Any]]) -> "Account":
        """From templates by stack, such as GetTemplate answers."""
        exports = {
            output["Export"]["Name"]: (stack, output["Value"])
            for stack, template in templates.items()
            for output in template.get("Outputs", {}).values()
            if "Export" in output
        }
        return cls(templates, exports)

    def stack(self, name: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Logical id, type and properties of each resource of a stack."""
        for logical_id, resource in self.stacks.get(name, {}).get("Resources", {}).items():
            yield logical_id, resource["Type"], resource.get("Properties", {})

    def of(self, kind: str) -> Iterator[tuple[Address, dict[str, Any]]]:
        """Address and properties of each resource of a type."""
        # Asked hundreds of times a report: without self.stack, a fifth of the time.
        for stack, template in self.stacks.items():
            for logical_id, resource in template.get("Resources", {}).items():
                if resource["Type"] == kind:
                    yield (stack, logical_id), resource.get("Properties", {})

    def properties(self, address: Address) -> dict[str, Any]:
        stack, logical_id = address
        properties: dict[str, Any] = self.stacks[stack]["Resources"][logical_id]["Properties"]
        return properties

    def resource(self, address: Address) -> dict[str, Any]:
        """The whole resource; empty when there is none."""
        stack, logical_id = address
        found: dict[str, Any] = self.stacks.get(stack, {}).get("Resources", {}).get(logical_id, {})
        return found

    def taken_out(self, head: "Account") -> Iterator[tuple[Address, dict[str, Any]]]:
        """Each resource that `head` has no more, of the stacks that it still has: a stack that
        leaves the app stays deployed as it is."""
        for stack, template in self.stacks.items():
            for logical_id, resource in template.get("Resources", {}).items():
                if stack in head.stacks and not head.resource((stack, logical_id)):
                    yield (stack, logical_id), resource

    def referred(self, stack: str, value: Any) -> Iterator[Address]:
        """Every resource that `value`, of a template of `stack`, names by Ref, GetAtt or import, or
        by a parameter of the template that is read from SSM."""
        if isinstance(value, list):
            for item in value:
                yield from self.referred(stack, item)
        elif isinstance(value, dict):
            for key, item in value.items():
                if key == "Ref":
                    if item in self.stacks[stack]["Resources"]:
                        yield stack, item
                    elif published := self.published(stack, item):
                        yield from self.referred(*published)
                elif key == "Fn::GetAtt":
                    yield stack, resource_of(item)
                elif key == "Fn::ImportValue":
                    yield from self._imported(item)
                else:
                    yield from self.referred(stack, item)

    def _imported(self, name: Any) -> Iterator[Address]:
        """Nothing of an export that is another app's, or gone."""
        if isinstance(name, str) and name in self.exports:
            yield from self.referred(*self.exports[name])

    def published(self, stack: str, parameter: str) -> tuple[str, Any] | None:
        """Stack and value of the SSM parameter that a parameter of a template is read from."""
        declared = self.stacks[stack].get("Parameters", {}).get(parameter, {})
        if not declared.get("Type", "").startswith("AWS::SSM::Parameter::Value"):
            return None
        for (other, _), properties in self.of("AWS::SSM::Parameter"):
            if properties.get("Name") == declared.get("Default"):
                return other, properties.get("Value")
        return None

    def owners(self) -> Iterator[tuple[Address, Address]]:
        """What runs, and the role it runs with."""
        for address, function in self.of("AWS::Lambda::Function"):
            for role in self.referred(address[0], function["Role"]):
                yield address, role
        for address, knowledge_base in self.of("AWS::Bedrock::KnowledgeBase"):
            for role in self.referred(address[0], knowledge_base["RoleArn"]):
                yield address, role
        for address, service in self.of("AWS::ECS::Service"):
            for task in self.referred(address[0], service["TaskDefinition"]):
                for role in self.referred(task[0], self.properties(task)["TaskRoleArn"]):
                    yield address, role


def resource_of(attribute: Any) -> str:
    """Logical id that a GetAtt names, written as a list or as `Id.Attribute`."""
    named = attribute if isinstance(attribute, list) else str(attribute).split(".")
    return str(named[0])

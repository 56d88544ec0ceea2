"""The synthesized app as the tests read it: plain templates by environment and stack."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from stacks.settings import Environment

Resource = dict[str, Any]

STACKS = ("Data", "Knowledge", "Matching", "Photos", "Service", "Observability", "Budget")
"""Of every environment; Delivery is in one environment per account."""


@dataclass(frozen=True)
class Synthesized:
    """One environment's templates."""

    settings: Environment
    folder: Path

    @cached_property
    def templates(self) -> dict[str, dict[str, Any]]:
        """Template by stack id."""
        manifest = json.loads((self.folder / "manifest.json").read_text())
        return {
            artifact["displayName"].rpartition("/")[2].partition(" ")[0]: json.loads(
                (self.folder / artifact["properties"]["templateFile"]).read_text()
            )
            for artifact in manifest["artifacts"].values()
            if artifact["type"] == "aws:cloudformation:stack"
        }

    def resources(self, kind: str, stack: str | None = None) -> dict[str, Resource]:
        """Resources of type `kind` by logical id, of one stack or of all."""
        return {
            logical_id: resource
            for name, template in self.templates.items()
            if stack in (None, name)
            for logical_id, resource in template["Resources"].items()
            if resource["Type"] == kind
        }

    def properties(self, kind: str, stack: str | None = None) -> list[dict[str, Any]]:
        return [found.get("Properties", {}) for found in self.resources(kind, stack).values()]

    def only(self, kind: str, stack: str | None = None) -> dict[str, Any]:
        """The properties of the one resource of type `kind`."""
        (properties,) = self.properties(kind, stack)
        return properties

    def function(self, name: str) -> dict[str, Any]:
        """Properties of the function that runs lambdas/<name>."""
        (found,) = (f for f in self.functions if f["Handler"] == f"{name}.handler.handler")
        return found

    @property
    def functions(self) -> list[dict[str, Any]]:
        return self.properties("AWS::Lambda::Function")

    def statements(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every statement of every IAM policy, with the logical id of the role it belongs to."""
        for properties in self.properties("AWS::IAM::Policy"):
            for role in properties["Roles"]:
                for statement in properties["PolicyDocument"]["Statement"]:
                    yield role["Ref"], statement

    def allowed(self, role: str) -> dict[str, list[str]]:
        """Action to the resources (as JSON text) on which the role named so may do it."""
        allowed: dict[str, list[str]] = {}
        for owner, statement in self.statements():
            if owner.startswith(role):
                for action in as_list(statement["Action"]):
                    allowed.setdefault(action, []).extend(
                        json.dumps(resource) for resource in as_list(statement["Resource"])
                    )
        return allowed


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

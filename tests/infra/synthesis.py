"""The synthesized app as the tests read it: plain templates by environment and stack."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cufit_ops.template_graph import Account, Address
from stacks.settings import Environment

Resource = dict[str, Any]

STACKS = ("Data", "Knowledge", "Matching", "Photos", "Service", "Observability", "Budget")
"""Of every environment; Delivery is in those that GitHub may deploy."""


@dataclass(frozen=True)
class Synthesized:
    """One environment's templates."""

    settings: Environment
    folder: Path

    @cached_property
    def account(self) -> Account:
        return Account.read(self.folder)

    @property
    def templates(self) -> dict[str, dict[str, Any]]:
        """Template by stack id."""
        return self.account.stacks

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

    def referred(self, kind: str, part: str) -> set[Address]:
        """What `part` of the resources of type `kind` refers to; nothing where it is missing."""
        return {
            address
            for (stack, _), properties in self.account.of(kind)
            for address in self.account.referred(stack, properties.get(part))
        }

    def statements(self) -> Iterator[tuple[Address, dict[str, Any]]]:
        """Every statement of every IAM policy, with the role it belongs to.

        A role that no template makes goes by its name, in the place of a logical id.
        """
        for (stack, _), policy in self.account.of("AWS::IAM::Policy"):
            for given in policy["Roles"]:
                made = [*self.account.referred(stack, given)]
                for role in made or [(stack, self.written_out(stack, given))]:
                    for statement in policy["PolicyDocument"]["Statement"]:
                        yield role, statement

    def written_out(self, stack: str, value: Any) -> str:
        """An ARN of a template of `stack`, with what it refers to named by stack and id."""
        if isinstance(value, str):
            return value
        if "Fn::Join" in value:
            separator, parts = value["Fn::Join"]
            return str(separator).join(self.written_out(stack, part) for part in parts)
        for address in self.account.referred(stack, value):
            return plain(address)
        return f"{{{value['Ref'].removeprefix('AWS::')}}}" if "Ref" in value else json.dumps(value)


def plain(address: Address) -> str:
    """Data/Members: without the digest that CDK appends to a logical id."""
    stack, logical_id = address
    return f"{stack}/{re.sub(r'[0-9A-F]{8}$', '', logical_id)}"


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]

"""The resources of one environment's templates, and which of them a value refers to."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Address = tuple[str, str]
"""Stack and logical id."""

_FILE = re.compile(r"(?P<stack>\w+?)[0-9A-F]{8}\.template\.json")


@dataclass(frozen=True)
class Account:
    """Every stack of one environment, with the exports by which they use each other."""

    stacks: dict[str, dict[str, Any]]
    """Stack → its template."""
    exports: dict[str, tuple[str, Any]]
    """Name → the stack that exports it, and the value."""

    @classmethod
    def read(cls, assembly: Path, prefix: str) -> "Account":
        """From the folder of one stage, whose file names begin with `prefix`."""
        stacks, exports = {}, {}
        for path in sorted(assembly.glob(f"{prefix}*.template.json")):
            match = _FILE.fullmatch(path.name.removeprefix(prefix))
            stack = match["stack"] if match else path.name
            stacks[stack] = json.loads(path.read_text(encoding="utf-8"))
            for output in stacks[stack].get("Outputs", {}).values():
                if "Export" in output:
                    exports[output["Export"]["Name"]] = (stack, output["Value"])
        return cls(stacks, exports)

    def stack(self, name: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Logical id, type and properties of each resource of a stack."""
        for logical_id, resource in self.stacks.get(name, {}).get("Resources", {}).items():
            yield logical_id, resource["Type"], resource.get("Properties", {})

    def of(self, kind: str) -> Iterator[tuple[Address, dict[str, Any]]]:
        """Address and properties of each resource of a type."""
        for stack in self.stacks:
            for logical_id, found, properties in self.stack(stack):
                if found == kind:
                    yield (stack, logical_id), properties

    def properties(self, address: Address) -> dict[str, Any]:
        stack, logical_id = address
        properties: dict[str, Any] = self.stacks[stack]["Resources"][logical_id]["Properties"]
        return properties

    def referred(self, stack: str, value: Any) -> Iterator[Address]:
        """Every resource that `value`, of a template of `stack`, names by Ref, GetAtt or import."""
        if isinstance(value, list):
            for item in value:
                yield from self.referred(stack, item)
        elif isinstance(value, dict):
            for key, item in value.items():
                if key == "Ref":
                    if item in self.stacks[stack]["Resources"]:
                        yield stack, item
                elif key == "Fn::GetAtt":
                    yield stack, item[0]
                elif key == "Fn::ImportValue":
                    yield from self.referred(*self.exports[item])
                else:
                    yield from self.referred(stack, item)

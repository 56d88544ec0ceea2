"""What CloudFormation's schemas say of a resource type, from the copies that cfn-lint brings.

`python -m cufit_ops.resource_schemas [TYPE …]` writes what the embedded AWS, which runs without
cfn-lint, has to know into ops/embedded_aws/create_only.json: of every type it held before, of those
of config/, and of those named.
"""

import json
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from cufit_ops.templates import synthesize, templates
from cufit_ops.workspace import ROOT

FOR_THE_EMBEDDED_AWS = ROOT / "ops/embedded_aws/create_only.json"

REGION = "ap-northeast-2"

Path_ = tuple[str, ...]
"""Names from a resource's properties down; `*` stands for every member of a list."""


@dataclass(frozen=True)
class Limits:
    """What a type's properties, those that stand by themselves, may be; empty: nothing is known."""

    names: frozenset[str] = frozenset()
    closed: bool = False
    """There are no others than `names`."""
    required: tuple[str, ...] = ()
    ranges: Mapping[str, tuple[float | None, float | None]] = field(default_factory=dict)
    """Least and most."""
    legal: Mapping[str, tuple[str | int, ...]] = field(default_factory=dict)
    """The only values."""


def limits(resource_type: str) -> Limits:
    schema = _schema(resource_type)
    found: dict[str, dict[str, Any]] = schema.get("properties", {})
    return Limits(
        names=frozenset(found),
        closed=bool(found) and schema.get("additionalProperties") is False,
        required=tuple(schema.get("required", ())),
        ranges={
            name: (one.get("minimum"), one.get("maximum"))
            for name, one in found.items()
            if "minimum" in one or "maximum" in one
        },
        legal={name: tuple(one["enum"]) for name, one in found.items() if "enum" in one},
    )


def source() -> str:
    """Whose copy it is: CloudFormation may know more by now."""
    return f"cfn-lint {version('cfn-lint')}"


def create_only(resource_type: str) -> list[Path_]:
    """Properties that no update changes: another value makes another resource. Unknown: none."""
    return _paths(resource_type, "createOnlyProperties")


def may_create_only(resource_type: str) -> list[Path_]:
    """Properties of which some new values make another resource, such as a table's keys."""
    return _paths(resource_type, "conditionalCreateOnlyProperties")


def names(resource_type: str) -> list[Path_]:
    """Properties that tell one resource of the type from another, given or made by AWS."""
    return _paths(resource_type, "primaryIdentifier")


def for_the_embedded_aws(resource_types: set[str]) -> dict[str, dict[str, list[str]]]:
    """Paths as `Name/Name`, by type."""
    return {
        kind: {
            "create_only": ["/".join(path) for path in create_only(kind)],
            "name": ["/".join(path) for path in names(kind)],
        }
        for kind in sorted(resource_types)
        if _schema(kind)
    }


def resource_types(assembly: Path) -> set[str]:
    """Of every template of a cloud assembly."""
    return {
        resource["Type"]
        for file in templates(assembly)
        for resource in json.loads(file.read_text(encoding="utf-8"))["Resources"].values()
    }


def _paths(resource_type: str, keyword: str) -> list[Path_]:
    pointers: list[str] = _schema(resource_type).get(keyword, [])
    return [tuple(pointer.split("/")[2:]) for pointer in pointers]  # /properties/Name


@cache
def _schema(resource_type: str) -> dict[str, Any]:
    found = _files().get(resource_type)
    if found is None:
        return {}
    content = (_folder() / "resources" / f"{found}.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(content)
    return schema


@cache
def _files() -> dict[str, str]:
    """Type → name of its file, in REGION."""
    content = (_folder() / "providers" / f"{REGION}.json").read_text(encoding="utf-8")
    found: dict[str, str] = json.loads(content)
    return found


def _folder() -> Path:
    """Found, not imported: cfn-lint takes half a second to load."""
    package = find_spec("cfnlint")
    if package is None or not package.submodule_search_locations:
        raise FileNotFoundError("cfn-lint is not installed; run `make install`")
    return Path(package.submodule_search_locations[0]) / "data/schemas"


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        synthesize(ROOT, Path(folder), validate=False)
        kinds = resource_types(Path(folder))
    known = json.loads(FOR_THE_EMBEDDED_AWS.read_text()) if FOR_THE_EMBEDDED_AWS.exists() else {}
    content = for_the_embedded_aws(kinds | set(known) | set(sys.argv[1:]))
    FOR_THE_EMBEDDED_AWS.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

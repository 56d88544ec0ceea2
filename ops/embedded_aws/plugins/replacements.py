"""A changed property that only creation can set makes another resource, of whatever type.

MiniStack knows these properties of some types and changes the others in place. Here they come from
CloudFormation's schemas (`create_only.json`, written by `python -m cufit_ops.resource_schemas`).
The new resource is created while the old one stands, which is deleted after the update or stays
when it fails, as on AWS; so a name that a template gives cannot be kept.
"""

import json
from pathlib import Path
from typing import Any

from ministack.services.cloudformation import provisioners, stacks

from embedded_aws.plugins.resource_types import Properties, Provisioned

SCHEMAS: dict[str, dict[str, list[str]]] = json.loads(
    (Path(__file__).parents[1] / "create_only.json").read_text(encoding="utf-8")
)


def apply() -> None:
    known, replace = provisioners._replacing_change, provisioners._replace_resource

    def replacing_change(resource_type: str, old: Properties, new: Properties) -> bool:
        schema = SCHEMAS.get(resource_type)
        if schema is None:
            return bool(known(resource_type, old, new))
        return any(_at(path, old) != _at(path, new) for path in schema["create_only"])

    def replace_resource(
        resource_type: str, physical_id: str, old: Properties, new: Properties, *where: Any
    ) -> Provisioned:
        if name := _kept_name(resource_type, old, new):
            # The words of CloudFormation's own events.
            raise ValueError(
                "CloudFormation cannot update a stack when a custom-named resource requires "
                f"replacing. Rename {name} and update the stack again."
            )
        made: Provisioned = replace(resource_type, physical_id, old, new, *where)
        return made

    provisioners._replacing_change = stacks._replacing_change = replacing_change
    provisioners._replace_resource = replace_resource


def _kept_name(resource_type: str, old: Properties, new: Properties) -> str | None:
    """The name by which AWS knows the resource, when the template gives it and keeps it."""
    paths = SCHEMAS.get(resource_type, {"name": []})["name"]
    given = [_at(path, new) for path in paths]
    if not given or None in given or given != [_at(path, old) for path in paths]:
        return None
    return "|".join(map(str, given))


def _at(path: str, properties: Any) -> Any:
    """The value at `Name/Name`, a list of them for `*`, or None."""
    value = properties
    names = path.split("/")
    for at, name in enumerate(names):
        if name == "*":
            rest = "/".join(names[at + 1 :])
            return [_at(rest, member) for member in value] if isinstance(value, list) else None
        value = value.get(name) if isinstance(value, dict) else None
    return value

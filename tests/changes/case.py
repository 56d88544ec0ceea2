"""A change of templates that somebody might make, and what its reader must see at first glance."""

import copy
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from zlib import crc32

from cufit_ops.review.change import Side
from cufit_ops.review.comparison import Pair
from cufit_ops.review.findings import Topic
from cufit_ops.template_graph import Account
from tests.deployments.edits import with_keys

Templates = dict[str, dict[str, Any]]
"""Stack → template, of tests/fixtures/config's dev or prod as synthesized."""


@dataclass(frozen=True)
class Case:
    name: str
    environment: Literal["dev", "prod"]
    edit: Callable[[Templates], None]
    """Changes a copy of the templates in place."""
    first_screen: tuple[tuple[Topic, str], ...] = ()
    """Topic, and a regular expression that an English sentence on the first screen must match."""
    dangerous: bool = False
    """Whether something must be called dangerous; nothing may be otherwise."""
    flipped: bool = False
    """The edited templates are the base, and the synthesized ones what comes of them."""
    configuration: Mapping[str, Any] = field(default_factory=dict)
    """Keys of the environment's file that change along: `fargate.cpu` → value, None: left out."""
    seldom: bool = False
    """Asked by `make changes` alone: in the gate the same of the other environment is."""

    def pair(self, templates: Templates, configuration: dict[str, Any]) -> Pair:
        """The two versions. `configuration` is the environment's file as read."""
        edited = copy.deepcopy(templates)
        self.edit(edited)
        sides = [
            Side(Account.made_of(templates), configuration=configuration),
            Side(
                Account.made_of(edited), configuration=with_keys(configuration, self.configuration)
            ),
        ]
        if self.flipped:
            sides.reverse()
        return Pair(self.environment, *sides)


def both(
    name: str,
    edit: Callable[[Templates], None],
    first_screen: tuple[tuple[Topic, str], ...] = (),
    *,
    dangerous: bool = False,
    flipped: bool = False,
) -> tuple[Case, Case]:
    """The same in dev and prod. In the gate about half are asked of dev, the rest of prod."""
    dev_first = crc32(name.encode()) % 2 == 0
    return (
        Case(f"{name} (dev)", "dev", edit, first_screen, dangerous, flipped, seldom=not dev_first),
        Case(f"{name} (prod)", "prod", edit, first_screen, dangerous, flipped, seldom=dev_first),
    )


def logical_id(templates: Templates, name: str) -> tuple[str, str]:
    """Stack and logical id of `Data/Candidates`: a name goes without the digest CDK appends."""
    stack, _, stem = name.partition("/")
    pattern = re.compile(rf"{stem}([0-9A-F]{{8}})?")
    (found,) = (id_ for id_ in templates[stack]["Resources"] if pattern.fullmatch(id_))
    return stack, found


def resource(templates: Templates, name: str) -> dict[str, Any]:
    """The whole resource, to change in place; `name` as in logical_id."""
    stack, found = logical_id(templates, name)
    whole: dict[str, Any] = templates[stack]["Resources"][found]
    return whole


def properties(templates: Templates, name: str) -> dict[str, Any]:
    """Its properties, to change in place."""
    whole: dict[str, Any] = resource(templates, name).setdefault("Properties", {})
    return whole


def of_type(templates: Templates, kind: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Stack, logical id and resource of each of a type."""
    for stack, template in templates.items():
        for id_, found in template["Resources"].items():
            if found["Type"] == kind:
                yield stack, id_, found


def without(name: str) -> Callable[[Templates], None]:
    """The edit that takes a resource out; `name` as in logical_id."""

    def edit(templates: Templates) -> None:
        stack, found = logical_id(templates, name)
        del templates[stack]["Resources"][found]

    return edit


def renamed(templates: Templates, name: str, stem: str) -> None:
    """Give a resource another logical id, and everything that refers to it, imports included."""
    stack, old = logical_id(templates, name)
    new = f"{stem}0A1B2C3D"
    for other, template in templates.items():
        templates[other] = _with_other_ids(template, old, new)
    template = templates[stack]
    template["Resources"] = {
        new if id_ == old else id_: found for id_, found in template["Resources"].items()
    }


def _with_other_ids(value: Any, old: str, new: str) -> Any:
    """Of outputs and exports too, as CDK names them after the logical id."""
    if isinstance(value, dict):
        return {
            key.replace(old, new) if key.startswith("ExportsOutput") else key: _with_other_ids(
                item, old, new
            )
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_with_other_ids(item, old, new) for item in value]
    if not isinstance(value, str):
        return value
    # One without a digest, such as KnowledgeBase, is a part of other words too.
    return (
        value.replace(old, new)
        if re.search(r"[0-9A-F]{8}$", old)
        else new
        if value == old
        else value
    )

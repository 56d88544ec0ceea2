"""Last of all: whatever a role asked for on the laptop is in the lists of what roles do."""

import json
from collections.abc import Iterator
from typing import Any

from cufit_ops.access.granted import Portable, holders
from cufit_ops.access.used import HERE, Used
from cufit_ops.laptop.environment import client
from cufit_ops.review.names import stem
from cufit_ops.review.permissions.patterns import contains
from cufit_ops.review.permissions.resolved import ACCOUNT, Names
from cufit_ops.review.permissions.sources import Sources
from cufit_ops.template_graph import Account
from stacks.settings import LOCAL
from tests.e2e.conftest import Running

FILE = "calls.jsonl"
"""As ops/embedded_aws/plugins/calls_by_role.py writes it."""

ROLES = {"service", "match_worker", "profile_indexer", "photo_upload_url", "photo_processor"}
"""Whose code runs in every journey."""


def test_every_call_of_every_role_is_known(running: Running) -> None:
    lists, heard = Used.read(HERE), list(_calls(running))
    unknown = [
        f"{holder}: {action} on {on}, {sorted(attributes) if attributes else 'no attributes'}"
        for holder, action, on, attributes in heard
        if not any(
            use.action == action
            and contains(use.on, on)
            and (use.attributes is None or attributes is None or attributes <= use.attributes)
            for use in lists.by_holder.get(holder, ())
        )
    ]
    assert not unknown, "\n".join(
        [*unknown, "", "Let a flow of tests/drills do what asked for it: make approve LIST=used"]
    )
    assert {holder for holder, *_ in heard} >= ROLES


def _calls(running: Running) -> Iterator[tuple[str, str, str, set[str] | None]]:
    """Holder, action, resource, attributes."""
    cloudformation = client("cloudformation", running.workspace)
    stacks = [
        one["StackName"]
        for one in cloudformation.describe_stacks()["Stacks"]
        if one["StackName"].startswith(f"cufit-{LOCAL}-")
    ]
    templates: dict[str, Any] = {}
    addresses: dict[str, tuple[str, str]] = {}
    for name in stacks:
        stack = name.removeprefix(f"cufit-{LOCAL}-")
        body = cloudformation.get_template(StackName=name)["TemplateBody"]
        templates[stack] = json.loads(body) if isinstance(body, str) else body
        for one in cloudformation.describe_stack_resources(StackName=name)["StackResources"]:
            physical = str(one["PhysicalResourceId"]).rpartition("/")[2]
            addresses[physical] = stack, one["LogicalResourceId"]
    names = Names(Account.made_of(templates), LOCAL)
    who, words = holders(Sources.of(names)), Portable(names)
    for line in (running.workspace.state / "aws" / FILE).read_text(encoding="utf-8").splitlines():
        call = json.loads(line)
        arn = str(call["resource"]).replace("123456789012", ACCOUNT)
        for physical in sorted(addresses, key=len, reverse=True):
            stack, logical_id = addresses[physical]
            arn = arn.replace(physical, f"cufit-{LOCAL}-{stack}-{stem(logical_id)}-{{id}}")
        attributes = call["attributes"]
        role = addresses.get(call["role"])
        holder = who.get(role, call["role"]) if role else call["role"]
        yield holder, call["action"], words.text(arn), set(attributes) if attributes else None

"""Last of all: whatever a role asked for on the laptop is in the lists of what roles do."""

import json
from collections.abc import Iterator
from typing import Any

from cufit_ops.access.granted import holders
from cufit_ops.access.portable import Portable
from cufit_ops.access.used import HERE, Used
from cufit_ops.laptop.environment import client
from cufit_ops.review.permissions.patterns import contains
from cufit_ops.review.permissions.resolved import ACCOUNT, Names
from cufit_ops.review.permissions.sources import Sources
from cufit_ops.template_graph import Account, Address
from stacks.settings import LOCAL
from tests.e2e.conftest import Running

FILE = "calls.jsonl"
"""As ops/embedded_aws/plugins/calls_by_role.py writes it."""

ACCOUNT_ID = "123456789012"

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
    """Holder, action, resource, attributes; of the roles that the templates make."""
    templates, named = _deployed(client("cloudformation", running.workspace))
    names = Names(Account.made_of(templates), LOCAL)
    who, words = holders(Sources.of(names)), Portable(names)
    lines = (running.workspace.state / "aws" / FILE).read_text(encoding="utf-8").splitlines()
    for call in map(json.loads, lines):
        role, arn = named.get(call["role"]), call["resource"].replace(ACCOUNT_ID, ACCOUNT)
        if role is None:
            continue  # of `cdk bootstrap`
        for physical, address in named.items():
            arn = arn.replace(physical, names.name(address))
        attributes = call["attributes"]
        yield who[role], call["action"], words.text(arn), set(attributes) if attributes else None


def _deployed(cloudformation: Any) -> tuple[dict[str, Any], dict[str, Address]]:
    """Templates by stack; and what has a name, or an id like no other, in the order in which one
    may stand for another's beginning."""
    start = f"cufit-{LOCAL}-"
    templates: dict[str, Any] = {}
    named: dict[str, Address] = {}
    for one in cloudformation.describe_stacks()["Stacks"]:
        if not one["StackName"].startswith(start):
            continue
        stack = one["StackName"].removeprefix(start)
        body = cloudformation.get_template(StackName=one["StackName"])["TemplateBody"]
        templates[stack] = json.loads(body) if isinstance(body, str) else body
        made = cloudformation.describe_stack_resources(StackName=one["StackName"])
        for resource in made["StackResources"]:
            physical = str(resource["PhysicalResourceId"]).rpartition("/")[2]
            is_base = resource["ResourceType"] == "AWS::Bedrock::KnowledgeBase"
            if physical.lower().startswith(start) or is_base:
                named[physical] = stack, resource["LogicalResourceId"]
    return templates, dict(sorted(named.items(), key=lambda one: -len(one[0])))

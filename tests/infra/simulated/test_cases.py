"""Cases of tests/changes before and after, asked of the policy simulator: what the report calls
wider was refused and is allowed, and what it calls the same is allowed and refused as before."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from cufit_ops.template_graph import Account
from tests.changes import permissions, rewordings, sharing
from tests.changes.case import Case, logical_id
from tests.infra.simulated.needs import as_role
from tests.infra.simulated.policies import IDENTITY, TRUST, Policies, actions_of
from tests.infra.simulated.requests import Request
from tests.infra.simulated.simulator import Questions
from tests.infra.synthesis import Synthesized, as_list

CASES: Mapping[str, Case] = {
    case.name: case
    for module in (permissions, sharing, rewordings)
    for case in module.CASES
    if case.environment == "dev"
}
ASKED: Mapping[str, tuple[str, str, str, dict[str, Any]]] = {
    "match_worker deletes candidates": (
        "Matching/MatchWorkerRole", "dynamodb:DeleteItem", "Data/Candidates", {},
    ),
    "every action on uploads": (
        "Photos/PhotoProcessorRole", "s3:PutObject", "Data/PhotoBucket/incoming/x", {},
    ),
    "every deletion": (
        "Matching/MatchWorkerRole", "dynamodb:DeleteItem", "Data/Idempotency", {},
    ),
    "every table": ("Photos/PhotoUploadUrlRole", "dynamodb:PutItem", "Data/Candidates", {}),
    "a prefix becomes the bucket": (
        "Photos/PhotoProcessorRole", "s3:GetObject", "Data/PhotoBucket/photos/x", {},
    ),
    "a condition is gone": ("Matching/MatchWorkerRole", "dynamodb:GetItem", "Data/Candidates", {}),
    "one more field": (
        "Matching/MatchWorkerRole", "dynamodb:GetItem", "Data/Candidates",
        {"dynamodb:Attributes": ["phone"], "dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
    ),
    "NotAction": ("Photos/PhotoProcessorRole", "dynamodb:DeleteItem", "Data/Photos", {}),
    "NotResource": ("Photos/PhotoProcessorRole", "dynamodb:UpdateItem", "Data/Candidates", {}),
    "anyone reads photos": (
        "Observability/HeartbeatRole", "s3:GetObject", "Data/PhotoBucket/photos/x", {},
    ),
}  # fmt: skip
"""Case → who asks for what, of which resource, with what told."""

SAME = [
    "statements and lists reversed", "lists of one", "a statement for each action",
    "actions in small letters", "statements with names", "every statement twice",
    "a policy of another logical id", "a policy in two halves",
    "everyone by another name",
]  # fmt: skip

Sides = Callable[[str], tuple[Policies, Policies]]


@pytest.fixture(scope="module")
def sides(samples: Mapping[str, Synthesized]) -> Sides:
    """Policies before and after a case."""
    sample = samples["dev"]

    def found(name: str) -> tuple[Policies, Policies]:
        pair = CASES[f"{name} (dev)"].pair(sample.templates, {})
        assert pair.base
        assert pair.head
        return _policies(sample, pair.base.account), _policies(sample, pair.head.account)

    return found


def _policies(sample: Synthesized, account: Account) -> Policies:
    other = Synthesized(sample.settings, sample.folder)
    other.__dict__["account"] = account
    return Policies.of(other)


def test_what_is_called_wider_was_refused_and_is_allowed(sides: Sides) -> None:
    questions = Questions()
    asked = {
        name: [
            questions.add(policies, _request(policies, *about)) for policies in sides(name)
        ]
        for name, about in ASKED.items()
    }  # fmt: skip
    trusted = "another service becomes match_worker"
    asked[trusted] = [questions.add(one, _becomes(one)) for one in sides(trusted)]
    questions.ask()
    found = {name: [questions.is_allowed(one) for one in both] for name, both in asked.items()}
    assert found == {name: [False, True] for name in found}


def test_what_is_called_the_same_is_allowed_and_refused_as_before(sides: Sides) -> None:
    questions = Questions()
    asked = []
    for name in SAME:
        before, after = sides(name)
        asked += [
            (name, request, questions.add(before, request), questions.add(after, request))
            for request in _requests(before)
        ]
    questions.ask()
    assert len(questions) > 100
    for name, request, old, new in asked:
        assert questions.is_allowed(old) == questions.is_allowed(new), f"{name}: {request}"
    assert {questions.is_allowed(old) for _, _, old, _ in asked} == {True, False}


def _request(
    policies: Policies, role: str, action: str, resource: str, context: dict[str, Any]
) -> Request:
    templates = policies.environment.templates
    stack, name, *rest = resource.split("/")
    arn = policies.naming.arn_of(logical_id(templates, f"{stack}/{name}"))
    full = "/".join([arn, *rest])
    return as_role(policies, logical_id(templates, role), "asks", action, full, context=context)


def _becomes(policies: Policies) -> Request:
    role = logical_id(policies.environment.templates, "Matching/MatchWorkerRole")
    arn = policies.naming.arn_of(role)
    return Request(
        "a server starts", "ec2.amazonaws.com", "sts:AssumeRole", arn, guard=(TRUST, role)
    )


def _requests(policies: Policies) -> Iterator[Request]:
    """Of code: each action of each statement on each of its resources, and a neighbour of each."""
    for (kind, holder), held in policies.held.items():
        if kind != IDENTITY or holder[0] == "Delivery" or holder not in policies.roles():
            continue
        for statement in held:
            for resource in as_list(statement["Resource"]):
                streams = (
                    resource.replace(":*", ":log-stream:x") if ":logs:" in resource else resource
                )
                named = streams if streams == "*" else streams.replace("*", "x")
                others = [] if named == "*" else [f"{named}-other"]
                for action in actions_of(statement):
                    for name in (named, *others):
                        yield as_role(policies, holder, "asks", action, name)

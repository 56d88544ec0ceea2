"""What the report says of permissions, held against the policy simulator.

Random policies, and the same in other words: what the simulator allows after and not before has a
finding, and what means the same has none. Then cases of tests/changes, each asked by a request.
"""

import json
import subprocess
from collections.abc import Iterable, Sequence
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from cufit_ops import cdk
from cufit_ops.review.permissions.comparison import gains, unrefused
from cufit_ops.review.permissions.statements import grants
from tests.infra.simulated.simulator import ALLOWED, SCRIPT

Statement = dict[str, Any]
Policy = list[Statement]

ARN = "arn:aws:dynamodb:ap-northeast-2:111122223333:table/"
ROLE = "arn:aws:iam::111122223333:role/made-up"
TABLES = ("cufit-Members", "cufit-Candidates", "others")
ACTIONS = ("GetItem", "PutItem", "DeleteItem", "DeleteTable", "Query")
CONTEXTS: tuple[dict[str, Any], ...] = tuple(
    {"aws:SecureTransport": secure, "aws:PrincipalTag/team": team, "aws:SourceIp": address}
    for secure, team, address in (
        ("true", "makers", "10.0.0.1"),
        ("true", "candidates", "203.0.113.9"),
        ("false", "makers", "203.0.113.9"),
        ("false", "candidates", "10.0.0.1"),
    )
)
REQUESTS = [*product(ACTIONS, TABLES, range(len(CONTEXTS)))]
POLICIES = 12
"""Pairs of policies in one question to the simulator."""

_WRITTEN = ("GetItem", "PutItem", "DeleteItem", "Query", "Delete*", "*Item", "*", "getitem")
_PATTERNS = ("cufit-Members", "cufit-Candidates", "cufit-*", "*", "cufit-?embers", "others")
_CONDITIONS: tuple[dict[str, Any], ...] = (
    {},
    {"Bool": {"aws:SecureTransport": "true"}},
    {"StringEquals": {"aws:PrincipalTag/team": "makers"}},
    {"StringEquals": {"aws:PrincipalTag/team": ["makers", "candidates"]}},
    {"StringLike": {"aws:PrincipalTag/team": "m*"}},
    {"StringNotEquals": {"aws:PrincipalTag/team": "makers"}},
    {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}},
    {"IpAddress": {"aws:SourceIp": "10.0.0.0/24"}, "Bool": {"aws:SecureTransport": "true"}},
    {"StringEqualsIfExists": {"aws:PrincipalTag/team": "makers"}},
)


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    actions = draw(st.lists(st.sampled_from(_WRITTEN), min_size=1, max_size=3, unique=True))
    resources = draw(st.lists(st.sampled_from(_PATTERNS), min_size=1, max_size=2, unique=True))
    condition = draw(st.sampled_from(_CONDITIONS))
    return {
        "Effect": draw(st.sampled_from(("Allow", "Allow", "Allow", "Deny"))),
        draw(st.sampled_from(("Action", "Action", "Action", "NotAction"))): [
            f"dynamodb:{one}" for one in actions
        ],
        draw(st.sampled_from(("Resource", "Resource", "Resource", "NotResource"))): [
            f"{ARN}{one}" for one in resources
        ],
        **({"Condition": condition} if condition else {}),
    }


@st.composite
def rewritten(draw: st.DrawFn, policy: Policy) -> Policy:
    """The same in other words: split by action or resource, reversed, twice, in small letters."""
    found: Policy = []
    for one in policy:
        parts = [one]
        for name in ("Action", "Resource"):
            if name in one and draw(st.booleans()):
                parts = [{**part, name: value} for part in parts for value in part[name]]
        found += parts
    if draw(st.booleans()):
        found.append(draw(st.sampled_from(found)))
    if draw(st.booleans()):
        found = [{**one, "Sid": f"Number{number}"} for number, one in enumerate(found)]
    for one in found:
        if "Action" in one and draw(st.booleans()):
            text = json.dumps(one["Action"]).lower()
            one["Action"] = json.loads(text)
    return draw(st.permutations(found))


policies = st.lists(statements(), min_size=1, max_size=4)
pairs = st.lists(st.tuples(policies, policies), min_size=POLICIES, max_size=POLICIES)


@settings(max_examples=3, derandomize=True)
@given(pairs)
def test_what_more_is_allowed_is_found(drawn: list[tuple[Policy, Policy]]) -> None:
    allowed = simulated([policy for pair in drawn for policy in pair])
    for number, (before, after) in enumerate(drawn):
        more = allowed[2 * number + 1] - allowed[2 * number]
        assert not more or is_wider(before, after), f"{sorted(more)[:3]}: {before} → {after}"


@settings(max_examples=3, derandomize=True)
@given(st.data())
def test_the_same_in_other_words_is_not(data: st.DataObject) -> None:
    drawn = data.draw(st.lists(policies, min_size=POLICIES, max_size=POLICIES))
    again = [data.draw(rewritten(policy)) for policy in drawn]
    allowed = simulated([*drawn, *again])
    for number, (policy, other) in enumerate(zip(drawn, again, strict=True)):
        assert allowed[number] == allowed[number + POLICIES]
        assert not is_wider(policy, other), f"{policy} → {other}"
        assert not is_wider(other, policy), f"{other} → {policy}"


def is_wider(before: Policy, after: Policy) -> bool:
    old, new = _grants(before), _grants(after)
    return bool(gains(old, new) or unrefused(old, new, only_allowed=True))


def _grants(policy: Policy) -> Sequence[Any]:
    return [*grants({"Statement": policy})]


def simulated(documents: Iterable[Policy]) -> list[set[int]]:
    """Numbers of REQUESTS that each policy allows."""
    held = [{"Version": "2012-10-17", "Statement": policy} for policy in documents]
    requests = [
        {
            "principal": ROLE,
            "action": f"dynamodb:{action}",
            "resource": f"{ARN}{table}",
            "account": "111122223333",
            "context": CONTEXTS[context],
            "identity": [number],
            "resourcePolicy": None,
        }
        for number in range(len(held))
        for action, table, context in REQUESTS
    ]
    done = subprocess.run(
        [str(cdk.node()), str(SCRIPT)],
        input=json.dumps({"policies": held, "requests": requests}),
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    answers = json.loads(done.stdout)
    assert not [one for one in answers if one.startswith("error")], answers[0]
    size = len(REQUESTS)
    return [
        {number for number in range(size) if answers[size * policy + number] == ALLOWED}
        for policy in range(len(held))
    ]

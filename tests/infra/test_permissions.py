"""Least privilege in the templates: what each role may, and what holds for every environment."""

import json
from functools import partial
from typing import Any

from cufit_ops.access.granted import holder, holders
from cufit_ops.review.permissions.objects import Objects
from cufit_ops.review.permissions.resolved import Names
from cufit_ops.review.permissions.sources import Sources
from cufit_ops.review.permissions.verbs import verbs
from cufit_ops.template_graph import Address
from tests.infra.approved import assert_approved_each
from tests.infra.synthesis import Synthesized, as_list, plain

WITHOUT_RESOURCE = {
    "bedrock:RetrieveAndGenerate": "knows no resource (service authorization reference)",
    "ecr:GetAuthorizationToken": "knows no resource; the image is pulled with it",
    "cloudwatch:GetMetricData": "knows no resource; ops roles read metrics",
    "cloudwatch:DescribeAlarms": "of no use on a part of the alarms; ops roles read them",
    "logs:GetQueryResults": "knows no resource; a query's groups are checked when it starts",
}
"""Actions that may be allowed on `*`, and why."""

PATTERNS = {
    "/incoming/*": "objects of the photo bucket, by prefix",
    "/photos/*": "objects of the photo bucket, by prefix",
    ":cufit-*": "ops roles: every environment of the account, nothing but this project's",
    "/cufit-*": "as above",
    "/cufit-*-Recommendations*": "as above, of one table and its indexes",
    "/cufit-*-Candidates*": "as above",
    ":knowledge-base/*": "ops roles: ids are random; a condition on the project's tag",
    ":parameter/cufit/*/brake": "ops roles: the brakes of every environment",
    ":stack/cufit-{name}-*": "deliveries: the stacks of this environment",
    "-{region}/*": "deliveries: templates in this environment's staging bucket, by their hash",
}
"""How a resource with a wildcard may end, and why; `name` and `region` are the environment's."""


def test_each_role_may_what_was_approved(sample: Synthesized) -> None:
    roles: dict[str, dict[str, str]] = {}
    names = Names(sample.account, sample.settings.name)
    sources = Sources.of(names)
    who, objects = holders(sources), Objects([sources])
    words: dict[tuple[str, str], str] = {}
    made = dict(sample.account.of("AWS::IAM::Role"))
    for role in [*made, *sorted({role for role, _ in sample.statements()} - made.keys())]:
        trust = made[role]["AssumeRolePolicyDocument"]["Statement"] if role in made else []
        may = {f"assumed by {_named(sample, role, s)}": str(s["Action"]) for s in trust}
        for owner, statement in sample.statements():
            if owner == role:
                for resource in as_list(statement["Resource"]):
                    named = sample.written_out(role[0], resource) + _condition(statement)
                    actions = {
                        *as_list(statement["Action"]),
                        *filter(None, may.get(named, "").split(", ")),
                    }
                    may[named] = ", ".join(sorted(actions))
                    arn = names.text(role[0], resource)
                    words |= {(named, one): objects.words(arn, one).english for one in actions}
        roles[who.get(role) or holder(f"role {role[1]}")] = may

    assert_approved_each(
        "permissions",
        roles,
        "Is each of these meant, and needed by what the role does?",
        partial(_changed, words),
    )


def test_no_action_is_a_pattern(environment: Synthesized) -> None:
    for role, statement in environment.statements():
        for action in as_list(statement["Action"]):
            assert "*" not in action, f"{plain(role)}: {action}"


def test_every_wildcard_resource_is_reviewed(environment: Synthesized) -> None:
    settings = environment.settings
    ends = [end.format(name=settings.name, region=settings.region) for end in PATTERNS]
    for role, statement in environment.statements():
        for resource in as_list(statement["Resource"]):
            text = environment.written_out(role[0], resource)
            if text == "*":
                unreviewed = set(as_list(statement["Action"])) - set(WITHOUT_RESOURCE)
                assert not unreviewed, f"{plain(role)}: {unreviewed} on *"
            elif "*" in text:
                assert any(text.endswith(end) for end in ends), f"{plain(role)}: {text}"


def test_no_managed_policy_and_nothing_but_allow(environment: Synthesized) -> None:
    assert not [r for r in environment.properties("AWS::IAM::Role") if r.get("ManagedPolicyArns")]
    assert {statement["Effect"] for _, statement in environment.statements()} == {"Allow"}


def test_reading_operators_see_no_profile(sample: Synthesized) -> None:
    seen = {
        attribute
        for role, statement in sample.statements()
        if role[1].startswith("OpsRead") and "dynamodb:" in str(statement["Action"])
        for attribute in statement["Condition"]["ForAllValues:StringEquals"]["dynamodb:Attributes"]
    }

    assert seen
    assert not {"name", "phone", "self_introduction", "result"} & seen


def _changed(words: dict[tuple[str, str], str], who: str, before: Any, now: Any) -> list[str]:
    """What became possible, in words, and what no longer is."""
    had, has = _permissions(before), _permissions(now)

    def said(resource: str, action: str) -> str:
        if resource.startswith("assumed by "):
            return f"be {resource}"
        verb, _ = verbs([action.lower()])
        return f"{verb.english} {words.get((resource, action), resource)} ({action})"

    return [
        *(f"{who} may now {said(*one)}" for one in sorted(has - had)),
        *(f"{who} may no longer {said(*one)}" for one in sorted(had - has)),
    ]


def _permissions(role: dict[str, str] | None) -> set[tuple[str, str]]:
    """Resource and action."""
    return {
        (resource, action)
        for resource, actions in (role or {}).items()
        for action in actions.split(", ")
    }


def _named(environment: Synthesized, role: Address, trust: dict[str, Any]) -> str:
    ((_, principal),) = trust["Principal"].items()
    return environment.written_out(role[0], principal) + _condition(trust)


def _condition(statement: dict[str, Any]) -> str:
    return f" if {json.dumps(statement['Condition'])}" if "Condition" in statement else ""

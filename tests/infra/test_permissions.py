"""Least privilege in the templates: what each role may, and what holds for every environment."""

import json
from typing import Any

from cufit_ops.template_graph import Address
from tests.infra.approved import assert_approved
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
        roles[plain(role)] = may

    assert_approved(
        "permissions", roles, "Does the code call each of these, and nothing it does not call?"
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


def _named(environment: Synthesized, role: Address, trust: dict[str, Any]) -> str:
    ((_, principal),) = trust["Principal"].items()
    return environment.written_out(role[0], principal) + _condition(trust)


def _condition(statement: dict[str, Any]) -> str:
    return f" if {json.dumps(statement['Condition'])}" if "Condition" in statement else ""

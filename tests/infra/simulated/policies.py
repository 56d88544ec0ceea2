"""The policies of one environment, as IAM would hold them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cufit_ops.template_graph import Address
from tests.infra.simulated.naming import Naming
from tests.infra.synthesis import Synthesized, as_list

Statement = Mapping[str, Any]
Statements = tuple[Statement, ...]

IDENTITY, TRUST, RESOURCE = "identity", "trust", "resource"

ADMINISTRATOR: Address = ("", "Administrator")
"""A role that may do everything, of no stack: what is refused to it is refused by a Deny."""

Place = tuple[str, Address]
"""Kind of a policy, and the role or the resource that has it."""

_POLICIES_OF_RESOURCES = {
    "AWS::SNS::TopicPolicy": "Topics",
    "AWS::SQS::QueuePolicy": "Queues",
    "AWS::S3::BucketPolicy": "Bucket",
}


@dataclass
class Policies:
    """Statements by the role or resource they belong to, with made-up ARNs."""

    environment: Synthesized
    naming: Naming
    held: dict[Place, Statements] = field(default_factory=dict)

    @classmethod
    def of(cls, environment: Synthesized) -> "Policies":
        policies = cls(environment, Naming(environment.settings, environment.account))
        policies.held[IDENTITY, ADMINISTRATOR] = (
            {"Effect": "Allow", "Action": "*", "Resource": "*"},
        )
        for place, statement in policies._found():
            policies.held[place] = (*policies.held.get(place, ()), statement)
        return policies

    def statements(self, place: Place) -> Statements:
        return self.held.get(place, ())

    def roles(self) -> list[Address]:
        return [role for role, _ in self.environment.account.of("AWS::IAM::Role")]

    def _bootstraps(self, role: Address) -> Address:
        """A role that no template makes, as a role of no stack."""
        return "", role[1].replace("{AccountId}", self.naming.account)

    def _found(self) -> Iterator[tuple[Place, Statement]]:
        account, value = self.environment.account, self.naming.value
        made = self.roles()
        for role, statement in self.environment.statements():
            holder = role if role in made else self._bootstraps(role)
            yield (IDENTITY, holder), value(role[0], statement)
        for role, properties in account.of("AWS::IAM::Role"):
            for statement in properties["AssumeRolePolicyDocument"]["Statement"]:
                yield (TRUST, role), value(role[0], statement)
        for kind, of in _POLICIES_OF_RESOURCES.items():
            for (stack, _), properties in account.of(kind):
                for resource in account.referred(stack, properties[of]):
                    for statement in properties["PolicyDocument"]["Statement"]:
                        yield (RESOURCE, resource), value(stack, statement)
        for (stack, _), properties in account.of("AWS::Lambda::Permission"):
            for function in account.referred(stack, properties["FunctionName"]):
                arn = self.naming.arn_of(function)
                yield (RESOURCE, function), _of_permission(value(stack, properties), arn)


def _of_permission(given: Mapping[str, Any], function: str) -> Statement:
    """As Lambda writes it into a function's policy (API reference, AddPermission)."""
    conditions: dict[str, Mapping[str, Any]] = {}
    if "SourceArn" in given:
        conditions["ArnLike"] = {"aws:SourceArn": given["SourceArn"]}
    if "SourceAccount" in given:
        conditions["StringEquals"] = {"aws:SourceAccount": given["SourceAccount"]}
    return {
        "Effect": "Allow",
        "Principal": {"Service": given["Principal"]},
        "Action": given["Action"],
        "Resource": function,
        **({"Condition": conditions} if conditions else {}),
    }


def actions_of(statement: Statement) -> list[str]:
    return as_list(statement["Action"])

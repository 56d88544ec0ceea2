"""What one environment's policies must allow and refuse, and which statement each is owed to."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from cufit_ops.template_graph import Address
from tests.infra.simulated.deployments import deployments
from tests.infra.simulated.edges import edges
from tests.infra.simulated.needs import as_role, needs
from tests.infra.simulated.people import is_of_people, people
from tests.infra.simulated.policies import (
    ADMINISTRATOR,
    IDENTITY,
    Place,
    Policies,
    Statement,
    actions_of,
)
from tests.infra.simulated.requests import Request, covers, near_misses
from tests.infra.simulated.simulator import Questions
from tests.infra.simulated.trust import trusts
from tests.infra.synthesis import plain

_BREAKS: Mapping[str, Callable[[Any], str]] = {
    "Bool": str,
    "NumericLessThan": lambda value: str(float(value) - 0.1),
    "NumericGreaterThan": lambda value: str(int(value) + 1),
}
"""By operator: what makes the condition of a Deny true."""

SERVICE_ROLE = "FargateTaskRole"
_PROJECTED = {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"}
_RETURNED = {"dynamodb:ReturnValues": "ALL_OLD"}
READS: Mapping[str, Mapping[str, str]] = {
    "dynamodb:GetItem": _PROJECTED,
    "dynamodb:BatchGetItem": _PROJECTED,
    "dynamodb:Query": _PROJECTED,
    "dynamodb:Scan": _PROJECTED,
    "dynamodb:PutItem": _RETURNED,
    "dynamodb:UpdateItem": _RETURNED,
    "dynamodb:DeleteItem": _RETURNED,
}
"""Every way an item's attributes come back."""


@dataclass
class Design:
    """Requests of one environment with the numbers of their questions."""

    policies: Policies
    questions: Questions
    _wanted: dict[int, Request] = field(default_factory=dict)
    _unwanted: dict[int, Request] = field(default_factory=dict)
    _without: list[tuple[int, int, Statement]] = field(default_factory=list)
    """A wanted request, asked without a statement that speaks of it."""
    _undenied: dict[int, Request] = field(default_factory=dict)
    """What a Deny refuses, asked without it."""

    @classmethod
    def of(cls, policies: Policies, questions: Questions) -> "Design":
        design = cls(policies, questions)
        design._allow(needs(policies), deployments(policies), people(policies))
        for request, refused in chain(edges(policies), trusts(policies)):
            design._allow([request])
            design._refuse(refused)
        design._refuse(
            one for request in [*design._wanted.values()] for one in near_misses(policies, request)
        )
        design._refuse(design._of_others())
        design._refuse(design._phones())
        design._take_away()
        design._deny()
        return design

    @property
    def wanted(self) -> Mapping[int, Request]:
        """Requests that must be allowed, by number."""
        return self._wanted

    @property
    def unwanted(self) -> Mapping[int, Request]:
        """Requests that must be refused, by number."""
        return self._unwanted

    def owed(self) -> Iterator[tuple[int, Statement]]:
        """Wanted requests, each with a statement without which it is refused."""
        for without, number, statement in self._without:
            if not self.questions.is_allowed(without):
                yield number, statement

    def still_refused(self) -> list[Request]:
        """What is refused for another reason than the Deny that should."""
        return [
            one for number, one in self._undenied.items() if not self.questions.is_allowed(number)
        ]

    def _allow(self, *many: Iterable[Request]) -> None:
        for request in chain(*many):
            self._wanted[self.questions.add(self.policies, request)] = request

    def _refuse(self, requests: Iterable[Request]) -> None:
        for request in requests:
            self._unwanted[self.questions.add(self.policies, request)] = request

    def _of_others(self) -> Iterator[Request]:
        """What one role needs and another does not, asked by the other.

        A role that no statement lets do the action at all needs no simulator. Where people may do
        something, they may for all that is the project's.
        """
        asked = [request for request in self._wanted.values() if request.role]
        wanted = {(one.role, one.action, one.resource) for one in asked}
        everywhere = {
            (one.role, one.action) for one in asked if one.role and is_of_people(one.role)
        }
        for request in asked:
            for role in self.policies.roles():
                needed = (role, request.action, request.resource) in wanted
                if needed or (role, request.action) in everywhere:
                    continue
                if self._mentions(role, request.action):
                    yield request.but(f"by {plain(role)}", role=role)

    def _phones(self) -> Iterator[Request]:
        """Nobody but the service reads a phone, whole items or not, and no index has it."""
        account, naming = self.policies.environment.account, self.policies.naming
        for table, _ in account.of("AWS::DynamoDB::GlobalTable"):
            if not table[1].startswith("Candidates"):
                continue
            for role in self.policies.roles():
                for action, told in READS.items():
                    if self._mentions(role, action) and not role[1].startswith(SERVICE_ROLE):
                        yield as_role(
                            self.policies,
                            role,
                            "reads a phone",
                            action,
                            naming.arn_of(table),
                            context={"dynamodb:Attributes": ["candidate_id", "phone"], **told},
                        )

    def _mentions(self, role: Address, action: str) -> bool:
        statements = self.policies.statements((IDENTITY, role))
        return any(action in actions_of(statement) for statement in statements)

    def _take_away(self) -> None:
        for number, request in [*self._wanted.items()]:
            for statement in self._speaking_of(request):
                without = self.questions.add(self.policies, request, statement)
                self._without.append((without, number, statement))

    def _speaking_of(self, request: Request) -> Iterator[Statement]:
        for place in request.places:
            for statement in self.policies.statements(place):
                if statement["Effect"] == "Allow" and covers(statement, request):
                    yield statement

    def _deny(self) -> None:
        """Each Deny holds against an administrator of the account, and nothing else does."""
        for place, statements in self.policies.held.items():
            for statement in statements:
                if statement["Effect"] == "Deny":
                    request = _broken(self.policies, place, statement)
                    self._refuse([request])
                    without = self.questions.add(self.policies, request, statement)
                    self._undenied[without] = request


_WHAT_THEY_DO = {"sns": "sns:Publish", "sqs": "sqs:SendMessage", "s3": "s3:GetObject"}


def _broken(policies: Policies, place: Place, statement: Statement) -> Request:
    """A request of an administrator that makes the conditions of a Deny true."""
    resource = policies.naming.arn_of(place[1])
    service = resource.split(":")[2]
    ((operator, condition),) = statement["Condition"].items()
    context = {key: _BREAKS[operator](value) for key, value in condition.items()}
    return Request(
        f"Administrator with {context}",
        policies.naming.arn("sts", "assumed-role/Administrator/session", region=""),
        _WHAT_THEY_DO[service],
        f"{resource}/photos/made-up" if service == "s3" else resource,
        context,
        ADMINISTRATOR,
        place,
    )

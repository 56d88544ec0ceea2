"""The policy simulator: one process answers everything a test session asks.

GitHub's claims are condition keys that the simulator knows in part (`ref`, not `sub` or `aud`),
and keys it does not know it leaves out of a request. So in policies and in requests alike they
become a principal's tags, which may have any name: to operators both are one string. Neither does
it know the ARN of a model without a region, which stands for wherever a global profile runs.
"""

import json
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cufit_ops import cdk
from tests.infra.simulated.policies import IDENTITY, Place, Policies, Statement
from tests.infra.simulated.requests import Request

SCRIPT = Path(__file__).with_name("simulate.cjs")
GITHUB = "token.actions.githubusercontent.com:"
AS_TAG = "aws:PrincipalTag/"
ALLOWED = "Allowed"


@dataclass
class Questions:
    """Collected, then answered together."""

    _policies: dict[str, int] = field(default_factory=dict)
    _requests: dict[str, int] = field(default_factory=dict)
    _answers: list[str] = field(default_factory=list)

    def add(self, policies: Policies, request: Request, without: Statement | None = None) -> int:
        """Number of the question; `without` is a statement that shall not count."""
        identity = [(IDENTITY, request.role)] if request.role else []
        asked = {
            "principal": request.principal,
            "action": request.action,
            "resource": request.resource,
            "account": _owner(request.resource) or policies.naming.account,
            "context": _mapped(request.told),
            "identity": [
                number
                for place in identity
                if (number := self._policy(policies, place, without)) is not None
            ],
            "resourcePolicy": (
                self._policy(policies, request.guard, without) if request.guard else None
            ),
        }
        return self._requests.setdefault(_written(asked), len(self._requests))

    def ask(self) -> None:
        requests = ",".join(self._requests)
        given = f'{{"policies": [{",".join(self._policies)}], "requests": [{requests}]}}'
        done = subprocess.run(
            [str(cdk.node()), str(SCRIPT)],
            input=given,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        self._answers = json.loads(done.stdout)

    def is_allowed(self, number: int) -> bool:
        answer = self._answers[number]
        if answer.startswith("error"):
            raise ValueError(f"{answer}: {[*self._requests][number]}")
        return answer == ALLOWED

    def __len__(self) -> int:
        return len(self._requests)

    def _policy(self, policies: Policies, place: Place, without: Statement | None) -> int | None:
        left = [one for one in policies.statements(place) if one is not without]
        return self._document(left) if left else None

    def _document(self, statements: Iterable[Statement]) -> int:
        document = {"Version": "2012-10-17", "Statement": [_renamed(one) for one in statements]}
        return self._policies.setdefault(_written(document), len(self._policies))


def _written(value: Mapping[str, Any]) -> str:
    return json.dumps(value).replace(":bedrock:::", ":bedrock:global::")


def _owner(arn: str) -> str:
    return arn.split(":")[4] if arn.count(":") > 4 else ""


def _renamed(statement: Statement) -> Mapping[str, Any]:
    if "Condition" not in statement:
        return statement
    conditions = {
        operator: _mapped(condition) for operator, condition in statement["Condition"].items()
    }
    return {**statement, "Condition": conditions}


def _mapped(keys: Mapping[str, Any]) -> dict[str, Any]:
    return {
        f"{AS_TAG}{key}" if key.startswith(GITHUB) else key: value for key, value in keys.items()
    }

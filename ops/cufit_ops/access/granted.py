"""What the templates of one environment let each role do, in words that fit any environment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cufit_ops.review.names import stem
from cufit_ops.review.permissions.actions import spelled
from cufit_ops.review.permissions.conditions import Condition
from cufit_ops.review.permissions.resolved import Names
from cufit_ops.review.permissions.sources import Sources
from cufit_ops.template_graph import Address

ATTRIBUTES = "dynamodb:attributes"

_MADE = re.compile(r"cufit-[a-z0-9]+-(\w+)-(\w+)-(?:\{id\}|MADEUP)", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\{(\w+/\w+)(?:\.\w+)?\}")
_KIND = re.compile(r"^[a-z0-9]+:(?:[a-z-]+[/:])?(?=[A-Z]\w*/\w)")
_NAMED = "_PARAMETER"
"""How a function's variable ends that names a parameter of the configuration's choice."""
_BELOW = re.compile(r"\w+/\w+/index/(?=[A-Z]\w*/\w)")
_BOOTSTRAPPED = re.compile(r"cdk-(?:bootstrap/)?(cufit[a-z0-9]*)(?=[-/])")
_MODEL = re.compile(r"(foundation-model|inference-profile)/(\S+)")


@dataclass(frozen=True)
class Permission:
    """One action of a statement on one resource."""

    action: str
    """As AWS spells it."""
    on: str
    """`Data/Candidates`, `Data/PhotoBucket/photos/*`, `bedrock:foundation-model/{model}`, `*`."""
    resource: str
    """The pattern itself."""
    condition: Condition
    statement: Mapping[str, Any] = field(compare=False, hash=False)
    """As in the template, its values resolved."""

    @property
    def keys(self) -> frozenset[str]:
        """Of the conditions, in small letters."""
        return frozenset(test.key for test in self.condition)

    @property
    def attributes(self) -> frozenset[str] | None:
        """Those of DynamoDB it is held to; None: to none."""
        for test in self.condition:
            if test.key == ATTRIBUTES and test.operator == "stringequals":
                return test.values
        return None


@dataclass(frozen=True)
class Portable:
    """Names of one environment in words that every environment has."""

    names: Names

    def text(self, arn: str) -> str:
        """`arn`, or the name of a role that is made elsewhere."""
        parts = arn.split(":", 5)
        if parts[0] == "arn" and len(parts) == 6:
            _, _, service, region, owner, rest = parts
            where = "" if region in ("", self.names.region) or _MODEL.search(rest) else f"@{region}"
            whose = "" if owner in ("", "{AccountId}") else f"({owner})"
            arn = f"{service}{where}{whose}:{rest}"
        for variable, value in self._variables:
            if variable.endswith(_NAMED) and isinstance(value, str):
                name = variable.removeprefix("CUFIT_").lower()
                arn = arn.replace(f":parameter{value}", f":parameter/{{{name}}}")
        arn = _MODEL.sub(self._model, _ATTRIBUTE.sub(r"\1", _MADE.sub(self._address, arn)))
        arn = _BOOTSTRAPPED.sub(lambda found: found[0].replace(found[1], "{qualifier}"), arn)
        for place, name in (("/cufit/{}/", "{environment}"), ("stack/cufit-{}-", "{environment}")):
            arn = arn.replace(place.format(self.names.environment), place.format(name))
        arn = arn.replace("{AccountId}", "{account}").replace(self.names.region, "{region}")
        return _BELOW.sub("", _KIND.sub("", arn)).removesuffix(":*")

    def _address(self, found: re.Match[str]) -> str:
        """Buckets are named in small letters."""
        name = f"{found[1]}/{found[2]}"
        return self._addresses.get(name.lower(), name)

    @cached_property
    def _addresses(self) -> dict[str, str]:
        made = [
            (stack, logical_id)
            for stack, template in self.names.account.stacks.items()
            for logical_id in template.get("Resources", {})
        ]
        named = [f"{stack}/{stem(id_)}" for stack, id_ in (*made, *self.names.renamed.values())]
        return {name.lower(): name for name in named}

    def _model(self, found: re.Match[str]) -> str:
        """One that this environment names: which one is a matter of its configuration."""
        return f"{found[1]}/{{model}}" if found[2] in self._models else found[0]

    @cached_property
    def _variables(self) -> list[tuple[str, Any]]:
        return [
            variable
            for _, properties in self.names.account.of("AWS::Lambda::Function")
            for variable in properties.get("Environment", {}).get("Variables", {}).items()
        ]

    @cached_property
    def _models(self) -> str:
        bases = [
            properties.get("KnowledgeBaseConfiguration")
            for _, properties in self.names.account.of("AWS::Bedrock::KnowledgeBase")
        ]
        return str([self._variables, bases])


def granted(sources: Sources) -> dict[str, list[Permission]]:
    """What each role may, by its holder. What is denied is left out, and so are trust and policies
    that no template holds."""
    words = Portable(sources.names)
    found: dict[str, dict[Permission, None]] = {}
    for key, grants in sources.may.items():
        for grant in grants:
            on = words.text(grant.target.pattern)
            for action in sorted(grant.actions) if grant.is_allow else ():
                one = Permission(
                    spelled(action), on, grant.target.pattern, grant.whole, grant.statement
                )
                found.setdefault(holder(key), {})[one] = None
    return {who: [*permissions] for who, permissions in found.items()}


def holders(sources: Sources) -> dict[Address, str]:
    """Role → who takes it."""
    names = sources.names
    return {
        role: holder(sources.holders(names.arn(role))[0])
        for role, _ in names.account.of("AWS::IAM::Role")
    }


def holder(key: str) -> str:
    """`match_worker`, `service`, `Delivery.OpsReadRole`: a principal's key as a file is named.

    Roles of `cdk bootstrap` go without qualifier, account and region: `cdk-deploy-role`.
    """
    bootstrapped = re.fullmatch(r"role cdk-\w+?-([a-z-]+-role)-.*", key)
    if bootstrapped:
        return f"cdk-{bootstrapped[1]}"
    return key.removeprefix("the ").replace("/", ".").replace(" ", "_")

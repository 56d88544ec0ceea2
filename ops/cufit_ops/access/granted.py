"""What the templates of one environment let each role do, in words that fit any environment."""

import re
from dataclasses import dataclass, field

from cufit_ops.access.portable import Portable
from cufit_ops.review.permissions.actions import spelled
from cufit_ops.review.permissions.comparison import effective
from cufit_ops.review.permissions.conditions import Condition
from cufit_ops.review.permissions.sources import Sources
from cufit_ops.template_graph import Address

ATTRIBUTES = "dynamodb:attributes"


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
    evidence: str = field(compare=False, hash=False)
    """The statement as JSON, its values resolved."""

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


def granted(sources: Sources) -> dict[str, list[Permission]]:
    """What each role may, by its holder. What a Deny refuses is left out, and so are trust and
    policies that no template holds."""
    words = Portable(sources.names)
    found: dict[str, dict[Permission, None]] = {}
    for key, grants in sources.may.items():
        for grant in effective(grants):
            pattern, whole, evidence = grant.target.pattern, grant.whole, grant.evidence
            on, mine = words.text(pattern), found.setdefault(holder(key), {})
            for action in sorted(grant.actions):
                mine[Permission(spelled(action), on, pattern, whole, evidence)] = None
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

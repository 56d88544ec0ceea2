"""Every place of an environment's templates where something is allowed or refused."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from cufit_ops.review.permissions.principals import Principal, principals
from cufit_ops.review.permissions.resolved import Names
from cufit_ops.review.permissions.statements import Grant, grants, listed, mappings
from cufit_ops.template_graph import Address

ADMINISTRATOR = {"Effect": "Allow", "Action": "*", "Resource": "*"}
_EVERYTHING = {**ADMINISTRATOR, "Principal": "*"}
"""The policy of an endpoint that has none (VPC user guide, "endpoint policies")."""
_LOGS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
MANAGED = {
    "arn:aws:iam::aws:policy/AdministratorAccess": ADMINISTRATOR,
    "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole": {
        "Effect": "Allow", "Action": _LOGS, "Resource": "*",
    },
}  # fmt: skip
"""Of AWS's managed policies those that are one statement (AWS managed policy reference); what any
other allows is in no template."""

_GUARDED = {
    "AWS::S3::BucketPolicy": "Bucket",
    "AWS::SQS::QueuePolicy": "Queues",
    "AWS::SQS::QueueInlinePolicy": "Queue",
    "AWS::SNS::TopicPolicy": "Topics",
    "AWS::SNS::TopicInlinePolicy": "TopicArn",
    "AWS::SecretsManager::ResourcePolicy": "SecretId",
    "AWS::S3Vectors::VectorBucketPolicy": "VectorBucketArn",
    "AWS::Lambda::Permission": "FunctionName",
    "AWS::Lambda::LayerVersionPermission": "LayerVersionArn",
    "AWS::S3::AccessPointPolicy": "Bucket",
}
"""Types that hold a policy of another resource, and the property that names it."""

_ROLE_PARTS = ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy",
               "AWS::IAM::UserPolicy", "AWS::IAM::GroupPolicy")  # fmt: skip


_HOLDING = ("AWS::IAM::", "AWS::Lambda::Permission", "AWS::EC2::VPCEndpoint")
"""Types that decide without a policy document of their own, too."""


@dataclass
class Sources:
    """All of one side."""

    names: Names
    people: dict[str, Principal] = field(default_factory=dict)
    """Who can hold permissions, by key."""
    may: dict[str, list[Grant]] = field(default_factory=lambda: defaultdict(list))
    """Key of a principal → what its own policies say."""
    trust: dict[str, list[Grant]] = field(default_factory=lambda: defaultdict(list))
    """Key of a principal → who may become it."""
    guards: dict[str, list[Grant]] = field(default_factory=lambda: defaultdict(list))
    """ARN, or what stands for it → the policy of that resource."""
    ways: dict[str, list[Grant]] = field(default_factory=lambda: defaultdict(list))
    """Endpoint of the network → what may be reached through it."""
    unseen: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """Key of a principal → policies and roles it uses that no template says the content of."""
    limits: dict[str, str] = field(default_factory=dict)
    """Key of a principal → its permissions boundary."""

    @classmethod
    def of(cls, names: Names) -> "Sources":
        found = cls(names, principals(names))
        for principal in found.people.values():
            if principal.unseen:
                found.unseen[principal.key].add(principal.unseen)
        for stack, template in names.account.stacks.items():
            for logical_id, resource in template.get("Resources", {}).items():
                kind, properties = str(resource.get("Type")), resource.get("Properties") or {}
                if kind.startswith(_HOLDING) or any(documents(properties)):
                    found._take((stack, logical_id), kind, names.value(stack, properties))
        return found

    def holders(self, named: str) -> list[str]:
        """Keys of who acts with the role, user or group of this name or ARN."""
        last = named.rpartition("/")[2]
        keys = [one.key for one in self.people.values() if named in one.named or last in one.named]
        if not keys:
            stranger = Principal.stranger(named)
            self.people[stranger.key] = stranger
            keys = [stranger.key]
        return keys

    def about(self, address: Address) -> list[str]:
        """Keys of principals, or ARNs of resources, that a resource decides over."""
        kind, stack = self.names.kind(address), address[0]
        properties = self.names.value(stack, self.names.resource(address).get("Properties") or {})
        if kind in _ROLE_PARTS:
            return [key for one in _attached(properties) for key in self.holders(one)]
        if kind.startswith("AWS::IAM::"):
            arn = self.names.arn(address)
            return [one.key for one in self.people.values() if arn in one.named]
        if kind in ("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"):
            return [str(properties.get("GroupId"))]
        return [self.guarded(one) for one in listed(properties.get(_GUARDED.get(kind, "")))]

    def _take(self, address: Address, kind: str, properties: dict[str, Any]) -> None:
        if kind in ("AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"):
            self._identity(address, properties)
        elif kind in _ROLE_PARTS:
            for holder in _attached(properties):
                for key in self.holders(holder):
                    self.may[key] += grants(properties.get("PolicyDocument"))
        elif kind == "AWS::Lambda::Permission":
            guarded = self.guarded(properties.get("FunctionName"))
            self.guards[guarded] += grants({"Statement": _of_permission(properties, guarded)})
        elif kind == "AWS::EC2::VPCEndpoint":
            document = properties.get("PolicyDocument") or {"Statement": _EVERYTHING}
            self.ways[self.names.arn(address)] += grants(document)
        else:
            self._policies_of_resources(address, kind, properties)

    def _identity(self, address: Address, properties: dict[str, Any]) -> None:
        for key in self.holders(self.names.arn(address)):
            for policy in mappings(properties.get("Policies")):
                self.may[key] += grants(policy.get("PolicyDocument"))
            for arn in listed(properties.get("ManagedPolicyArns")):
                if arn in MANAGED:
                    self.may[key] += grants({"Statement": MANAGED[arn]})
                elif not self._is_made_here(arn):
                    self.unseen[key].add(str(arn))
                else:
                    self._managed(key, str(arn))
            for group in listed(properties.get("Groups")):
                self.unseen[key].add(f"group {group}")
            if limit := properties.get("PermissionsBoundary"):
                self.limits[key] = str(limit)
            self.trust[key] += grants(properties.get("AssumeRolePolicyDocument"))

    def _is_made_here(self, arn: Any) -> bool:
        return any(self.names.arn(one) == arn for one, _ in self.names.account.of(_ROLE_PARTS[1]))

    def _managed(self, key: str, arn: str) -> None:
        for address, properties in self.names.account.of(_ROLE_PARTS[1]):
            if self.names.arn(address) == arn:
                document = self.names.value(address[0], properties.get("PolicyDocument"))
                self.may[key] += grants(document)

    def _policies_of_resources(
        self, address: Address, kind: str, properties: dict[str, Any]
    ) -> None:
        guarded = [self.names.arn(address)]
        if kind in _GUARDED:
            named = listed(properties.get(_GUARDED[kind]))
            guarded = [self.guarded(one) for one in named] or guarded
        for document in documents(properties):
            for one in guarded:
                self.guards[one] += grants(document, one)

    def guarded(self, named: Any) -> str:
        """The ARN of a resource that is given by its name, URL or ARN."""
        return self.names.by_text.get(str(named), str(named))


def documents(value: Any) -> Iterator[Any]:
    """Policy documents anywhere in properties, those written as JSON text too."""
    if isinstance(value, list):
        for item in value:
            yield from documents(item)
    elif isinstance(value, dict):
        if "Statement" in value and re.search(r"Effect", str(value["Statement"])):
            yield value
        else:
            for item in value.values():
                yield from documents(item)
    elif isinstance(value, str) and '"Statement"' in value and '"Effect"' in value:
        yield value


def _attached(properties: dict[str, Any]) -> list[str]:
    parts = ("Roles", "Users", "Groups", "RoleName", "UserName", "GroupName")
    return [str(one) for part in parts for one in listed(properties.get(part))]


def _of_permission(given: dict[str, Any], function: str) -> dict[str, Any]:
    """As Lambda writes it into a function's policy (API reference, AddPermission)."""
    conditions: dict[str, dict[str, Any]] = defaultdict(dict)
    if "SourceArn" in given:
        conditions["ArnLike"]["aws:SourceArn"] = given["SourceArn"]
    for part, key in (
        ("SourceAccount", "aws:SourceAccount"), ("PrincipalOrgID", "aws:PrincipalOrgID"),
        ("FunctionUrlAuthType", "lambda:FunctionUrlAuthType"),
        ("EventSourceToken", "lambda:EventSourceToken"),
    ):  # fmt: skip
        if part in given:
            conditions["StringEquals"][key] = given[part]
    principal = str(given.get("Principal"))
    who = {"Service": principal} if principal.endswith(".amazonaws.com") else {"AWS": principal}
    return {
        "Effect": "Allow", "Principal": "*" if principal == "*" else who,
        "Action": given.get("Action"), "Resource": function,
        **({"Condition": dict(conditions)} if conditions else {}),
    }  # fmt: skip

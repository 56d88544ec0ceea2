"""What Ref, GetAtt, Sub, Join and ImportValue say, as one text whichever of them says it.

A resource without a name of its own gets one as CloudFormation makes it, of environment, stack and
logical id without CDK's digest, so that `table/cufit-*-Candidates*` names the candidates table.
What cannot be known is its own JSON: equal to itself and to nothing else.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from cufit_ops.review.names import stem
from cufit_ops.review.permissions.kinds import NAMES, REF_IS_ARN
from cufit_ops.template_graph import Account, Address

ACCOUNT = "{AccountId}"

_PLACEHOLDER = re.compile(r"\$\{([^!}][^}]*)\}")
_REGION = re.compile(r"(?<=\b[a-z]{2})-[a-z]+-\d\b")
"""Behind its first two letters: looked for by the hyphen, it is found 30 times as fast."""


@dataclass
class Names:
    """Of one side of a change."""

    account: Account
    environment: str
    number: str | None = None
    """The account's number, where the configuration says it."""
    renamed: Mapping[Address, Address] = field(default_factory=dict)
    """Address here → the address of the same resource on the other side."""

    @cached_property
    def region(self) -> str:
        text = json.dumps(self.account.stacks)
        found = Counter(text[one.start() - 2 : one.end()] for one in _REGION.finditer(text))
        return found.most_common(1)[0][0] if found else "{Region}"

    def value(self, stack: str, given: Any) -> Any:
        """`given` with every function of CloudFormation evaluated."""
        if isinstance(given, list):
            return [self.value(stack, item) for item in given]
        if isinstance(given, str):
            return given.replace(self.number, ACCOUNT) if self.number else given
        if not isinstance(given, dict):
            return given
        if len(given) == 1:
            ((function, argument),) = given.items()
            if function == "Ref" or function.startswith("Fn::"):
                return self._evaluated(stack, function, argument)
        return {name: self.value(stack, item) for name, item in given.items()}

    def text(self, stack: str, given: Any) -> str:
        found = self.value(stack, given)
        return found if isinstance(found, str) else json.dumps(found, sort_keys=True)

    def resource(self, address: Address) -> dict[str, Any]:
        stack, logical_id = address
        found: Any = self.account.stacks.get(stack, {}).get("Resources", {}).get(logical_id)
        return found if isinstance(found, dict) else {}

    @cached_property
    def _named(self) -> dict[tuple[str, Address], str]:
        """Names and ARNs that were asked for: each is, hundreds of times."""
        return {}

    def name(self, address: Address) -> str:
        """The physical name."""
        if ("name", address) not in self._named:
            self._named["name", address] = self._name(address)
        return self._named["name", address]

    def _name(self, address: Address) -> str:
        properties = self.resource(address).get("Properties") or {}
        given = properties.get(NAMES.get(self.kind(address), "Name"))
        if isinstance(given, str | dict):
            return self.text(address[0], given)
        stack, logical_id = self.renamed.get(address, address)
        name = f"cufit-{self.environment}-{stack}-{stem(logical_id)}-{{id}}"
        return name.lower() if "S3" in self.kind(address) else name

    @cached_property
    def by_text(self) -> dict[str, str]:
        """ARN, name or URL, as others write it → ARN."""
        found: dict[str, str] = {}
        for stack, template in self.account.stacks.items():
            for logical_id in template.get("Resources", {}):
                arn = self.arn((stack, logical_id))
                found.setdefault(arn, arn)
                found.setdefault(self._ref(stack, logical_id), arn)
        return found

    def kind(self, address: Address) -> str:
        return str(self.resource(address).get("Type", ""))

    def arn(self, address: Address) -> str:
        if ("arn", address) not in self._named:
            self._named["arn", address] = self._arn(address)
        return self._named["arn", address]

    def _arn(self, address: Address) -> str:
        make = _ARNS.get(self.kind(address))
        if make is None:
            stack, logical_id = self.renamed.get(address, address)
            return f"{{{stack}/{stem(logical_id)}}}"
        return make(self, address)

    def regional(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{self.region}:{ACCOUNT}:{resource}"

    def _evaluated(self, stack: str, function: str, argument: Any) -> Any:
        found = self._referred(stack, function, argument)
        if found is None:
            found = self._composed(stack, function, argument)
        if found is not None:
            return found
        return json.dumps({function: self.value(stack, argument)}, sort_keys=True)

    def _referred(self, stack: str, function: str, argument: Any) -> str | None:
        match function, argument:
            case "Ref", str(name):
                return self._ref(stack, name)
            case "Fn::GetAtt", [str(name), attribute]:
                return self._attribute((stack, name), str(attribute))
            case "Fn::GetAtt", str(name):
                logical_id, _, attribute = name.partition(".")
                return self._attribute((stack, logical_id), attribute)
            case "Fn::ImportValue", _:
                exported = self.account.exports.get(self.text(stack, argument))
                return self.text(*exported) if exported else None
        return None

    def _composed(self, stack: str, function: str, argument: Any) -> Any:
        match function, argument:
            case "Fn::Join", [str(separator), list(parts)]:
                return separator.join(self.text(stack, part) for part in parts)
            case "Fn::Sub", str(text):
                return self._substituted(stack, text, {})
            case "Fn::Sub", [str(text), dict(more)]:
                return self._substituted(stack, text, more)
            case "Fn::Split", [str(separator), text]:
                return self.text(stack, text).split(separator)
            case "Fn::Select", [number, items]:
                found = self.value(stack, items)
                known = isinstance(found, list) and str(number).isdigit()
                return found[int(number)] if known and int(number) < len(found) else None
        return None

    def _substituted(self, stack: str, text: str, more: Mapping[str, Any]) -> str:
        def said(found: re.Match[str]) -> str:
            name = found[1]
            if name in more:
                return self.text(stack, more[name])
            logical_id, _, attribute = name.partition(".")
            if attribute:
                return self._attribute((stack, logical_id), attribute)
            return self._ref(stack, name)

        done = _PLACEHOLDER.sub(said, text).replace("${!", "${")
        return done.replace(self.number, ACCOUNT) if self.number else done

    def _attribute(self, address: Address, attribute: str) -> str:
        if attribute.endswith("Arn") or attribute == "GroupId":
            return self.arn(address)
        if attribute.endswith("Name"):
            return self.name(address)
        stack, logical_id = self.renamed.get(address, address)
        return f"{{{stack}/{stem(logical_id)}.{attribute}}}"

    def _ref(self, stack: str, name: str) -> str:
        pseudo = {"AWS::AccountId": ACCOUNT, "AWS::Region": self.region, "AWS::Partition": "aws",
                  "AWS::URLSuffix": "amazonaws.com"}  # fmt: skip
        if name in pseudo:
            return pseudo[name]
        address = (stack, name)
        if not self.resource(address):
            return self._parameter(stack, name)
        kind = self.kind(address)
        if kind in REF_IS_ARN:
            return self.arn(address)
        if kind == "AWS::SQS::Queue":
            return f"https://sqs.{self.region}.amazonaws.com/{ACCOUNT}/{self.name(address)}"
        return self.name(address)

    def _parameter(self, stack: str, name: str) -> str:
        published = self.account.published(stack, name)
        if published:
            return self.text(*published)
        declared = self.account.stacks.get(stack, {}).get("Parameters", {}).get(name, {})
        return f"{{parameter {declared.get('Default', name)}}}"


_Made = Callable[[Names, Address], str]


def _regional(service: str, pattern: str) -> _Made:
    return lambda names, address: names.regional(service, pattern.format(names.name(address)))


def _global(service: str, pattern: str) -> _Made:
    return lambda names, address: (
        f"arn:aws:{service}::{ACCOUNT}:{pattern.format(names.name(address))}"
    )


def _vector_index(names: Names, address: Address) -> str:
    bucket = names.text(address[0], names.resource(address)["Properties"].get("VectorBucketArn"))
    return f"{bucket}/index/{names.name(address)}"


def _provider(names: Names, address: Address) -> str:
    url = names.text(address[0], names.resource(address)["Properties"].get("Url", ""))
    return f"arn:aws:iam::{ACCOUNT}:oidc-provider/{url.removeprefix('https://')}"


def _parameter_arn(names: Names, address: Address) -> str:
    name = names.name(address)
    return names.regional("ssm", f"parameter{name if name.startswith('/') else f'/{name}'}")


_ARNS: Mapping[str, _Made] = {
    "AWS::Bedrock::KnowledgeBase": _regional("bedrock", "knowledge-base/{}"),
    "AWS::DynamoDB::GlobalTable": _regional("dynamodb", "table/{}"),
    "AWS::DynamoDB::Table": _regional("dynamodb", "table/{}"),
    "AWS::ECR::Repository": _regional("ecr", "repository/{}"),
    "AWS::ECS::Service": _regional("ecs", "service/cluster/{}"),
    "AWS::ECS::TaskDefinition": _regional("ecs", "task-definition/{}:1"),
    "AWS::Events::Rule": _regional("events", "rule/{}"),
    "AWS::IAM::Group": _global("iam", "group/{}"),
    "AWS::IAM::ManagedPolicy": _global("iam", "policy/{}"),
    "AWS::IAM::OIDCProvider": _provider,
    "AWS::IAM::Role": _global("iam", "role/{}"),
    "AWS::IAM::User": _global("iam", "user/{}"),
    "AWS::KMS::Key": _regional("kms", "key/{}"),
    "AWS::Lambda::Function": _regional("lambda", "function:{}"),
    "AWS::Logs::LogGroup": _regional("logs", "log-group:{}:*"),
    "AWS::S3::Bucket": lambda names, address: f"arn:aws:s3:::{names.name(address)}",
    "AWS::S3Vectors::Index": _vector_index,
    "AWS::S3Vectors::VectorBucket": _regional("s3vectors", "bucket/{}"),
    "AWS::SecretsManager::Secret": _regional("secretsmanager", "secret:{}-??????"),
    "AWS::SNS::Topic": _regional("sns", "{}"),
    "AWS::SQS::Queue": _regional("sqs", "{}"),
    "AWS::SSM::Parameter": _parameter_arn,
}
"""How the ARN of each kind of resource is made (service authorization reference)."""

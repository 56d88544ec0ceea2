"""Templates as they are deployed: made-up names in place of what CloudFormation would make up."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cufit_ops.template_graph import Account, Address
from stacks.settings import Environment
from tests.infra.synthesis import plain

ACCOUNT = "111122223333"
"""Where an environment without an account of its own is deployed."""

_PLACEHOLDER = re.compile(r"\$\{([^}]+)\}")

Named = Callable[["Naming", Address, Mapping[str, Any]], str]


@dataclass(frozen=True)
class Naming:
    """What Ref, GetAtt and the like say in the templates of one environment."""

    settings: Environment
    templates: Account

    @property
    def account(self) -> str:
        return self.settings.account or ACCOUNT

    @property
    def region(self) -> str:
        return self.settings.region

    def value(self, stack: str, given: Any) -> Any:
        """`given`, of a template of `stack`, with every intrinsic function evaluated."""
        if isinstance(given, list):
            return [self.value(stack, one) for one in given]
        if not isinstance(given, dict):
            return given
        if len(given) == 1:
            ((function, argument),) = given.items()
            if function == "Ref" or function.startswith("Fn::"):
                return self._evaluated(stack, function, argument)
        return {name: self.value(stack, one) for name, one in given.items()}

    def arn(self, service: str, resource: str, *, region: str | None = None) -> str:
        where = self.region if region is None else region
        return f"arn:aws:{service}:{where}:{self.account}:{resource}"

    def arn_of(self, address: Address) -> str:
        """Of a resource of the templates."""
        resource = self._resource(address)
        return _ARNS[resource["Type"]](self, address, resource.get("Properties", {}))

    def name_of(self, address: Address) -> str:
        """As CloudFormation names what has no name: by stack and logical id.

        What is of no stack is addressed by its name.
        """
        if not address[0]:
            return address[1]
        properties = self._resource(address).get("Properties", {})
        for given in ("RoleName", "Name", "FunctionName", "TopicName", "QueueName"):
            if isinstance(properties.get(given), str):
                return str(properties[given])
        name = re.sub(r"\W", "", plain(address).partition("/")[2])
        return f"cufit-{self.settings.name}-{address[0]}-{name}-MADEUP"

    def _resource(self, address: Address) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.templates.stacks[address[0]]["Resources"][address[1]]
        return found

    def _evaluated(self, stack: str, function: str, argument: Any) -> Any:
        match function:
            case "Ref":
                return self._ref(stack, argument)
            case "Fn::GetAtt":
                return self._attribute((stack, argument[0]), argument[1])
            case "Fn::ImportValue":
                return self.value(*self.templates.exports[argument])
            case "Fn::Join":
                separator, parts = argument
                return str(separator).join(str(part) for part in self.value(stack, parts))
            case "Fn::Sub" if isinstance(argument, str):
                return _PLACEHOLDER.sub(lambda found: self._ref(stack, found[1]), argument)
        raise NotImplementedError(f"{function} in {stack}")

    def _attribute(self, address: Address, name: str) -> str:
        return self.arn_of(address) if name.endswith("Arn") else self.name_of(address)

    def _ref(self, stack: str, name: str) -> str:
        pseudo = {
            "AWS::AccountId": self.account,
            "AWS::Region": self.region,
            "AWS::Partition": "aws",
            "AWS::URLSuffix": "amazonaws.com",
        }
        if name in pseudo:
            return pseudo[name]
        resource = self.templates.stacks[stack]["Resources"].get(name)
        if resource is None:
            published = self.templates.published(stack, name)
            if published is None:
                raise KeyError(f"{stack} has no {name}")
            return str(self.value(*published))
        if resource["Type"] in _REF_IS_ARN:
            return self.arn_of((stack, name))
        if resource["Type"] == "AWS::SQS::Queue":
            queue = self.name_of((stack, name))
            return f"https://sqs.{self.region}.amazonaws.com/{self.account}/{queue}"
        if resource["Type"] == "AWS::S3::Bucket":
            return self.name_of((stack, name)).lower()
        return self.name_of((stack, name))


def _regional(service: str, pattern: str) -> Named:
    return lambda names, address, _: names.arn(service, pattern.format(names.name_of(address)))


def _vector_index(names: Naming, address: Address, properties: Mapping[str, Any]) -> str:
    bucket = names.value(address[0], properties["VectorBucketArn"])
    return f"{bucket}/index/{names.name_of(address)}"


def _provider(names: Naming, address: Address, properties: Mapping[str, Any]) -> str:
    host = str(properties["Url"]).removeprefix("https://")
    return names.arn("iam", f"oidc-provider/{host}", region="")


_ARNS: Mapping[str, Named] = {
    "AWS::ApiGatewayV2::Stage": _regional("apigateway", "{}"),
    "AWS::Bedrock::KnowledgeBase": _regional("bedrock", "knowledge-base/{}"),
    "AWS::CloudWatch::Alarm": _regional("cloudwatch", "alarm:{}"),
    "AWS::DynamoDB::GlobalTable": _regional("dynamodb", "table/{}"),
    "AWS::ECS::Cluster": _regional("ecs", "cluster/{}"),
    "AWS::ECS::Service": _regional("ecs", "service/cluster/{}"),
    "AWS::ECS::TaskDefinition": _regional("ecs", "task-definition/{}:1"),
    "AWS::Events::Rule": _regional("events", "rule/{}"),
    "AWS::IAM::OIDCProvider": _provider,
    "AWS::IAM::Role": lambda names, address, _: names.arn(
        "iam", f"role/{names.name_of(address)}", region=""
    ),
    "AWS::Lambda::Function": _regional("lambda", "function:{}"),
    "AWS::Logs::LogGroup": _regional("logs", "log-group:{}:*"),
    "AWS::S3::Bucket": lambda names, address, _: f"arn:aws:s3:::{names.name_of(address).lower()}",
    "AWS::S3Vectors::Index": _vector_index,
    "AWS::S3Vectors::VectorBucket": _regional("s3vectors", "bucket/{}"),
    "AWS::Scheduler::Schedule": _regional("scheduler", "schedule/default/{}"),
    "AWS::ServiceDiscovery::Service": _regional("servicediscovery", "service/{}"),
    "AWS::SNS::Topic": _regional("sns", "{}"),
    "AWS::SQS::Queue": _regional("sqs", "{}"),
    "AWS::SSM::Parameter": lambda names, address, _: names.arn(
        "ssm", f"parameter{names.name_of(address)}"
    ),
}
"""How the ARN of each kind of resource is made (service authorization reference)."""

_REF_IS_ARN = {
    "AWS::ECS::Service",
    "AWS::ECS::TaskDefinition",
    "AWS::IAM::OIDCProvider",
    "AWS::SNS::Topic",
}

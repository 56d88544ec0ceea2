"""A deployed environment as a command sees it: on this laptop, or on AWS with the shell's account.

Commands that work the same on both take a `Deployed` and ask nothing about where it is.
"""

from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from cufit_ops.laptop import embedded_aws
from cufit_ops.laptop.environment import leave_the_shells_account, session
from cufit_ops.workspace import Workspace
from stacks.config_files import ConfigurationFault, load_environments
from stacks.settings import LOCAL

_PATIENT = Config(
    connect_timeout=5, read_timeout=60, retries={"mode": "standard", "total_max_attempts": 3}
)
AT_ONCE = Config(
    connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 2}
)
"""For short questions that somebody waits for at a terminal: silent for half a minute at most."""


class NotDeployedError(Exception):
    """The environment does not run, or a stack of it is missing; says how to get it."""


class NotAwsError(Exception):
    """A web page answered in AWS's place."""


def _refuse_pages(response_dict: dict[str, Any], **_: Any) -> None:
    """No service used here answers in HTML; botocore would stumble over it with a KeyError."""
    if response_dict["headers"].get("content-type", "").startswith("text/html"):
        raise NotAwsError(
            "a web page answered in AWS's place: a network that wants a login first (open any page "
            "in a browser), or a proxy"
        )


@dataclass(frozen=True)
class Deployed:
    environment: str
    session: boto3.session.Session
    endpoint_url: str | None = None
    """Of the embedded AWS; None on AWS."""

    @classmethod
    def named(cls, environment: str) -> "Deployed":
        """The environment `environment` of config/.

        Raises:
            ValueError: config/ has no such environment, or its file is at fault.
            NotDeployedError: this laptop's does not run.
        """
        try:
            (settings,) = load_environments(only=environment)
        except ConfigurationFault as fault:
            raise ValueError(str(fault)) from fault
        if settings.name == LOCAL:
            return cls._on_this_laptop()
        return cls(environment, boto3.session.Session(region_name=settings.region))

    @classmethod
    def _on_this_laptop(cls) -> "Deployed":
        leave_the_shells_account()
        workspace = Workspace.from_environment()
        if not embedded_aws.is_healthy(workspace):
            raise NotDeployedError(f"nothing answers at {workspace.aws_url}; start it: `make up`")
        return cls(LOCAL, session(), workspace.aws_url)

    def client(self, service: str, config: Config = _PATIENT) -> Any:
        """A boto3 client of the environment's account and region; its calls raise NotAwsError."""
        made = self.session.client(
            service,  # type: ignore[call-overload]  # one name for all the services used
            endpoint_url=self.endpoint_url,
            config=config,
        )
        made.meta.events.register("before-parse", _refuse_pages)
        return made

    def dynamodb(self) -> Any:
        """The boto3 resource, as the functions' adapters take it."""
        return self.session.resource("dynamodb", endpoint_url=self.endpoint_url, config=_PATIENT)

    def output(self, stack: str, key: str) -> str:
        """Output `key` of a stack: Data, Knowledge, …

        Raises:
            NotDeployedError: the stack is not there, or was deployed before it had the output.
        """
        name = f"cufit-{self.environment}-{stack}"
        local = self.environment == LOCAL
        deploy = "`make up`" if local else f"`make deploy ENV={self.environment}`"
        try:
            (found,) = self.client("cloudformation", AT_ONCE).describe_stacks(StackName=name)[
                "Stacks"
            ]
        except ClientError as error:
            if error.response["Error"]["Code"] != "ValidationError":
                raise
            raise NotDeployedError(f"there is no stack {name}; deploy it: {deploy}") from error
        for output in found.get("Outputs", []):
            if output["OutputKey"] == key:
                return str(output["OutputValue"])
        raise NotDeployedError(f"{name} has no output {key}; deploy it again: {deploy}")

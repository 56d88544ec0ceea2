"""What is asked about: an environment's configuration, its account, and the stacks in it."""

import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from cufit_ops import templates
from cufit_ops.deployed_environment import Deployed, NotDeployedError
from cufit_ops.laptop import embedded_aws
from cufit_ops.laptop.environment import leave_the_shells_account, session
from cufit_ops.template_graph import Account
from cufit_ops.workspace import ROOT, Workspace
from stacks.config_files import ConfigurationFault, load_environments
from stacks.settings import LOCAL, Environment

STACKS = (
    "Data", "Knowledge", "Matching", "Photos", "Service", "Observability", "Budget", "Delivery",
)  # fmt: skip
"""Of an environment, as stacks/stage.py names them; the last only with [delivery]."""

_CONFIG = Config(
    connect_timeout=3, read_timeout=25, retries={"mode": "standard", "total_max_attempts": 2}
)


def synthesized(environment: str) -> Account:
    """What this checkout would deploy. Raises SynthError. Takes some seconds."""
    with tempfile.TemporaryDirectory() as folder:
        templates.synthesize(ROOT, Path(folder), validate=False)
        return Account.of_environment(Path(folder), environment)


@dataclass
class Subject:
    settings: Environment
    deployed: Deployed | None
    """How its AWS is reached; None on a laptop where none runs."""
    workspace: Workspace
    head: Callable[[str], Account] = synthesized
    """What would be deployed, by the environment's name."""
    _making: threading.Lock = field(default_factory=threading.Lock)
    _describing: threading.Lock = field(default_factory=threading.Lock)
    _clients: dict[tuple[str, str | None], Any] = field(default_factory=dict)

    @classmethod
    def named(cls, environment: str) -> "Subject":
        """The environment `environment` of config/.

        Raises:
            ValueError: config/ has no such environment, or its file is at fault.
        """
        try:
            (settings,) = load_environments(only=environment)
        except ConfigurationFault as fault:
            raise ValueError(str(fault)) from fault
        if environment != LOCAL:
            by_shell = boto3.session.Session(region_name=settings.region)
            return cls(settings, Deployed(environment, by_shell), Workspace.from_environment())
        leave_the_shells_account()
        workspace = Workspace.from_environment()
        runs = embedded_aws.is_healthy(workspace)
        here = Deployed(LOCAL, session(), workspace.aws_url) if runs else None
        return cls(settings, here, workspace)

    @property
    def name(self) -> str:
        return self.settings.name

    @property
    def deploy(self) -> str:
        """The command that deploys it."""
        return "make up" if self.settings.is_local else f"make deploy ENV={self.name}"

    def client(self, service: str, region: str | None = None) -> Any:
        """A client of the environment's account; of its region unless another is named."""
        if self.deployed is None:
            raise NotDeployedError(f"{self.workspace.aws_url} does not answer; start it: `make up`")
        with self._making:  # boto3's sessions are not made for threads; clients are
            known = self._clients.get((service, region))
            if known is None:
                known = self.deployed.session.client(
                    service,  # type: ignore[call-overload]  # one name for all the services used
                    region_name=region,
                    endpoint_url=self.deployed.endpoint_url,
                    config=_CONFIG,
                )
                self._clients[service, region] = known
            return known

    @cached_property
    def account(self) -> str:
        """Number of the account that is really asked."""
        return str(self.client("sts").get_caller_identity()["Account"])

    @property
    def stacks(self) -> dict[str, dict[str, Any]]:
        """Those that exist, by their name in STACKS, as DescribeStacks tells of them."""
        with self._describing:
            return self._stacks

    @cached_property
    def _stacks(self) -> dict[str, dict[str, Any]]:
        cloudformation = self.client("cloudformation")
        found = {}
        for stack in STACKS:  # one by one: whoever may look may look at ours, not list them all
            try:
                (one,) = cloudformation.describe_stacks(StackName=f"cufit-{self.name}-{stack}")[
                    "Stacks"
                ]
            except ClientError as error:
                if error.response["Error"]["Code"] != "ValidationError":
                    raise
            else:
                if one["StackStatus"] not in ("DELETE_COMPLETE", "REVIEW_IN_PROGRESS"):
                    found[stack] = one
        return found

    def output(self, stack: str, key: str) -> str:
        """Raises NotDeployedError."""
        for output in self.stacks.get(stack, {}).get("Outputs", []):
            if output["OutputKey"] == key:
                return str(output["OutputValue"])
        raise NotDeployedError(f"cufit-{self.name}-{stack} has no output {key}: {self.deploy}")

"""The brake of an environment: an SSM parameter that match_worker reads before it asks a model.

cost_brake pulls it for a day or a month when a limit for AI is passed; what people pull holds until
people release it.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from botocore.exceptions import ClientError

from cufit_contracts.brake import BrakeValue
from cufit_ops.deployed_environment import AT_ONCE, Deployed, NotDeployedError

BELIEVED_SECONDS = 30
"""How long a running worker believes the value it read last (match_worker.adapters.ssm_brake)."""


@dataclass(frozen=True, slots=True)
class Brake:
    environment: str
    value: str
    """As it is written: cufit_contracts.brake."""
    since: datetime
    """When it was last written."""

    @property
    def holds(self) -> bool:
        """Whether recommendations are made by rules alone because of it."""
        return BrakeValue.read(self.value).holds(datetime.now(UTC))

    @property
    def until(self) -> datetime | None:
        """When it ends by itself; None when it does not hold, or only a person releases it."""
        return BrakeValue.read(self.value).until if self.holds else None


def read(deployed: Deployed) -> Brake:
    """Raises NotDeployedError."""
    try:
        found = deployed.client("ssm", AT_ONCE).get_parameter(Name=_name(deployed))["Parameter"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterNotFound":
            raise
        raise NotDeployedError(
            f"{_name(deployed)} is not there: is {deployed.environment} deployed?"
        ) from error
    return Brake(deployed.environment, found["Value"], found["LastModifiedDate"])


def write(deployed: Deployed, value: str) -> Brake:
    """Pull (RULES) or release (OFF) it; nothing is written when it is so already.

    Raises:
        NotDeployedError: there is no brake; none is made, for nobody would read it.
    """
    found = read(deployed)
    if found.value != value:
        deployed.client("ssm", AT_ONCE).put_parameter(
            Name=_name(deployed), Value=value, Overwrite=True
        )
    return read(deployed)


def _name(deployed: Deployed) -> str:
    return f"/cufit/{deployed.environment}/brake"

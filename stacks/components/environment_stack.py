"""What every stack of an environment shares."""

import aws_cdk as cdk
from constructs import Construct

from stacks.settings import Environment


class EnvironmentStack(cdk.Stack):
    """A stack that knows its environment's `settings`; region and account come from the stage."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Environment,
        description: str,
        stateful: bool = False,
    ) -> None:
        self.settings = settings
        super().__init__(
            scope,
            id_,
            description=f"cufit {settings.name}: {description}",
            termination_protection=stateful and settings.retain_data,
            tags={"cufit:environment": settings.name},
        )

    @property
    def availability_zones(self) -> list[str]:
        """From the configuration: a look-up would need credentials at synthesis."""
        return self.settings.availability_zones

    def output(self, name: str, value: str, description: str) -> None:
        """Publish `value` under `name`; the `cufit` command reads outputs by these names."""
        cdk.CfnOutput(self, name, value=value, description=description)

    def keep_export(self, value: str) -> None:
        """Export `value` whether another stack uses it at present or not.

        An export goes only after its last import, in a deployment of its own: one that comes and
        goes with an edit of the configuration would have the edit refused.
        """
        self.export_value(value)

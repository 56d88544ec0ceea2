"""All that `cufit tune` says of one environment, as a value."""

import math
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError

from cufit_ops.capacity.choices import (
    Choice,
    Expected,
    Recommendation,
    choices_of,
    expected,
    recommended,
)
from cufit_ops.capacity.deployment_time import Deployment, deployment
from cufit_ops.capacity.measured import ServiceLoad
from cufit_ops.capacity.shape import Shape, let_through, shape_of
from cufit_ops.capacity.used import NothingKnownError, Used, used
from cufit_ops.costs.account import Built
from cufit_ops.costs.alternatives import Hours, alternatives, hours_of
from cufit_ops.costs.credits import Purse
from cufit_ops.costs.use import EXPECTED
from cufit_ops.deployed_environment import Deployed, NotDeployedError
from stacks.settings import Environment


@dataclass(frozen=True)
class Study:
    environment: str
    shape: Shape
    hours: Hours
    choices: list[Choice]
    """Of every entry and of all hours it may have."""
    deployment: Deployment | None
    used: Used | None
    used_words: str
    expected: Expected
    recommendation: Recommendation

    @property
    def alike(self) -> list[Choice]:
        """Those of its own entry and hours."""
        return alike(self.choices, self.shape.entry, self.hours)


def study(one: Built, accounts: list[Built], purse: Purse, load: ServiceLoad) -> Study:
    """Of an environment of `accounts`, which share an account. Asks CloudWatch, if this shell has
    credentials."""
    settings = one.settings
    shape = shape_of(one.account)
    if shape is None:
        raise ValueError(f"{settings.name}: its templates have no ECS service")
    others = alternatives(settings.name, accounts, EXPECTED, purse.vat_percent)
    choices = choices_of(others, shape.entry, load, purse)
    hours = hours_of(settings)
    seen, words = what_it_used(settings)
    limit = let_through(one.account).get("")
    through = limit.rate if limit and math.isfinite(limit.rate) else None
    wanted = expected(through, seen.requests_per_second if seen else None)
    return Study(
        environment=settings.name,
        shape=shape,
        hours=hours,
        choices=choices,
        deployment=deployment(shape, load),
        used=seen,
        used_words=words,
        expected=wanted,
        recommendation=recommended(
            settings.name, alike(choices, shape.entry, hours), wanted, purse.monthly_usd
        ),
    )


def what_it_used(settings: Environment) -> tuple[Used | None, str]:
    """And one sentence about it, or about why nobody knows."""
    name = settings.name
    try:
        seen = used(Deployed.named(name))
    except (NothingKnownError, NotDeployedError) as unknown:
        return None, f"{name}: {unknown}."
    except BotoCoreError as error:  # the shell's profile, before anything is asked
        return None, f"{name}: what it used is not known: {error}."
    return seen, f"{name} used in 14 days: {seen.words}."


def alike(choices: list[Choice], entry: str, hours: str) -> list[Choice]:
    return [one for one in choices if (one.entry, one.hours) == (entry, hours)]

"""`cufit park` and `cufit unpark`: an environment without tasks, and with them again."""

from cufit_ops import parking
from cufit_ops.cli.output import Json, Reached, out, print_json
from cufit_ops.costs.tasks import HOURS
from cufit_ops.deployed_environment import Deployed
from stacks.config_files import load_environments
from stacks.settings import LOCAL, Environment


def park(environment: Reached = LOCAL, as_json: Json = False) -> None:
    """Run no task of an environment that is not production, until `unpark`, or until its office
    opens. People get 503; nothing is lost; the alarm of the heartbeat will tell of it."""
    _show(environment, parking.park(Deployed.named(environment)), as_json)


def unpark(environment: Reached = LOCAL, as_json: Json = False) -> None:
    """Run as many tasks as config/ says again, until its office closes."""
    deployed = Deployed.named(environment)
    tasks = parking.tasks_of(_settings(environment))
    _show(environment, parking.set_tasks(deployed, tasks), as_json)


def _show(environment: str, tasks: parking.Tasks, as_json: bool) -> None:
    settings = _settings(environment)
    at_stake = max(tasks.before, tasks.now, parking.tasks_of(settings))
    hour = (
        0.0
        if settings.is_local
        else parking.usd_an_hour(settings.fargate, at_stake, settings.region)
    )
    if as_json:
        print_json(
            {
                "environment": environment,
                "tasksBefore": tasks.before,
                "tasks": tasks.now,
                "usdAnHour": round(hour, 4),
            }
        )
        return
    was = "as before" if tasks.before == tasks.now else f"{tasks.before} before"
    out.print(f"{environment}  {tasks.now} tasks ({was})")
    words = "costs" if tasks.now else "saves"
    month = hour * HOURS
    if not settings.is_local:
        out.print(f"{words} ${hour:.3f} an hour, ${month:.2f} a month, with VAT", style="dim")
    if settings.office_hours:
        hours = settings.office_hours.hours
        out.print(f"office hours go on: {hours}, Korea's time", style="dim")


def _settings(environment: str) -> Environment:
    (settings,) = load_environments(only=environment)
    return settings


COMMANDS = (park, unpark)

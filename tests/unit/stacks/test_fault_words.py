"""Whatever is written for a key, the fault names key, value and what is legal, in words."""

import json
import math
import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from stacks.config_files import ConfigurationFault, load_environment
from stacks.settings import Environment

FIXTURE = Path(__file__).parents[2] / "fixtures/config/dev.toml"
WRONG: tuple[Any, ...] = (
    "^[a-z]",
    "",
    " ",
    "1",
    "half a GB",
    "kim@@",
    "Ω/",
    "v1.",
    -1,
    0,
    10**7,
    0.5,
    math.inf,
    -math.inf,
    math.nan,
    True,
    [],
    [""],
    ["twice", "twice"],
    [1],
)
"""For each key some of these are wrong; which ones are legal is not this test's."""
REGEX = re.compile(
    r"\^|\$|\\[wds]|\[\^?[\w-]+\][*+{]|pattern|regex|instance of|Input should be a valid"
)


def _leaves(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        kinds = (field.annotation, *get_args(field.annotation))
        table = next((k for k in kinds if isinstance(k, type) and issubclass(k, BaseModel)), None)
        if table:
            yield from _leaves(table, f"{prefix}{name}.")
        yield prefix + name


KEYS = sorted(key for key in _leaves(Environment) if key != "name")


def _toml(value: Any) -> str:
    if isinstance(value, float | date):
        return str(value)
    return json.dumps(value, ensure_ascii=False)


def _written(content: dict[str, Any]) -> Iterator[str]:
    tables = {key: value for key, value in content.items() if isinstance(value, dict)}
    yield from (f"{key} = {_toml(value)}" for key, value in content.items() if key not in tables)
    for table, keys in tables.items():
        yield f"[{table}]"
        yield from (f"{key} = {_toml(value)}" for key, value in keys.items())


def _faults(tmp_path: Path, key: str, value: Any) -> list[str]:
    content = tomllib.loads(FIXTURE.read_text())
    content["delivery"] |= {"owner_id": 1, "repository_id": 2}  # alone, one is a fault of its own
    *tables, last = key.split(".")
    (content.setdefault(tables[0], {}) if tables else content)[last] = value
    file = tmp_path / "dev.toml"
    file.write_text("\n".join(_written(content)))
    try:
        load_environment(file)
    except ConfigurationFault as error:
        return [fault.partition("/dev.toml: ")[2] for fault in error.faults]
    return []


@pytest.mark.parametrize("key", KEYS)
def test_a_wrong_value_is_answered_with_key_value_and_what_is_legal(
    tmp_path: Path, key: str
) -> None:
    faults = [(value, fault) for value in WRONG for fault in _faults(tmp_path, key, value)]

    assert faults
    for value, fault in faults:
        assert any(word in fault for word in _names(key)), fault
        assert any(shown in fault for shown in _shown(value)), fault
        said = fault.replace(repr(value), "")
        assert len(said.rpartition(": ")[2]) > 8, fault
        assert not REGEX.search(said), fault


def _names(key: str) -> tuple[str, ...]:
    """Of a pair of size the fault names the units."""
    table, _, last = key.rpartition(".")
    return (last, "CPU units", "MiB") if table == "fargate" else (last,)


def _shown(value: Any) -> tuple[str, ...]:
    """A fault within a list shows the one that is wrong."""
    one = value[0] if isinstance(value, list) and value else value
    return (repr(value), repr(one), str(value).lower())

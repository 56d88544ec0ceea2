"""The environment variables between the stacks that set them and the code that reads them.

tests/infra compares the models with the synthesized templates.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

PREFIX = "CUFIT_"


class FromEnvironment(BaseModel):
    """What a deployable needs from its environment, checked once when it starts.

    Field `members_table` is the variable `CUFIT_MEMBERS_TABLE`.
    """

    model_config = ConfigDict(frozen=True, protected_namespaces=())

    env: str


Settings = TypeVar("Settings", bound=BaseModel)


class ConfigurationError(RuntimeError):
    """A variable is missing or out of shape; the message names every one of them."""


def variable(field: str) -> str:
    return PREFIX + field.upper()


def load_settings(model: type[Settings], environ: Mapping[str, str]) -> Settings:
    """Read `model` from `environ`; a value that starts with `[` or `{` is JSON.

    Raises:
        ConfigurationError: names each variable at fault, its value and what is wrong with it.
    """
    raw = {
        field: _decoded(environ[variable(field)])
        for field in model.model_fields
        if variable(field) in environ
    }
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        faults = "; ".join(
            f"{', '.join(_at_fault(fault, raw))}: {fault['msg'].removeprefix('Value error, ')}"
            for fault in error.errors(include_url=False)
        )
        raise ConfigurationError(f"{model.__module__}.{model.__name__}: {faults}") from error


def _at_fault(fault: ErrorDetails, raw: Mapping[str, Any]) -> Iterator[str]:
    """The variables, each with its value. Nothing secret is among them: secrets come by name."""
    if not fault["loc"]:  # a rule between fields: those that its message names
        words = re.findall(r"\w+", fault["msg"])
        yield from (f"{variable(name)} = {raw[name]!r}" for name in raw if name in words)
        return
    field, *inside = map(str, fault["loc"])
    key = ".".join([variable(field), *inside])
    yield key if fault["type"] == "missing" else f"{key} = {fault['input']!r}"


def _decoded(value: str) -> Any:
    if value[:1] not in ("[", "{"):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value

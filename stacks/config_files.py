"""Reads config/*.toml and words what is wrong with it: key, value and what would be legal."""

import difflib
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from stacks.config_rules import faults_between, faults_of
from stacks.settings import Environment

CONFIG_FOLDER = Path(__file__).parent.parent / "config"


class ConfigurationFault(Exception):
    """The configuration cannot be used; `faults` has one sentence for each reason."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(self.faults))


def load_environments(folder: Path = CONFIG_FOLDER, only: str | None = None) -> list[Environment]:
    """Every environment of `folder`, sorted by name, or the one called `only`.

    All files are read and checked even when one is wanted, because rules between environments
    hold for all.

    Raises:
        ConfigurationFault: names every fault of every file at once.
    """
    files = sorted(folder.glob("*.toml"))
    if only is not None and only not in {file.stem for file in files}:
        legal = ", ".join(file.stem for file in files) or "none: the folder is empty"
        raise ConfigurationFault(
            [f"env = {only!r}: there is no {folder.name}/{only}.toml; legal are {legal}"]
        )
    if not files:
        raise ConfigurationFault([f"{folder.name}/: no environment; each is one .toml file"])
    environments, faults = [], []
    for file in files:
        try:
            environments.append(load_environment(file))
        except ConfigurationFault as error:
            faults += error.faults
    # What is missing between them is not said of a file that could not be read.
    if faults := faults or [f"{folder.name}/: {fault}" for fault in faults_between(environments)]:
        raise ConfigurationFault(faults)
    return [environment for environment in environments if only in (None, environment.name)]


def load_environment(file: Path) -> Environment:
    """The environment that `file` describes.

    Raises:
        ConfigurationFault: not TOML, or any key missing, unknown or illegal.
    """
    where = f"{file.parent.name}/{file.name}"
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8-sig"))  # Notepad's mark, if any
    except UnicodeDecodeError as error:
        line = file.read_bytes()[: error.start].count(b"\n") + 1
        raise ConfigurationFault(
            [f"{where}: not UTF-8 (line {line}), as TOML must be; save it as UTF-8"]
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationFault([f"{where}: not TOML: {error}"]) from error
    if "name" in content:
        raise ConfigurationFault(
            [f"{where}: name is not a key; an environment is named after its file"]
        )
    try:
        environment = Environment.model_validate({"name": file.stem, **content})
    except ValidationError as error:
        raise ConfigurationFault(
            f"{where}: {fault}" for fault in _worded_faults(error.errors(include_url=False))
        ) from error
    if faults := faults_of(environment):
        raise ConfigurationFault(f"{where}: {fault}" for fault in faults)
    return environment


def _worded_faults(faults: list[ErrorDetails]) -> Iterator[str]:
    """A sentence each; a key that is missing because it is misspelt is told of once."""
    nearest = {
        fault["loc"]: _nearest_legal([str(part) for part in fault["loc"]])
        for fault in faults
        if fault["type"] == "extra_forbidden"
    }
    for fault in faults:
        key = ".".join(str(part) for part in fault["loc"])
        if fault["loc"] in nearest:
            found = nearest[fault["loc"]]
            yield f"{key} is not a key; " + (
                f"did you mean {found}?"
                if isinstance(found, str)
                else f"legal are {', '.join(found)}"
            )
        elif not (fault["type"] == "missing" and key in nearest.values()):
            yield _worded(fault)


def _worded(fault: ErrorDetails) -> str:
    path = [str(part) for part in fault["loc"]]
    key = ".".join(path)
    if fault["type"] == "missing":
        return f"{key} is missing"
    if fault["type"] in ("fargate_size", "office_hours", "credits"):
        return f"{key}: {fault['msg']}"
    if path == ["name"]:
        return f"the file's name is the environment's: {fault['input']!r} must be {fault['msg']}"
    value = fault["input"]
    written = str(value).lower() if isinstance(value, bool) else repr(value)
    return f"{key} = {written}: {_LEGAL.get(fault['type'], fault['msg'])}"


_LEGAL = {
    "int_type": "a whole number is needed, without quotes",
    "float_type": "a number is needed, without quotes",
    "finite_number": "a finite number is needed",
    "date_type": "a day is needed, such as 2026-12-01, without quotes",
    "bool_type": "true or false is needed, without quotes",
    "string_type": "a text in quotes is needed",
    "list_type": "a list is needed, in square brackets",
    "model_type": "a table is needed: its name in square brackets, its keys below",
}
"""By the type of pydantic's fault, where its own words speak of Python."""


def _nearest_legal(path: list[str]) -> str | list[str]:
    """The legal key nearest to an unknown one, of its table or else of any; or all of its table."""
    *table, wrong = path
    legal = [key for key in _legal_keys(Environment) if key != "name"]
    siblings = [key for key in legal if key.split(".")[:-1] == table]
    for keys, cutoff in ((siblings, 0.6), (legal, 0.8)):
        by_last_part = {key.rpartition(".")[2]: key for key in keys}
        if close := difflib.get_close_matches(wrong, by_last_part, n=1, cutoff=cutoff):
            return by_last_part[close[0]]
    return siblings


def _legal_keys(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield prefix + name
        for kind in (field.annotation, *get_args(field.annotation)):
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from _legal_keys(kind, f"{prefix}{name}.")

"""One version of the app, synthesized into a folder from which alone a report is made.

`DIR/synthesis.json` says how it went; a version that failed is something to report, too.
"""

import json
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from cufit_ops.review.assembly import COPIED
from cufit_ops.templates import SynthError, synthesize
from cufit_ops.workspace import VENV_BIN

_FILE = "synthesis.json"
_NOT_COPIED = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")


class Outcome(StrEnum):
    WHOLE = "whole"
    NO_APP = "no app"
    """A commit from before there was one: nothing is in the folder."""
    PACKAGES = "packages"
    """Its locked packages cannot be installed."""
    CONFIGURATION = "configuration"
    """config/ is refused."""
    APP = "app"
    """The app stops with an exception."""
    VALIDATION = "validation"
    """The templates are there, and cdk-nag or the CDK's own validation refuses them."""


@dataclass(frozen=True)
class Synthesis:
    outcome: Outcome
    reasons: tuple[str, ...] = ()
    """A sentence each, in the words of who refused."""
    detail: str = ""
    """The whole of what was said, such as a traceback."""

    @property
    def has_templates(self) -> bool:
        return self.outcome in (Outcome.WHOLE, Outcome.VALIDATION)

    @property
    def said(self) -> str:
        """Why it failed, in full; the reasons are among the words of `detail`."""
        return self.detail or "\n".join(self.reasons)

    @classmethod
    def read(cls, folder: Path) -> "Synthesis":
        """Raises ValueError for a folder that holds no synthesized version."""
        file = folder / _FILE
        try:
            said = json.loads(file.read_text(encoding="utf-8"))
            return cls(Outcome(said["outcome"]), tuple(said["reasons"]), said["detail"])
        except FileNotFoundError as error:
            if (folder / "manifest.json").is_file():
                return cls(Outcome.WHOLE)  # as the CDK CLI leaves it
            raise ValueError(
                f"{folder} holds no synthesized version; `cufit synth --output DIR` makes one"
            ) from error
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{file} is damaged: {error!r}") from error

    def write(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _FILE).write_text(json.dumps(asdict(self), ensure_ascii=False, indent=2) + "\n")


def build(
    checkout: Path, output: Path, *, validate: bool, python: Path = VENV_BIN / "python"
) -> Synthesis:
    """Synthesize `checkout` into `output`, with the files beside it that a report needs. What lay
    there is removed. A failure is an outcome, and is written there too.

    Raises ValueError when something else than a synthesized version lies there.
    """
    output = output.resolve()  # the app runs in the checkout
    output.parent.mkdir(parents=True, exist_ok=True)
    empty(output)
    if (checkout / "app.py").is_file():
        made = _synthesized(checkout, output, validate, python)
    else:
        made = Synthesis(Outcome.NO_APP)
    made.write(output)
    copy_sources(checkout, output)
    return made


def empty(output: Path) -> None:
    """Raises ValueError when something else than a synthesized version lies there."""
    if output.is_dir() and any(output.iterdir()):
        if not any((output / name).is_file() for name in (_FILE, "manifest.json")):
            raise ValueError(f"{output} holds something else; name a folder that is empty or new")
        shutil.rmtree(output)


def _synthesized(checkout: Path, output: Path, validate: bool, python: Path) -> Synthesis:
    try:
        synthesize(checkout, output, validate=validate, python=python)
    except SynthError as error:
        said = str(error)
        if refused := tuple(_violations(output)):
            return Synthesis(Outcome.VALIDATION, refused)
        if "Traceback (most recent call last)" in said:
            return Synthesis(Outcome.APP, (said.splitlines()[-1],), said)
        return Synthesis(Outcome.CONFIGURATION, tuple(said.splitlines()))
    return Synthesis(Outcome.WHOLE)


def _violations(output: Path) -> Iterator[str]:
    """Of the checks that failed: the rule, the resource and its environments, what is wrong."""
    try:
        report = json.loads((output / "validation-report.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    found: dict[tuple[str, str, str], list[str]] = {}
    for plugin in report["pluginReports"]:
        for violation in plugin["violations"] if plugin["conclusion"] == "failure" else ():
            for construct in violation["violatingConstructs"]:
                stage, _, path = construct["constructPath"].partition("/")
                what = (violation["ruleName"], path, violation["description"])
                found.setdefault(what, []).append(stage.removeprefix("cufit-"))
    for (rule, path, wrong), stages in found.items():
        where = ", ".join(dict.fromkeys(stages))
        yield f"{rule}: {path.removesuffix('/Resource')} ({where}): {wrong}"


def copy_sources(checkout: Path, output: Path) -> None:
    """Beside its assembly, what templates do not say."""
    for name in COPIED:
        source, target = checkout / name, output / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=_NOT_COPIED)
        elif source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)

"""The program that builds and runs containers: docker, podman or buildah, whichever answers."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

PROGRAM_VARIABLE: Final = "CUFIT_CONTAINER_BUILDER"
OPTIONS_VARIABLE: Final = "CUFIT_IMAGE_OPTIONS"
"""More words for the build, e.g. `-v /etc/ssl/certs/own-ca.crt:/etc/ssl/certs/…:ro`."""

# What each answers when it can work: a docker without its engine is as good as none.
_ANSWERS: Final[Mapping[str, Sequence[str]]] = {
    "docker": ("version", "--format", "{{.Server.Version}}"),
    "podman": ("info", "--format", "{{.Version.Version}}"),
    "buildah": ("version",),
}


class BuilderError(Exception):
    """The builder failed; the message is what it said."""


@dataclass(frozen=True, slots=True)
class Builder:
    program: str
    name: str

    @property
    def runs_containers(self) -> bool:
        return self.name != "buildah"

    def call(self, *words: str) -> str:
        """What `words` print on standard output.

        Raises:
            BuilderError: a code other than 0.
        """
        return self._run(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE).stdout

    def show(self, *words: str) -> None:
        """Let the person see what `words` print, as it comes. Raises BuilderError."""
        self._run(words)

    def everything_said(self, *words: str) -> str:
        """Standard output and error in the order they came. Raises BuilderError."""
        return self._run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout

    def _run(self, words: Sequence[str], **streams: int) -> subprocess.CompletedProcess[str]:
        done: subprocess.CompletedProcess[str] = subprocess.run(
            [self.program, *words],
            text=True,
            check=False,
            **streams,  # type: ignore[call-overload]
        )
        if done.returncode != 0:
            said = (done.stderr or "").strip() or "its message is above"
            raise BuilderError(f"{self.name} {words[0]} ended with {done.returncode}: {said}")
        return done


def find_builder(environ: Mapping[str, str] = os.environ) -> Builder | None:
    """The first that answers; CUFIT_CONTAINER_BUILDER names the only one to ask."""
    chosen = environ.get(PROGRAM_VARIABLE)
    for name in [chosen] if chosen else _ANSWERS:
        program = shutil.which(name, path=environ.get("PATH"))
        if program is not None and _answers(program, os.path.basename(name)):  # noqa: PTH119
            return Builder(program, os.path.basename(name))  # noqa: PTH119
    return None


def _answers(program: str, name: str) -> bool:
    question = _ANSWERS.get(name, ("version",))
    asked = subprocess.run([program, *question], capture_output=True, check=False)
    return asked.returncode == 0


def extra_options(environ: Mapping[str, str] = os.environ) -> list[str]:
    return shlex.split(environ.get(OPTIONS_VARIABLE, ""))

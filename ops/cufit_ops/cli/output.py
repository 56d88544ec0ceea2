"""How every command speaks: results on stdout, progress and errors on stderr, codes that last."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markdown import Markdown

EXIT_FAILED, EXIT_USAGE, EXIT_BUSY, EXIT_INTERRUPTED = 1, 2, 3, 130
"""0 done · 1 it did not work · 2 wrong words or settings · 3 another command is at work · 130 ^C"""

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]

Reached = Annotated[
    str, typer.Option("--env", help="A file name of config/; AWS is reached as this shell is.")
]


class Interrupted(BaseException):
    """Ctrl-C, or SIGTERM. Not KeyboardInterrupt, which the command parser would answer itself."""

    def __str__(self) -> str:
        return super().__str__() or "nothing is lost, the same command goes on from here"


@contextmanager
def while_cloudformation_works(environment: str) -> Iterator[None]:
    """Who stops this command does not stop CloudFormation, and is told so."""
    try:
        yield
    except Interrupted as stopped:
        raise Interrupted(
            "CloudFormation goes on by itself; look with "
            f"`cufit doctor --env {environment}`, then prepare again"
        ) from stopped


def print_json(document: Any) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def print_markdown(text: str) -> None:
    """Drawn on a terminal; as it is into a pipe, at whose width tables would lose columns."""
    if out.is_terminal:
        Console(width=max(out.width, 120)).print(Markdown(text))
    else:
        out.print(text, markup=False, soft_wrap=True)


def exit_unless(fine: bool) -> None:
    if not fine:
        raise typer.Exit(EXIT_FAILED)

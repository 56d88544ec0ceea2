"""How every command speaks: results on stdout, progress and errors on stderr, codes that last."""

import json
import sys
from typing import Annotated, Any

import typer
from rich.console import Console

EXIT_FAILED, EXIT_USAGE, EXIT_BUSY, EXIT_INTERRUPTED = 1, 2, 3, 130
"""0 done · 1 it did not work · 2 wrong words or settings · 3 another command is at work · 130 ^C"""

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]

Reached = Annotated[
    str, typer.Option("--env", help="A file name of config/; AWS is reached as this shell is.")
]


def print_json(document: Any) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def exit_unless(fine: bool) -> None:
    if not fine:
        raise typer.Exit(EXIT_FAILED)

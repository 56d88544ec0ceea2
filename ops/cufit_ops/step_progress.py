"""Steps of long work, shown while they run: a live line in a terminal, plain lines elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape

Say = Callable[[str], None]
"""Takes the latest line of what a step is doing."""


class Progress:
    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def step(self, name: str) -> Iterator[Say]:
        started = time.monotonic()
        outcome = ["done"]
        if self._console.is_terminal:
            with self._console.status(f"{name} …") as status:

                def say(line: str) -> None:
                    if line.strip():
                        outcome[0] = line.strip()
                        room = max(20, self._console.width - len(name) - 12)
                        text = escape(line.strip()[:room])
                        status.update(f"{name} … [dim]{text}[/dim]")

                yield say
        else:
            self._console.print(f"… {name}")

            def remember(line: str) -> None:
                outcome[0] = line.strip() or outcome[0]

            yield remember
        took = time.monotonic() - started
        self._console.print(f"[green]✓[/green] {name:<28} {took:6.1f} s")

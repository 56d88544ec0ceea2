"""A report as a picture: one SVG with bars for each figure people ask for first."""

import io
from collections.abc import Iterator, Mapping

from rich.bar import Bar
from rich.console import Console, Group
from rich.table import Table
from rich.terminal_theme import DEFAULT_TERMINAL_THEME

from cufit_ops.evaluation.baseline import MAX_USD_PER_MATCH
from cufit_ops.evaluation.intervals import Interval
from cufit_ops.evaluation.report import Report
from cufit_ops.evaluation.rows import shown

COLUMNS = 96
_COLOURS = ("blue", "yellow", "green", "magenta", "cyan", "white")
_LIMITS = ("chance", "age gap", "distance", "popularity", "limit")
_FORMAT = """<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}">
<style>
.{unique_id}-matrix {{ font: {char_height}px monospace; line-height: {line_height}px; }}
{styles}
</style>
<title>Evaluation of matching</title>
<rect width="{width}" height="{height}" fill="#ffffff"/>
<defs>{lines}</defs>
<g transform="translate({terminal_x}, {terminal_y})">
{backgrounds}
<g class="{unique_id}-matrix">{matrix}</g>
</g>
</svg>
"""
"""Rich's own draws a terminal's window and names a font on the web."""


def drawn(report: Report) -> str:
    """SVG text."""
    console = Console(
        record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, highlight=False
    )
    who = "a real model answered" if report.live else "stand-ins answered, no model was asked"
    console.print("[bold]Evaluation of matching[/bold]")
    console.print(f"{report.people} synthetic people, {report.seekers} seekers; {who}", style="dim")
    console.print(Group(*_panels(report)))
    return console.export_svg(theme=DEFAULT_TERMINAL_THEME, code_format=_FORMAT)


def _panels(report: Report) -> Iterator[Table]:
    trials = report.trials
    ndcg = {one.name: one.agreement.ndcg_at_5 for one in trials}
    simpler = {name: one.ndcg_at_5 for name, one in report.yardsticks.items()}
    yield _panel("nDCG@5 against the labels", {**ndcg, **simpler}, 1.0, "{:.3f}")
    success = {one.name: one.agreement.mutual_at_5 for one in trials}
    simpler = {name: one.mutual_at_5 for name, one in report.yardsticks.items()}
    yield _panel("Of those shown, liking is mutual", {**success, **simpler}, 1.0, "{:.3f}")
    tau = {one.name: one.agreement.kendall_tau for one in trials if one.agreement.kendall_tau}
    yield _panel("Kendall tau of the five shown", tau, 1.0, "{:.3f}")
    if usd := {one.name: one.cost.usd_per_1000 for one in trials if one.cost}:
        limit = 1000 * MAX_USD_PER_MATCH
        most = 1.1 * max(1.2 * limit, *usd.values())
        yield _panel("US dollars per 1,000 matches", {**usd, "limit": limit}, most, "${:.3f}")
    p95 = {one.name: one.overhead_ms.p95 for one in trials}
    most = max(40.0, *p95.values())
    yield _panel("Own overhead, milliseconds (p95)", p95, most, "{:.1f}")


def _panel(title: str, values: Mapping[str, Interval | float], most: float, form: str) -> Table:
    """One bar a value, of full length at `most`."""
    panel = Table.grid(padding=(0, 2))
    panel.title, panel.title_justify, panel.title_style = f"\n{title}", "left", "bold"
    panel.add_column(width=30)
    panel.add_column(width=40)
    panel.add_column(style="bold", no_wrap=True)
    for number, (name, value) in enumerate(values.items()):
        colour = "red" if name in _LIMITS else _COLOURS[number % len(_COLOURS)]
        length = value.mean if isinstance(value, Interval) else value
        bar = Bar(most, 0, max(0.0, length), color=colour)
        panel.add_row(name, bar, shown(value, form))
    return panel

"""Cost against capacity as a picture: every size of an environment, the frontier marked."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullFormatter

from cufit_ops.capacity.choices import Choice, frontier

FORMATS = ("svg", "png")
INCHES = (9.6, 5.4)
_LINE, _POINT, _NOW, _TAKE, _LIMIT = "#1f6feb", "#8b949e", "#24292f", "#1a7f37", "#cf222e"
_SETTINGS = {"svg.hashsalt": "cufit", "svg.fonttype": "none", "font.size": 9.5}
"""The same figures make the same file; words stay words."""


def draw(
    choices: Sequence[Choice],
    take: Choice | None,
    *,
    title: str,
    notes: str,
    limit: float | None,
    files: Sequence[Path],
) -> None:
    """`choices` of one environment, entry, number of tasks and hours, into each of `files`, by
    whose ends the format goes."""
    figure = Figure(figsize=INCHES, dpi=110, layout="constrained")
    axes = figure.subplots()
    _points(axes, choices)
    _frontier(axes, choices)
    _marks(axes, choices, take)
    _rows(axes, choices)
    if limit is not None and axes.get_xlim()[1] > limit:
        axes.axvline(limit, color=_LIMIT, linewidth=1, linestyle=(0, (5, 3)))
        axes.annotate(
            f"limit ${limit:g}", (limit, 0), (4, 5), xycoords=("data", "axes fraction"),
            textcoords="offset points", color=_LIMIT, fontsize=8.5,
        )  # fmt: skip
    _axes(axes, choices, title)
    figure.supxlabel(notes, fontsize=8, color="#57606a", x=0.01, ha="left")
    for file in files:
        figure.savefig(file, metadata={"Date": None} if file.suffix == ".svg" else None)

"""Cost against capacity as a picture: every size of an environment, the frontier marked."""

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from cufit_ops.capacity.choices import Choice, frontier
from cufit_ops.capacity.measured import ONE_CORE, rounded

INCHES, DOTS_PER_INCH = (9.6, 5.4), 110
WIDEST, LARGEST = 2.5, 2 * ONE_CORE
"""Times the limit, or the dearer of what is and what is recommended, and CPU units: beyond them
nothing is drawn."""
_POINT, _LINE, _NOW, _TAKE, _LIMIT, _WORDS = (
    *("#6e7781", "#0969da", "#24292f"),
    *("#1a7f37", "#cf222e", "#57606a"),
)


def draw(
    choices: Sequence[Choice],
    take: Choice | None,
    *,
    title: str,
    note: str,
    limit: float | None,
    files: Sequence[Path],
) -> None:
    """`choices` of one environment, entry, number of tasks and hours, into each of `files`; the
    ends of their names say which format. `limit` is the account's month in US dollars."""
    now = next((one for one in choices if one.now), None)
    meant = [one.usd for one in (now, take) if one]
    most = WIDEST * max([limit or 0.0, *meant])
    shown = [
        one for one in choices if (one.usd <= most and one.cpu <= LARGEST) or one in (now, take)
    ]
    # The same figures make the same file, and words stay words.
    with rc_context({"svg.hashsalt": "cufit", "svg.fonttype": "none", "font.size": 9.5}):
        figure = Figure(figsize=INCHES, dpi=DOTS_PER_INCH, layout="constrained")
        axes = figure.subplots()
        top = max(one.requests_per_second for one in shown)
        axes.set_ylim(0, 1.15 * top)
        _frontier(axes, shown)
        _points(axes, shown)
        _marks(axes, now, take)
        if limit is not None:
            _limit(axes, limit)
        axes.set_title(title, loc="left", fontweight="bold")
        axes.set_xlabel("US dollars a month for the whole account, VAT included")
        axes.set_ylabel("requests a second, flat out")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda usd, _: f"${usd:g}"))
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="y", color="#eaeef2")
        axes.set_axisbelow(True)
        axes.margins(x=0.07)
        axes.legend(loc="lower right", fontsize=9, framealpha=1, edgecolor="#d0d7de")
        figure.supxlabel(note, fontsize=8, color=_WORDS, x=0.01, ha="left")
        for file in files:
            figure.savefig(file, metadata={"Date": None} if file.suffix == ".svg" else None)


def _frontier(axes: Axes, choices: Sequence[Choice]) -> None:
    best = frontier(choices)
    axes.plot(
        [one.usd for one in best] + [max(one.usd for one in choices)],
        [one.requests_per_second for one in [*best, best[-1]]],
        drawstyle="steps-post", color=_LINE, linewidth=1.5, zorder=1,
        label="frontier: nothing carries more for as little",
    )  # fmt: skip


def _points(axes: Axes, choices: Sequence[Choice]) -> None:
    """A row for each CPU; its first point says both numbers, the others only their memory."""
    for measured, name in ((True, "measured"), (False, "modelled: one process uses one core")):
        some = [one for one in choices if one.measured is measured]
        if some:
            axes.scatter(
                [one.usd for one in some], [one.requests_per_second for one in some],
                s=30, zorder=2, edgecolors=_POINT, facecolors=_POINT if measured else "white",
                label=name,
            )  # fmt: skip
    best = frontier(choices)
    by_cpu = sorted(choices, key=lambda one: (one.cpu, one.memory))
    for _, row in groupby(by_cpu, key=lambda one: one.cpu):
        for position, one in enumerate(row):
            axes.annotate(
                f"{one.memory}" if position else one.size,
                (one.usd, one.requests_per_second), (0 if position else -3, -8),
                textcoords="offset points", ha="center" if position else "right", va="top",
                fontsize=8, rotation=90 if position else 0, color=_LINE if one in best else _WORDS,
            )  # fmt: skip


def _marks(axes: Axes, now: Choice | None, take: Choice | None) -> None:
    """Rings, which the legend explains: words beside them would lie on other points."""
    same = now is not None and take is not None and now.size == take.size
    marks = (
        [(take, "now and recommended", _TAKE, 170)]
        if same
        else [(now, "now", _NOW, 110), (take, "recommended", _TAKE, 210)]
    )
    for one, word, colour, area in marks:
        if one is not None:
            carries = rounded(one.requests_per_second)
            axes.scatter(
                one.usd, one.requests_per_second, s=area, zorder=3, facecolors="none",
                edgecolors=colour, linewidths=2,
                label=f"{word}: {one.size}, ${one.usd:.2f}, about {carries} a second",
            )  # fmt: skip


def _limit(axes: Axes, limit: float) -> None:
    axes.axvline(limit, color=_LIMIT, linewidth=1, linestyle=(0, (5, 3)), zorder=0)
    axes.annotate(
        f"limit ${limit:.2f}", (limit, 1), (5, -12), xycoords=("data", "axes fraction"),
        textcoords="offset points", color=_LIMIT, fontsize=8.5,
    )  # fmt: skip

"""A report as a picture: one SVG with a panel of bars for each figure people ask for first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from cufit_ops.evaluation.figures import Figures
from cufit_ops.evaluation.report import Report

WIDTH, LABELS, BAR, GAP, PANEL_GAP = 860, 270, 22, 8, 34
MARGIN, TITLE = 24, 72
_FULL = WIDTH - LABELS - 2 * MARGIN - 90
_COLOURS = ("#2f6f9f", "#c8743a", "#5b8c5a", "#8a5a8c", "#b0923b", "#6b7280")
_INK, _FAINT, _LINE = "#1f2933", "#6b7280", "#b42318"
_FONT = "font-family='system-ui, -apple-system, Noto Sans, Helvetica, Arial, sans-serif'"


@dataclass(frozen=True, slots=True)
class _Panel:
    title: str
    values: Sequence[tuple[Figures, float]]
    most: float
    """Value of a bar of full length."""
    form: str
    mark: tuple[float, str] | None = None
    """A line across the bars, and what it means."""

    @property
    def height(self) -> int:
        return 22 + len(self.values) * (BAR + GAP)


def drawn(report: Report) -> str:
    """SVG text."""
    colours = {one.name: _COLOURS[n % len(_COLOURS)] for n, one in enumerate(report.trials)}
    panels = _panels(report)
    height = TITLE + sum(panel.height + PANEL_GAP for panel in panels)
    size = f"width='{WIDTH}' height='{height}'"
    parts = [
        f"<svg xmlns='http://www.w3.org/2000/svg' {size} viewBox='0 0 {WIDTH} {height}'",
        f" role='img' {_FONT}>",
        "<title>Evaluation of matching</title>",
        f"<rect width='{WIDTH}' height='{height}' fill='#ffffff'/>",
        _text(MARGIN, 30, "Evaluation of matching", size=18, weight=600),
        _text(MARGIN, 50, _subtitle(report), size=12, colour=_FAINT),
    ]
    top = TITLE + 12
    for panel in panels:
        parts += _panel(panel, top, colours)
        top += panel.height + PANEL_GAP
    return "\n".join([*parts, "</svg>"]) + "\n"


def _subtitle(report: Report) -> str:
    who = "a real model answered" if report.live else "stand-ins answered, no model was asked"
    return f"{report.people} synthetic people, {report.seekers} seekers; {who}"


def _panels(report: Report) -> list[_Panel]:
    trials = report.trials
    ndcg = [(one, one.agreement.ndcg_at_5) for one in trials]
    tau = [(one, one.agreement.kendall_tau) for one in trials]
    usd = [(one, one.cost.usd_per_1000) for one in trials if one.cost]
    p95 = [(one, one.overhead_ms.p95) for one in trials]
    panels = [
        _Panel("nDCG@5 against the labels", ndcg, 1.0, "{:.3f}", (report.chance, "chance")),
        _Panel("Kendall tau of the five shown", tau, 1.0, "{:.3f}"),
    ]
    if usd:
        most = max(0.6, *(value for _, value in usd)) * 1.1
        limit = (0.5, "limit 0.50")
        panels.append(_Panel("US dollars per 1,000 matches", usd, most, "${:.3f}", limit))
    most = max(40.0, *(value for _, value in p95))
    panels.append(_Panel("Own overhead, milliseconds (p95)", p95, most, "{:.1f}"))
    return panels


def _panel(panel: _Panel, top: int, colours: dict[str, str]) -> Iterator[str]:
    yield _text(MARGIN, top, panel.title, size=13, weight=600)
    left, first = MARGIN + LABELS, top + 14
    for number, (trial, value) in enumerate(panel.values):
        y = first + number * (BAR + GAP)
        length = round(_FULL * max(0.0, min(1.0, value / panel.most)), 1)  # below 0: no bar
        yield _text(MARGIN, y + 15, trial.name, size=12)
        yield f"<rect x='{left}' y='{y}' width='{_FULL}' height='{BAR}' fill='#f1f3f5'/>"
        yield (
            f"<rect x='{left}' y='{y}' width='{length}' height='{BAR}'"
            f" fill='{colours[trial.name]}'/>"
        )
        yield _text(left + _FULL + 10, y + 15, panel.form.format(value), size=12, weight=600)
    if panel.mark:
        at, meaning = panel.mark
        x = round(left + _FULL * min(1.0, at / panel.most), 1)
        bottom = first + len(panel.values) * (BAR + GAP)
        yield (
            f"<line x1='{x}' y1='{first - 4}' x2='{x}' y2='{bottom}' stroke='{_LINE}'"
            " stroke-width='1.5' stroke-dasharray='4 3'/>"
        )
        yield _text(x + 4, bottom + 10, meaning, size=11, colour=_LINE)


def _text(
    x: float, y: float, words: str, *, size: int, weight: int = 400, colour: str = _INK
) -> str:
    return (
        f"<text x='{x}' y='{y}' font-size='{size}' font-weight='{weight}' fill='{colour}'>"
        f"{escape(words)}</text>"
    )

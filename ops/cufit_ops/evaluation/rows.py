"""The rows a report shows its figures by."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from cufit_ops.evaluation.agreement import Agreement, Case, paired
from cufit_ops.evaluation.figures import Figures
from cufit_ops.evaluation.intervals import Interval


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: how it is called, read, written, and which way is better."""

    title: str
    value: Callable[[Figures], Interval | float | None]
    form: str
    """Of str.format."""
    noise: float = 0.0
    """Changes up to this much are not shown: other work on the machine makes as much."""
    of_case: Callable[[Case], float | None] | None = None
    """The figure of one seeker, more is better, where two versions can be compared seeker by
    seeker."""
    agreement: Callable[[Figures], Agreement | None] = lambda one: one.agreement
    """Whose cases `of_case` reads."""

    def text(self, trial: Figures) -> str:
        return shown(self.value(trial), self.form)

    def change(self, old: Figures, new: Figures) -> str:
        """The difference, or `=`. Only one that has an interval is marked: `▲` better or `▼` worse
        when it leaves 0 out, else `≈`."""
        if self.of_case:
            before, after = self.agreement(old), self.agreement(new)
            difference = paired(after, before, self.of_case) if before and after else None
            if difference is None or not any((difference.low, difference.high)):
                return "="
            text = shown(difference, self._signed)
            if difference.low <= 0 <= difference.high:
                return f"≈ {text}"
            return f"{'▲' if difference.mean > 0 else '▼'} {text}"
        was, now = (_middle(self.value(one)) for one in (old, new))
        if was is None or now is None or abs(now - was) <= self.noise:
            return "="
        return self._signed.format(now - was)

    @property
    def _signed(self) -> str:
        return self.form.replace(":", ":+", 1)


def shown(value: Interval | float | None, form: str = "{:.3f}") -> str:
    """`0.372 [0.341, 0.403]` for an interval."""
    if value is None:
        return "—"
    if isinstance(value, Interval):
        if value.low == value.high:
            return form.format(value.mean)
        return f"{form} [{form}, {form}]".format(value.mean, value.low, value.high)
    return form.format(value)


def _middle(value: Interval | float | None) -> float | None:
    return value.mean if isinstance(value, Interval) else value


def _usd_per_1000(trial: Figures) -> Interval | None:
    if trial.cost is None:
        return None
    usd = trial.cost.usd_per_match
    return Interval(*(1000 * one for one in (usd.mean, usd.low, usd.high)))


ROWS = (
    Row("seekers", lambda one: one.agreement.seekers, "{:.0f}"),
    Row(
        "nDCG@5",
        lambda one: one.agreement.ndcg_at_5,
        "{:.3f}",
        of_case=lambda one: one.ndcg,
    ),
    Row(
        "nDCG@5 possible",
        lambda one: one.agreement.ndcg_of_found,
        "{:.3f}",
        of_case=lambda one: one.found,
    ),
    Row(
        "nDCG@5, perfect judge",
        lambda one: one.perfect.ndcg_at_5 if one.perfect else None,
        "{:.3f}",
        of_case=lambda one: one.ndcg,
        agreement=lambda one: one.perfect,
    ),
    Row(
        "Kendall tau",
        lambda one: one.agreement.kendall_tau,
        "{:.3f}",
        of_case=lambda one: one.tau,
    ),
    Row(
        "success@5",
        lambda one: one.agreement.success_at_5,
        "{:.3f}",
        of_case=lambda one: one.success,
    ),
    Row(
        "mutual@5",
        lambda one: one.agreement.mutual_at_5,
        "{:.3f}",
        of_case=lambda one: one.mutual,
    ),
    Row("strict JSON", lambda one: one.strict, "{:.1%}"),
    Row("same five, repeated", lambda one: one.stability.over_repeats, "{:.1%}"),
    Row("same five, other order", lambda one: one.stability.over_orders, "{:.1%}"),
    Row("must be zero", lambda one: sum(one.must_be_zero.values()), "{:.0f}"),
    Row("tokens in", lambda one: one.cost.input_tokens if one.cost else None, "{:,.0f}", 0.5),
    Row("tokens out", lambda one: one.cost.output_tokens if one.cost else None, "{:,.0f}", 0.5),
    Row("USD per 1,000", _usd_per_1000, "{:.3f}", 0.0005),
    Row("own overhead p50, ms", lambda one: one.overhead_ms.p50, "{:.1f}", 5.0),
    Row("own overhead p95, ms", lambda one: one.overhead_ms.p95, "{:.1f}", inf),
    Row("model p50, ms", lambda one: one.model_ms.p50 if one.model_ms else None, "{:.0f}", 50.0),
    Row("model p95, ms", lambda one: one.model_ms.p95 if one.model_ms else None, "{:.0f}", 100.0),
)

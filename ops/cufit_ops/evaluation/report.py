"""Every trial of an evaluation, and the rows they are shown by."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from math import inf
from random import Random
from statistics import fmean
from typing import Any

from cufit_contracts.results import MAX_RANKED
from cufit_ops.evaluation.contract import MOVED
from cufit_ops.evaluation.figures import Figures
from cufit_ops.evaluation.golden_set import GoldenSet
from cufit_ops.evaluation.measures import ndcg


@dataclass(frozen=True, slots=True)
class Report:
    golden_hash: str
    people: int
    seekers: int
    chance: float
    """nDCG@5 of picking anybody the hard rules admit."""
    live: bool
    """A real model answered; otherwise stand-ins did, and no figure tells about a model."""
    trials: Sequence[Figures]
    notes: Sequence[str] = ()
    """What the reader must know, such as why it ended early."""
    spent_usd: float = 0.0

    @classmethod
    def about(
        cls,
        golden: GoldenSet,
        trials: Sequence[Figures],
        *,
        live: bool,
        notes: Sequence[str] = (),
        spent_usd: float = 0.0,
    ) -> "Report":
        return cls(
            golden_hash=golden.content_hash,
            people=len(golden.documents),
            seekers=len(golden.seekers),
            chance=chance(golden),
            live=live,
            trials=trials,
            notes=notes,
            spent_usd=spent_usd,
        )

    def as_json(self) -> dict[str, Any]:
        document = asdict(self)
        for shown, trial in zip(document["trials"], self.trials, strict=True):
            if trial.cost:
                shown["cost"]["usd_per_1000"] = round(trial.cost.usd_per_1000, 4)
        return document

    @property
    def broken(self) -> list[str]:
        """What had to be zero and was not, worded. A real model may judge others anew each time,
        so whom an attack moved counts only among stand-ins."""
        return [
            f"{trial.name}: {name} is {count}, must be 0"
            for trial in self.trials
            for name, count in trial.must_be_zero.items()
            if count and not (self.live and name == MOVED)
        ]


def chance(golden: GoldenSet, times: int = 50) -> float:
    """nDCG@5 of recommending anybody the hard rules admit, in any order."""
    random = Random(0)  # noqa: S311 - repeatable, not secret
    gains = []
    for seeker in golden.seekers:
        everybody = sorted(seeker.appeal)
        for _ in range(times):
            some = random.sample(everybody, min(MAX_RANKED, len(everybody)))
            gains.append(ndcg(some, seeker.grade, MAX_RANKED))
    known = [gain for gain in gains if gain is not None]
    return round(fmean(known), 4) if known else 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: how it is called, read, written, and which way is better."""

    title: str
    value: Callable[[Figures], float | None]
    form: str
    """Of str.format."""
    better: int
    """1 when more is better, -1 when less is, 0 when neither."""
    noise: float = 0.0
    """Changes up to this much are not marked: other work on the machine makes as much."""

    def text(self, trial: Figures) -> str:
        value = self.value(trial)
        return "—" if value is None else self.form.format(value)

    def change(self, old: Figures, new: Figures) -> str:
        """`▲ better`, `▼ worse` or `=`, with the difference."""
        before, after = self.value(old), self.value(new)
        if before is None or after is None or abs(after - before) <= self.noise:
            return "="
        difference = self.form.format(after - before)
        sign = "+" if after > before else ""
        if self.better == 0:
            return f"{sign}{difference}"
        return f"{'▲' if (after > before) == (self.better > 0) else '▼'} {sign}{difference}"


def _share_strict(trial: Figures) -> float | None:
    asked = sum(trial.rungs.values())
    return trial.rungs["strict"] / asked if trial.cost else None


ROWS = (
    Row("nDCG@5", lambda one: one.agreement.ndcg_at_5, "{:.3f}", 1, 0.0005),
    Row("nDCG@5 possible", lambda one: one.agreement.ndcg_of_found, "{:.3f}", 1, 0.0005),
    Row("Kendall tau", lambda one: one.agreement.kendall_tau, "{:.3f}", 1, 0.0005),
    Row("strict JSON", _share_strict, "{:.1%}", 1),
    Row("same five, repeated", lambda one: one.stability.over_repeats, "{:.1%}", 1),
    Row("same five, other order", lambda one: one.stability.over_orders, "{:.1%}", 1),
    Row("must be zero", lambda one: sum(one.must_be_zero.values()), "{:.0f}", -1),
    Row("tokens in", lambda one: one.cost.input_tokens if one.cost else None, "{:,.0f}", -1, 0.5),
    Row("tokens out", lambda one: one.cost.output_tokens if one.cost else None, "{:,.0f}", -1, 0.5),
    Row(
        "USD per 1,000",
        lambda one: one.cost.usd_per_1000 if one.cost else None,
        "{:.3f}",
        -1,
        0.0005,
    ),
    Row("own overhead p50, ms", lambda one: one.overhead_ms.p50, "{:.1f}", -1, 5.0),
    Row("own overhead p95, ms", lambda one: one.overhead_ms.p95, "{:.1f}", -1, inf),
    Row(
        "model p50, ms", lambda one: one.model_ms.p50 if one.model_ms else None, "{:.0f}", -1, 50.0
    ),
    Row(
        "model p95, ms", lambda one: one.model_ms.p95 if one.model_ms else None, "{:.0f}", -1, 100.0
    ),
)

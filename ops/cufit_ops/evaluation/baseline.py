"""The gate: an evaluation compared with the committed one. It costs nothing and asks no model.

golden/baseline.json holds the figures to keep and golden/cases.jsonl whom each seeker was shown;
`cufit eval --write-baseline` renews both, and the change is reviewed like code.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cufit_ops.evaluation import cases
from cufit_ops.evaluation.exposure import MAX_LOSS, MAX_TOP_TENTH
from cufit_ops.evaluation.figures import Figures
from cufit_ops.evaluation.golden_set import FOLDER, GoldenSet
from cufit_ops.evaluation.report import Report
from stacks.settings import Matching

FILE = FOLDER / "baseline.json"
CASES = "cases.jsonl"
"""Beside it."""

MATCHING = Matching(matchmaker="retrieve_and_generate", model_id="apac.amazon.nova-lite-v1:0")
"""What the figures were made with: code and prompt are judged, not what an operator configured."""

MAX_USD_PER_MATCH = 0.0005
"""Of every trial with that model, by the price table."""

MAX_OVERHEAD_MS = 30.0
"""p50 of the worker itself around its calls."""

_MAY_FALL = {
    "ndcg_at_5": 0.01,
    "ndcg_at_5_perfect": 0.01,
    "kendall_tau": 0.03,
    "success_at_5": 0.02,
    "strict": 0.0,
    "same_five": 0.0,
}
_MAY_GROW = {"usd_per_match": 0.05}
"""Share of the baseline's value."""


def kept(report: Report) -> dict[str, Any]:
    """What the file holds of a report. Times are left out: they depend on the machine."""
    trials = {trial.name: _kept(trial) for trial in report.trials}
    return {"golden_hash": report.golden_hash, "trials": trials}


def write(report: Report, golden: GoldenSet, file: Path = FILE) -> None:
    file.write_text(json.dumps(kept(report), indent=2) + "\n")
    agreements = {trial.name: trial.agreement for trial in report.trials}
    cases.write(agreements, golden, file.with_name(CASES))


def worsened(report: Report, golden: GoldenSet, file: Path = FILE) -> list[str]:
    """Why the gate stays shut, one reason a line; empty when it opens. `golden` has the seekers of
    the report."""
    faults = unacceptable(report)
    try:
        held = json.loads(file.read_text())
        if held["golden_hash"] != report.golden_hash:
            return [*faults, f"{file.name} is about another golden set: {held['golden_hash']}"]
        approved = cases.read(golden, file.with_name(CASES))
    except OSError as error:
        name = Path(str(error.filename)).name
        return [*faults, f"{name}: {error.strerror}; `cufit eval --write-baseline` makes it"]
    for trial in report.trials:
        before = held["trials"].get(trial.name)
        if before is None:
            faults.append(f"{trial.name} is not in {file.name}; `cufit eval --write-baseline`")
            continue
        faults += _against(trial.name, before, _kept(trial))
        if trial.name in approved:
            faults += cases.fallen(trial.name, approved[trial.name], trial.agreement, golden)
        else:
            faults.append(f"{trial.name} is not in {CASES}; `cufit eval --write-baseline`")
    return faults


def unacceptable(report: Report) -> list[str]:
    """What no baseline may hold, whatever was approved before: something that must be zero and is
    not, or a figure beyond its limit."""
    return [*report.broken, *_beyond_limits(report)]


def _beyond_limits(report: Report) -> Iterator[str]:
    for trial in report.trials:
        if trial.cost and trial.cost.usd_per_match.mean > MAX_USD_PER_MATCH:
            usd = trial.cost.usd_per_match.mean
            yield f"{trial.name}: {usd:.7f} USD a match > {MAX_USD_PER_MATCH}"
        if trial.overhead_ms.p50 > MAX_OVERHEAD_MS:
            yield f"{trial.name}: overhead p50 {trial.overhead_ms.p50} ms > {MAX_OVERHEAD_MS} ms"
        if trial.repeatedly:
            top = trial.repeatedly.exposure.most_uneven.top_tenth.mean
            change = trial.repeatedly.exposure.worst_change.mean
            if top > MAX_TOP_TENTH:
                share = f"{top:.1%} > {MAX_TOP_TENTH:.0%}"
                yield f"{trial.name}: the tenth shown most gets {share} of all showings"
            if change < -MAX_LOSS:
                loss = f"{-change:.4f} > {MAX_LOSS}"
                yield f"{trial.name}: congestion costs nDCG@5 {loss}"


def _against(name: str, before: dict[str, float], after: dict[str, float]) -> Iterator[str]:
    for figure in sorted({*_MAY_FALL, *_MAY_GROW} - before.keys()):
        yield f"{name}: {FILE.name} has no {figure}; `cufit eval --write-baseline`"
    for figure, slack in _MAY_FALL.items():
        if figure in before and after[figure] < before[figure] - slack:
            yield f"{name}: {figure} fell from {before[figure]} to {after[figure]}"
    for figure, share in _MAY_GROW.items():
        if figure in before and after[figure] > before[figure] * (1 + share):
            yield f"{name}: {figure} grew from {before[figure]} to {after[figure]}"


def _kept(trial: Figures) -> dict[str, float]:
    agreement, stability = trial.agreement, trial.stability
    same = [one.mean for one in (stability.over_repeats, stability.over_orders) if one]
    figures = {
        "ndcg_at_5": agreement.ndcg_at_5.mean,
        "ndcg_at_5_perfect": trial.perfect.ndcg_at_5.mean if trial.perfect else 0.0,
        "kendall_tau": agreement.kendall_tau.mean if agreement.kendall_tau else 0.0,
        "success_at_5": agreement.success_at_5.mean,
        "strict": trial.strict.mean if trial.strict else 0.0,
        "same_five": min(same, default=0.0),
    }
    usd = trial.cost.usd_per_match.mean if trial.cost else 0.0
    return {name: round(value, 4) for name, value in figures.items()} | {
        "usd_per_match": round(usd, 7)
    }

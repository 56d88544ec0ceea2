"""The gate: an evaluation compared with the committed one. It costs nothing and asks no model.

golden/baseline.json holds the figures to keep; `cufit eval --write-baseline` renews it, and the
change is reviewed like code.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cufit_ops.evaluation.figures import Figures
from cufit_ops.evaluation.golden_set import FOLDER
from cufit_ops.evaluation.report import Report
from stacks.settings import Matching

FILE = FOLDER / "baseline.json"

MATCHING = Matching(matchmaker="retrieve_and_generate", model_id="apac.amazon.nova-lite-v1:0")
"""What the figures were made with: code and prompt are judged, not what an operator configured."""

MAX_USD_PER_MATCH = 0.0005
"""Of every trial with that model, by the price table."""

MAX_OVERHEAD_MS = 30.0
"""p50 of the worker itself around its calls."""

_MAY_FALL = {"ndcg_at_5": 0.01, "kendall_tau": 0.03, "strict": 0.0, "same_five": 0.0}
_MAY_GROW = {"usd_per_match": 0.05}
"""Share of the baseline's value."""


def kept(report: Report) -> dict[str, Any]:
    """What the file holds of a report. Times are left out: they depend on the machine."""
    trials = {trial.name: _kept(trial) for trial in report.trials}
    return {"golden_hash": report.golden_hash, "trials": trials}


def write(report: Report, file: Path = FILE) -> None:
    file.write_text(json.dumps(kept(report), indent=2) + "\n")


def worsened(report: Report, file: Path = FILE) -> list[str]:
    """Why the gate stays shut, one reason a line; empty when it opens."""
    faults = [*report.broken, *_beyond_limits(report)]
    try:
        held = json.loads(file.read_text())
    except OSError as error:
        return [*faults, f"{file.name}: {error.strerror}; `cufit eval --write-baseline` makes it"]
    if held["golden_hash"] != report.golden_hash:
        return [*faults, f"{file.name} is about another golden set: {held['golden_hash']}"]
    for trial in report.trials:
        before = held["trials"].get(trial.name)
        if before is None:
            faults.append(f"{trial.name} is not in {file.name}; `cufit eval --write-baseline`")
        else:
            faults += _against(trial.name, before, _kept(trial))
    return faults


def _beyond_limits(report: Report) -> Iterator[str]:
    for trial in report.trials:
        if trial.cost and trial.cost.usd_per_match > MAX_USD_PER_MATCH:
            yield f"{trial.name}: {trial.cost.usd_per_match} USD a match > {MAX_USD_PER_MATCH}"
        if trial.overhead_ms.p50 > MAX_OVERHEAD_MS:
            yield f"{trial.name}: overhead p50 {trial.overhead_ms.p50} ms > {MAX_OVERHEAD_MS} ms"


def _against(name: str, before: dict[str, float], after: dict[str, float]) -> Iterator[str]:
    for figure, slack in _MAY_FALL.items():
        if after[figure] < before[figure] - slack:
            yield f"{name}: {figure} fell from {before[figure]} to {after[figure]}"
    for figure, share in _MAY_GROW.items():
        if after[figure] > before[figure] * (1 + share):
            yield f"{name}: {figure} grew from {before[figure]} to {after[figure]}"


def _kept(trial: Figures) -> dict[str, float]:
    runs = sum(trial.rungs.values())
    same = [one for one in (trial.stability.over_repeats, trial.stability.over_orders) if one]
    return {
        "ndcg_at_5": trial.agreement.ndcg_at_5,
        "kendall_tau": trial.agreement.kendall_tau,
        "strict": round(trial.rungs["strict"] / runs, 4),
        "same_five": min(same, default=0.0),
        "usd_per_match": trial.cost.usd_per_match if trial.cost else 0.0,
    }

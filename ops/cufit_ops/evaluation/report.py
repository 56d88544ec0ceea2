"""Every trial of an evaluation, and the yardsticks beside them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from cufit_ops.evaluation import baselines
from cufit_ops.evaluation.agreement import Agreement
from cufit_ops.evaluation.contract import MOVED
from cufit_ops.evaluation.exposure import Spread, may_be_shown
from cufit_ops.evaluation.figures import Figures
from cufit_ops.evaluation.golden_set import GoldenSet


@dataclass(frozen=True, slots=True)
class Report:
    golden_hash: str
    people: int
    seekers: int
    yardsticks: Mapping[str, Agreement]
    """Simpler ways to choose five (cufit_ops.evaluation.baselines), by name."""
    may_be_shown: Sequence[str]
    """Whom the hard rules admit for at least one seeker."""
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
            yardsticks=baselines.measured(golden),
            may_be_shown=may_be_shown(golden),
            live=live,
            trials=trials,
            notes=notes,
            spent_usd=spent_usd,
        )

    def as_json(self) -> dict[str, Any]:
        """Of a case its nDCG@5 alone."""
        document: dict[str, Any] = asdict(replace(self, trials=(), yardsticks={}, may_be_shown=()))
        del document["may_be_shown"]
        document["yardsticks"] = {
            name: _without_cases(agreement) for name, agreement in self.yardsticks.items()
        }
        document["trials"] = [_as_json(trial) for trial in self.trials]
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

    def spread(self, agreement: Agreement) -> Spread:
        return Spread.of(agreement, self.may_be_shown)

    def beside(self, trial: Figures) -> Iterator[tuple[str, Agreement]]:
        """What a trial is held against: rules with the same prompt, then the yardsticks."""
        for other in self.trials:
            if other.matcher == "rules" and other.prompt_version == trial.prompt_version:
                yield "rules", other.agreement
        yield from self.yardsticks.items()


def _as_json(trial: Figures) -> dict[str, Any]:
    document = asdict(replace(trial, agreement=replace(trial.agreement, cases={}), perfect=None))
    cases = trial.agreement.cases
    document["agreement"]["cases"] = {one: case.ndcg for one, case in cases.items()}
    document["perfect"] = _without_cases(trial.perfect) if trial.perfect else None
    if trial.cost:
        document["cost"]["usd_per_1000"] = round(trial.cost.usd_per_1000, 4)
    return document


def _without_cases(agreement: Agreement) -> dict[str, Any]:
    document = asdict(replace(agreement, cases={}))
    del document["cases"]
    return document

"""The default path beside rules on golden sets that nothing was tuned on:
`python -m cufit_ops.evaluation.holdout 11 12 13` draws one for each seed, and takes 25 s for each.
Exposure is that of the worst of its turns.

The committed set and those of seeds 1 and 2 served for tuning (docs/evaluation.md).
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory

from cufit_contracts.results import MatchmakerName
from cufit_ops.evaluation import baseline, synthesis
from cufit_ops.evaluation.agreement import Agreement, Case, agreed, agreement, paired
from cufit_ops.evaluation.bedrock import Index
from cufit_ops.evaluation.bench import Bench
from cufit_ops.evaluation.exposure import TURNS, Exposure, exposure
from cufit_ops.evaluation.golden_set import GoldenSet, load
from cufit_ops.evaluation.intervals import Interval, mean_interval
from cufit_ops.evaluation.markdown_table import table
from cufit_ops.evaluation.perfect import Perfect
from cufit_ops.evaluation.rows import shown
from cufit_ops.evaluation.stand_ins import honest
from cufit_ops.evaluation.subject import Subject

_HEAD = ("seed", "nDCG@5", "rules", "difference", "perfect judge")
_HEAD_OF_EXPOSURE = ("tenth shown most", "without congestion", "nDCG@5 by congestion")
_SIGNED = "{:+.3f}"


@dataclass(frozen=True, slots=True)
class Held:
    """The default path on one set, with the settings of the baseline."""

    honest: Agreement
    rules: Agreement
    """Of the same prompt."""
    perfect: Agreement
    exposure: Exposure


def drawn(seed: int) -> GoldenSet:
    with TemporaryDirectory() as folder:
        synthesis.write(Path(folder), seed)
        return load(Path(folder))


def held(golden: GoldenSet, turns: int = TURNS) -> Held:
    matching = baseline.MATCHING
    matchers: Sequence[MatchmakerName] = (matching.matchmaker, "rules")
    path, rules = Subject(matchers, [matching.prompt_version], matching).setups()
    index = Index(golden.documents)
    first = agreed(Bench.offline(golden, index, path, honest).all_seekers())
    return Held(
        honest=first,
        rules=agreed(Bench.offline(golden, index, rules, honest).all_seekers()),
        perfect=agreed(Bench.offline(golden, index, path, Perfect(golden)).all_seekers()),
        exposure=exposure(
            golden, lambda: Bench.offline(golden, index, path, honest), first, turns=turns
        ),
    )


def report(sets: Mapping[int, Held]) -> Iterator[str]:
    """Lines of Markdown: each set by its seed, then the seekers of all sets together."""
    yield from table((*_HEAD, *_HEAD_OF_EXPOSURE), _rows(sets))
    over_sets = mean_interval([_difference(one.honest, one.rules).mean for one in sets.values()])
    yield f"\nDifference to rules when sets are drawn, not seekers: {shown(over_sets, _SIGNED)}"


def _rows(sets: Mapping[int, Held]) -> Iterator[Sequence[str]]:
    for seed, one in sets.items():
        yield (
            *_agreements(str(seed), one.honest, one.rules, one.perfect),
            shown(one.exposure.most_uneven.top_tenth, "{:.1%}"),
            shown(one.exposure.off.top_tenth, "{:.1%}"),
            shown(one.exposure.worst_change, _SIGNED),
        )
    yield (
        *_agreements(
            "all",
            _together({seed: one.honest for seed, one in sets.items()}),
            _together({seed: one.rules for seed, one in sets.items()}),
            _together({seed: one.perfect for seed, one in sets.items()}),
        ),
        f"{fmean(one.exposure.most_uneven.top_tenth.mean for one in sets.values()):.1%}",
        f"{fmean(one.exposure.off.top_tenth.mean for one in sets.values()):.1%}",
        _SIGNED.format(fmean(one.exposure.worst_change.mean for one in sets.values())),
    )


def _agreements(name: str, path: Agreement, rules: Agreement, perfect: Agreement) -> Sequence[str]:
    return (
        name,
        shown(path.ndcg_at_5),
        shown(rules.ndcg_at_5),
        shown(_difference(path, rules), _SIGNED),
        shown(perfect.ndcg_at_5),
    )


def _together(sets: Mapping[int, Agreement]) -> Agreement:
    """Of all seekers; each set numbers its people from 0."""
    cases: dict[str, Case] = {}
    for seed, one in sets.items():
        cases |= {f"{seed} {seeker}": case for seeker, case in one.cases.items()}
    return agreement(cases)


def _difference(path: Agreement, rules: Agreement) -> Interval:
    """nDCG@5, seeker by seeker."""
    found = paired(path, rules)
    if found is None:
        raise ValueError("no seeker has anybody to be shown")
    return found


def main(seeds: Sequence[int]) -> None:
    lines = report({seed: held(drawn(seed)) for seed in seeds})
    sys.stdout.writelines(f"{line}\n" for line in lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("seeds", type=int, nargs="+")
    main(parser.parse_args().seeds)

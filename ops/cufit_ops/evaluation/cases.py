"""Seeker by seeker: what an approved evaluation showed, and whose five got worse since.

golden/cases.jsonl   the first line names the trials; each further one is a seeker, then the people
                     shown by each trial, best first. Everybody is named by their line of
                     golden/people.jsonl.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cufit_contracts.results import MAX_RANKED
from cufit_ops.evaluation.agreement import Agreement
from cufit_ops.evaluation.golden_set import GoldenSet
from cufit_ops.evaluation.measures import ndcg

MAY_FALL = 0.02
"""nDCG@5 of one seeker: less is two people of nearly the same appeal in the other order."""

MOST_NAMED = 5
"""Cases a trial names; the rest is counted."""


def write(agreements: Mapping[str, Agreement], golden: GoldenSet, file: Path) -> None:
    """`agreements` by trial."""
    line = _lines(golden)
    rows: list[list[Any]] = [list(agreements)]
    for seeker in golden.seekers:
        one = seeker.profile.candidate_id
        cases = [agreement.cases.get(one) for agreement in agreements.values()]
        shown = [[line[other] for other in case.shown] if case else [] for case in cases]
        rows.append([line[one], *shown])
    file.write_text("".join(json.dumps(row, separators=(",", ":")) + "\n" for row in rows))


def read(golden: GoldenSet, file: Path) -> dict[str, dict[str, list[str]]]:
    """Ids of those shown, by seeker, by trial.

    Raises:
        OSError: there is no such file.
    """
    names = list(golden.documents)
    trials, *rows = [json.loads(text) for text in file.read_text().splitlines()]
    return {
        trial: {
            names[seeker]: [names[other] for other in shown[position]] for seeker, *shown in rows
        }
        for position, trial in enumerate(trials)
    }


def fallen(
    trial: str, approved: Mapping[str, Sequence[str]], now: Agreement, golden: GoldenSet
) -> Iterator[str]:
    """A line for each case of `trial` that fell by more than MAY_FALL, the worst first; before
    them one for seekers who were shown somebody and of whom nothing is known now, or the other way
    round."""
    line = _lines(golden)
    found = []
    unpaired = [
        str(line[one])
        for one in (seeker.profile.candidate_id for seeker in golden.seekers)
        if bool(approved.get(one)) != bool(one in now.cases and now.cases[one].shown)
    ]
    if unpaired:
        some = ", ".join(unpaired[:MOST_NAMED])
        yield f"{trial}: {len(unpaired)} seekers are approved or tried alone, such as {some}"
    for seeker in golden.seekers:
        one = seeker.profile.candidate_id
        if one not in approved or one not in now.cases:
            continue
        before, after = (
            ndcg(shown, seeker.grade, MAX_RANKED) or 0.0
            for shown in (approved[one], now.cases[one].shown)
        )
        if after < before - MAY_FALL:
            old, new = (
                ", ".join(str(line[other]) for other in shown)
                for shown in (approved[one], now.cases[one].shown)
            )
            fell = f"seeker {line[one]} fell from {before:.3f} to {after:.3f}"
            found.append((before - after, f"{trial}: {fell}: shown {old}, now {new}"))
    found.sort(reverse=True)
    yield from (text for _, text in found[:MOST_NAMED])
    if rest := found[MOST_NAMED:]:
        yield f"{trial}: {len(rest)} more seekers fell, each by at most {rest[0][0]:.3f}"


def _lines(golden: GoldenSet) -> dict[str, int]:
    return {name: number for number, name in enumerate(golden.documents)}

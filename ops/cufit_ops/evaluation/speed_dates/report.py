"""The figures of speed dates: by what was known, and by matcher."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from cufit_ops.evaluation.intervals import Interval, mean_interval, paired_difference
from cufit_ops.evaluation.speed_dates.auc import PersonAuc, within_person
from cufit_ops.evaluation.speed_dates.history import Known, histories
from cufit_ops.evaluation.speed_dates.points import points
from cufit_ops.evaluation.speed_dates.prior import likeliest_prior
from cufit_ops.evaluation.speed_dates.rows import SpeedDate, read
from match_worker.model.prompt import Prompt

WHAT = (
    "Students in New York, 2002 to 2004 (Fisman, Iyengar, Kamenica and Simonson, QJE 2006): how"
    " often a date that both wanted has more points than one of the same person that was not, 0.5"
    " by chance. It was measured on other people than cufit's, and is no forecast for Korea."
)
KNOWN = {
    Known.NOTHING: "nothing is known",
    Known.EARLIER: "only earlier dates of the evening are known",
    Known.OTHERS: "all other dates of the evening are known, later ones too",
}
COMPARED = (("fitted", "popularity"), ("rules", "popularity"), ("fitted", "rules"))


@dataclass(frozen=True, slots=True)
class Agreement:
    """Within-person AUC."""

    by_pair: Interval
    """Every pair, of a match and a date without one, counts alike; people are drawn anew."""
    by_person: Interval
    """Every person counts alike; people are drawn anew."""
    by_evening: Interval
    """As by_pair, and whole evenings are drawn anew: who met the same people is not independent.
    The intervals are wider; with ten evenings they hold the truth in about 89 of 100 cases, not 95
    (simulated)."""


@dataclass(frozen=True, slots=True)
class Figures:
    known: Known
    matchers: Mapping[str, Agreement]
    differences: Mapping[str, Interval]
    """Of the same people, every pair alike."""
    fitted_weights: Mapping[str, tuple[float, float, float]]
    """Mean, least and greatest over the evenings left out, of parts that go from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Report:
    file: str
    prompt_version: str
    rows: int
    scored: int
    left_out: Mapping[str, int]
    evenings: int
    persons: int
    """Who met somebody that is scored."""
    compared: int
    """Persons among these with both outcomes; the others say nothing about an order."""
    pairs: int
    likeliest_prior: Mapping[str, float]
    """Of the two shares that the answers part is made of (speed_dates.prior)."""
    figures: Sequence[Figures]

    def as_json(self) -> dict[str, Any]:
        document = json.dumps({"what": WHAT, **asdict(self)})
        return dict(json.loads(document, parse_float=lambda text: round(float(text), 4)))


def about(file: Path, prompt: Prompt) -> Report:
    """Raises: ValueError, when the file cannot be used."""
    evenings = read(file)
    meetings = evenings.scored
    counted = within_person(meetings, [0.0] * len(meetings))
    if not counted:
        raise ValueError(f"{file}: nobody is left who matched with some and not with others")
    wave_of = {one.seeker.iid: one.seeker.wave for one in meetings}
    figures = []
    for known in Known:
        told = points(meetings, histories(evenings, known), prompt.rubric)
        aucs = {name: within_person(meetings, of_it) for name, of_it in told.by_matcher.items()}
        figures.append(
            Figures(
                known,
                {name: _agreement(of_it, wave_of) for name, of_it in aucs.items()},
                {f"{a} − {b}": _difference(aucs[a], aucs[b]) for a, b in COMPARED},
                _spread(told.parts, list(told.fitted_weights.values())),
            )
        )
    return Report(
        file=file.name,
        prompt_version=prompt.version,
        rows=len(evenings.dates),
        scored=len(meetings),
        left_out=evenings.left_out,
        evenings=len({one.seeker.wave for one in meetings}),
        persons=len({one.seeker.iid for one in meetings}),
        compared=len(counted),
        pairs=sum(one.pairs for one in counted),
        likeliest_prior=_priors(evenings.dates),
        figures=figures,
    )


def _priors(dates: Sequence[SpeedDate]) -> dict[str, float]:
    of_person: dict[int, list[SpeedDate]] = defaultdict(list)
    for date in dates:
        of_person[date.iid].append(date)
    people = of_person.values()
    wanted = [(sum(one.was_wanted for one in had), len(had)) for had in people]
    said_yes = [(sum(one.said_yes for one in had), len(had)) for had in people]
    return {"wanted": likeliest_prior(wanted), "said yes": likeliest_prior(said_yes)}


def _agreement(people: Sequence[PersonAuc], wave_of: Mapping[int, int]) -> Agreement:
    aucs, pairs = [one.auc for one in people], [one.pairs for one in people]
    won: dict[int, float] = defaultdict(float)
    compared = Counter[int]()
    for one in people:
        won[wave_of[one.iid]] += one.auc * one.pairs
        compared[wave_of[one.iid]] += one.pairs
    of_evening = [won[wave] / compared[wave] for wave in compared]
    return Agreement(
        mean_interval(aucs, pairs),
        mean_interval(aucs),
        mean_interval(of_evening, list(compared.values())),
    )


def _difference(ones: Sequence[PersonAuc], others: Sequence[PersonAuc]) -> Interval:
    pairs = [one.pairs for one in ones]
    return paired_difference([one.auc for one in ones], [one.auc for one in others], pairs)


def _spread(
    parts: Sequence[str], weights: Sequence[Sequence[float]]
) -> dict[str, tuple[float, float, float]]:
    of_part = dict(zip(parts, zip(*weights, strict=True), strict=True))
    return {name: (fmean(fits), min(fits), max(fits)) for name, fits in of_part.items()}


def written(report: Report) -> str:
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield "# Speed dates"
    yield ""
    yield WHAT
    yield ""
    yield (
        f"`{report.file}`: {report.rows:,} rows, {report.scored:,} scored, of {report.persons}"
        f" persons on {report.evenings} evenings; {report.compared} persons have both outcomes,"
        f" {report.pairs:,} pairs. Rubric {report.prompt_version}."
    )
    if report.left_out:
        reasons = ", ".join(f"{reason}: {n}" for reason, n in report.left_out.items())
        yield f"\nRows left out, which still count as history: {reasons}."
    priors = ", ".join(f"{value} for {name}" for name, value in report.likeliest_prior.items())
    yield f"\nThe likeliest `[code.answers] prior`: {priors}."
    for figures in report.figures:
        yield from _of(figures)
    yield (
        "\n`part …`: one part alone, by the code that is deployed; `hobbies`, which a model"
        " decides, is the share of the seeker's interests that the other has. `rules`: the points"
        " of all facts. `fitted`: the parts by weights fitted on the other evenings, never on the"
        " one they are tried on. Intervals are 95 %, by drawing people, or evenings, anew; with ten"
        " evenings those by evening cover about 89 %."
    )


def _of(figures: Figures) -> Iterator[str]:
    yield f"\n## When {KNOWN[figures.known]}\n"
    yield "| AUC | every pair alike | every person alike | every pair, evenings drawn anew |"
    yield "|---|---|---|---|"
    for name, one in figures.matchers.items():
        yield f"| {name} | {one.by_pair} | {one.by_person} | {one.by_evening} |"
    yield "\nDifferences, of the same people, every pair alike:\n"
    for names, more in figures.differences.items():
        yield f"- {names}: {more.mean:+.3f} [{more.low:+.3f}, {more.high:+.3f}]"
    yield "\nFitted weights of parts that go from 0 to 1, and how they vary with the evening:\n"
    for name, (mean, least, greatest) in figures.fitted_weights.items():
        yield f"- {name}: {mean:.2f} ({least:.2f} to {greatest:.2f})"

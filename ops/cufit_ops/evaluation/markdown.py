"""A report as Markdown, for a pull request or a file."""

from collections.abc import Iterator, Sequence

from cufit_ops.evaluation.agreement import paired
from cufit_ops.evaluation.contract import MUST_BE_ZERO
from cufit_ops.evaluation.figures import RUNGS, Figures
from cufit_ops.evaluation.markdown_again import again_and_again
from cufit_ops.evaluation.markdown_table import table
from cufit_ops.evaluation.report import Report
from cufit_ops.evaluation.rows import ROWS, shown

STAND_IN = (
    "No model was asked. Stand-ins judged by shared words, so the agreement below tells whether"
    " code, rubric, filter and retrieval work together, and nothing about a real model;"
    " `cufit eval --live` does that. Tokens and money are those of the real prompts and documents."
)
LIVE = "A real model answered."


def written(report: Report) -> str:
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield "# Evaluation of matching"
    yield ""
    yield LIVE if report.live else STAND_IN
    yield ""
    yield (
        f"Golden set `{report.golden_hash}`: {report.people} synthetic people, {report.seekers}"
        " seekers. In brackets: 95 % of the bootstrap over the seekers."
    )
    for note in report.notes:
        yield f"\n**{note}**"
    yield "\n## Figures\n"
    trials = report.trials
    yield from table(
        ["", *(trial.name for trial in trials)],
        ([row.title, *(row.text(trial) for trial in trials)] for row in ROWS),
    )
    yield (
        "\n`possible`: by the best order of the people the model was shown; `perfect judge`: by the"
        " same pipeline when the judgement follows the labels; `success`: share of seekers who are"
        " shown somebody with whom the liking is mutual; `mutual`: share of those shown.\n"
    )
    yield from _beside(report)
    for trial in trials:
        if trial.repeatedly:
            yield from again_and_again(trial.name, trial.repeatedly)
    yield from _changes(trials)
    yield "\n## Ladder\n"
    yield "Runs by the rung that gave the result; `broken` answers are broken on purpose.\n"
    yield from table(["", *RUNGS], _rungs(trials))
    yield "\n## Must be zero\n"
    yield from table(
        ["", *MUST_BE_ZERO],
        ([trial.name, *map(str, trial.must_be_zero.values())] for trial in trials),
    )
    yield from (f"- {trial.name} crashed: {one}" for trial in trials for one in trial.crashes[:3])
    yield from _injection(trials)
    yield from _costs(trials)


def _beside(report: Report) -> Iterator[str]:
    yield "\n## Beside simpler ways\n"
    yield (
        "From the same eligible people, without a model. `popularity` knows from the labels whom"
        " everybody else likes best, and shows these to all.\n"
    )
    yield from table(
        ["", "nDCG@5", "success@5", "mutual@5", "shown most: 10 % get", "Gini"],
        (
            [
                name,
                shown(one.ndcg_at_5),
                shown(one.success_at_5),
                shown(one.mutual_at_5),
                shown(spread.top_tenth, "{:.1%}"),
                shown(spread.gini),
            ]
            for name, one, spread in (
                (name, one, report.spread(one)) for name, one in report.yardsticks.items()
            )
        ),
    )
    yield "\nDifferences, seeker by seeker:\n"
    yield from table(
        ["", "against", "nDCG@5", "mutual@5"],
        (
            [
                trial.name,
                name,
                shown(paired(trial.agreement, other), "{:+.3f}"),
                shown(paired(trial.agreement, other, lambda one: one.mutual), "{:+.3f}"),
            ]
            for trial in report.trials
            if trial.matcher != "rules"
            for name, other in report.beside(trial)
        ),
    )


def _changes(trials: Sequence[Figures]) -> Iterator[str]:
    """Each prompt version of a matcher beside the first one tried."""
    for old, new in pairs(trials):
        yield f"\n## {old.matcher}: {old.prompt_version} → {new.prompt_version}\n"
        yield from table(
            ["", old.prompt_version, new.prompt_version, "change"],
            ([row.title, row.text(old), row.text(new), row.change(old, new)] for row in ROWS),
        )


def pairs(trials: Sequence[Figures]) -> list[tuple[Figures, Figures]]:
    """(first version, later version) of every matcher tried with more than one."""
    first: dict[str, Figures] = {}
    found = []
    for trial in trials:
        if trial.matcher in first:
            found.append((first[trial.matcher], trial))
        else:
            first[trial.matcher] = trial
    return found


def _rungs(trials: Sequence[Figures]) -> Iterator[list[str]]:
    for trial in trials:
        yield [trial.name, *(str(trial.rungs[rung]) for rung in RUNGS)]
        if trial.broken_rungs:
            yield [f"{trial.name}, broken", *(str(trial.broken_rungs[rung]) for rung in RUNGS)]


def _injection(trials: Sequence[Figures]) -> Iterator[str]:
    tried = [(trial, trial.injection) for trial in trials if trial.injection]
    if not tried:
        return
    yield "\n## Injection\n"
    yield from table(
        ["", "attacks", "others moved", "own score changed by", "won at most when obeyed"],
        (
            [
                trial.name,
                str(one.attacks),
                str(trial.must_be_zero["others_moved"]),
                f"{one.own_score_change:.1f}",
                f"{one.most_won_when_obeyed} of 100",
            ]
            for trial, one in tried
        ),
    )


def _costs(trials: Sequence[Figures]) -> Iterator[str]:
    costs = [(trial, trial.cost) for trial in trials if trial.cost]
    if not costs:
        return
    yield "\n## Cost\n"
    yield from table(
        ["", "model", "USD per match", "USD per 1,000", "tokens"],
        (
            [
                trial.name,
                f"`{one.model_id}`",
                shown(one.usd_per_match, "{:.6f}"),
                f"{one.usd_per_1000:.3f}",
                "counted" if one.counted else "estimated",
            ]
            for trial, one in costs
        ),
    )

"""What shows over many recommendations, as Markdown."""

from collections.abc import Iterator, Sequence

from cufit_ops.evaluation.exposure import MAX_LOSS, MAX_TOP_TENTH, Exposure
from cufit_ops.evaluation.figures import Repeatedly
from cufit_ops.evaluation.learning import SUGGESTED, Learned
from cufit_ops.evaluation.markdown_table import table
from cufit_ops.evaluation.rounds import UntilDry
from cufit_ops.evaluation.rows import shown

_ROUNDS_SHOWN = 20


def again_and_again(name: str, repeatedly: Repeatedly) -> Iterator[str]:
    yield f"\n## Again and again: {name}\n"
    yield from _until_dry(repeatedly.until_dry)
    yield from _exposure(repeatedly.exposure)
    if repeatedly.learning:
        yield from _learning(repeatedly.learning)


def _until_dry(dry: UntilDry) -> Iterator[str]:
    yield (
        f"Until nobody is left, {dry.seekers} seekers, everybody shown is met:"
        f" {shown(dry.people, '{:.1f}')} people in {shown(dry.rounds, '{:.1f}')} rounds;"
        f" {dry.starved} rounds with fewer than were eligible, {dry.in_vain} questions in vain."
        " nDCG@5 is of those who were left.\n"
    )
    rounds = dry.by_round[:_ROUNDS_SHOWN]
    yield from table(
        ["round", *(str(one.number) for one in rounds)],
        [
            ["seekers", *(str(one.seekers) for one in rounds)],
            ["new people", *(f"{one.people:.2f}" for one in rounds)],
            ["nDCG@5", *(f"{one.ndcg_at_5:.2f}" for one in rounds)],
            ["questions", *(str(one.questions) for one in rounds)],
        ],
    )


def _exposure(exposure: Exposure) -> Iterator[str]:
    yield (
        "\nEvery seeker asked for one after another, again and again. In every turn the tenth shown"
        f" most may get {MAX_TOP_TENTH:.0%} of all showings, at a loss of {MAX_LOSS} nDCG@5 at"
        " most.\n"
    )
    turns = (("at one moment", exposure.at_once), ("weekly", exposure.weekly))
    yield from table(
        ["congestion", "turn", "the tenth shown most gets", "Gini", "nDCG@5 on minus off"],
        [
            ["off", "", shown(exposure.off.top_tenth, "{:.1%}"), shown(exposure.off.gini), ""],
            *(
                [
                    f"on, {name}",
                    str(number),
                    shown(one.spread.top_tenth, "{:.1%}"),
                    shown(one.spread.gini),
                    shown(one.ndcg_change, "{:+.3f}"),
                ]
                for name, some in turns
                for number, one in enumerate(some, start=1)
            ),
        ],
    )


def _learning(learning: Sequence[Learned]) -> Iterator[str]:
    yield (
        f"\nAnswers by the labels: each round the best {SUGGESTED} of the five are suggested, both"
        " answer, and it is counted. On minus off, seeker by seeker, among those not met yet:\n"
    )
    yield from table(
        ["answers about a person", "nDCG@5 on", "off", "change", "success@5", "mutual@5"],
        (
            [
                f"{one.answers:.1f}",
                shown(one.ndcg_on),
                shown(one.ndcg_off),
                *(
                    shown(change, "{:+.3f}")
                    for change in (one.ndcg_change, one.success_change, one.mutual_change)
                ),
            ]
            for one in learning
        ),
    )

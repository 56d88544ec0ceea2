"""An evaluation without AWS, model, server or cost; the same figures every time but for times."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from cufit_ops.evaluation import scenarios
from cufit_ops.evaluation.agreement import Agreement, agreed
from cufit_ops.evaluation.attacks import EACH_ATTACK_ONCE, EVERY_ATTACK
from cufit_ops.evaluation.bedrock import Index
from cufit_ops.evaluation.bench import Bench
from cufit_ops.evaluation.exposure import exposure
from cufit_ops.evaluation.figures import Figures, Repeatedly, measured
from cufit_ops.evaluation.golden_set import GoldenSet, load
from cufit_ops.evaluation.learning import learned
from cufit_ops.evaluation.perfect import Perfect
from cufit_ops.evaluation.report import Report
from cufit_ops.evaluation.rounds import until_dry
from cufit_ops.evaluation.run import Run
from cufit_ops.evaluation.stand_ins import Careless, honest, obedient
from cufit_ops.evaluation.subject import Setup, Subject

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is tried. Agreement, cost and the perfect judge take every seeker."""

    seekers: int = 32
    """Of the golden set, evenly taken, for everything else."""
    others: int = 90
    """Seekers of the trials that are neither the default path nor the rules with its prompt."""
    every_version: bool = True
    """Take every seeker for each version of the configured matcher as well."""
    repeats: int = 3
    """Times every seeker is asked for again as before, and times in another order."""
    bad_days: int = 3
    """Seeds of the careless stand-in, each answering for every seeker."""
    attacks: Sequence[str] = EVERY_ATTACK
    attacks_on_others: Sequence[str] = EVERY_ATTACK[::8]
    """On trials that are not the default path."""
    until_dry: int = 24
    """Seekers asked for until nobody is left; of the default path alone, like what follows."""
    whole_exposure: bool = True
    """By the path itself, at one moment and weekly; False: by rules in its place, at one moment."""
    learning: bool = True


QUICK = Plan(
    seekers=16,
    others=12,
    every_version=False,
    repeats=1,
    bad_days=1,
    attacks=EACH_ATTACK_ONCE,
    attacks_on_others=EACH_ATTACK_ONCE[::8],
    until_dry=4,
    whole_exposure=False,
    learning=False,
)
"""For the gate. Of the default path agreement and cost are as in the whole plan."""


def evaluated(subject: Subject, plan: Plan, say: Callable[[str], None]) -> Report:
    """Raises:
    InvalidPrompt: a version cannot be used.
    ValueError: no price of the model is known.
    """
    golden = load()
    index = Index(golden.documents)
    trials = []
    for setup in subject.setups():
        say(setup.name)
        is_whole = subject.is_near_default(setup, any_version=plan.every_version)
        asked = golden if is_whole else golden.with_some(plan.others)
        trials.append(tried(asked, index, setup, plan, is_default=subject.is_default(setup)))
    return Report.about(golden, trials, live=False)


def tried(
    golden: GoldenSet, index: Index, setup: Setup, plan: Plan, *, is_default: bool = False
) -> Figures:
    """Stand-ins answer, so agreement tells about code, rubric and retrieval, not about a model.

    What happens over many recommendations is tried of the default path alone.
    """
    bench = Bench.offline(golden, index, setup, honest)
    runs = bench.all_seekers()
    some = _evenly(runs, plan.seekers)
    stability = scenarios.stability(bench, some, plan.repeats)
    others: list[Bench] = []
    broken: list[Run] = []
    perfect: list[Run] = []
    obeying = None
    if setup.settings.matchmaker != "rules":
        for seed in range(plan.bad_days):
            careless = Bench.offline(golden, index, setup, Careless(seed))
            broken += careless.all_seekers(seekers=[run.seeker for run in some])
            others.append(careless)
        obeying = Bench.offline(golden, index, setup, obedient)
        knowing = Bench.offline(golden, index, setup, Perfect(golden))
        perfect = knowing.all_seekers()
        others += [obeying, knowing]
    attacks = plan.attacks if is_default else plan.attacks_on_others
    injection = scenarios.injection(bench, obeying, attacks, some)
    repeatedly, more = None, list[Bench]()
    if is_default:
        repeatedly, more = _repeatedly(golden, index, setup, plan, agreed(runs))
    others += more
    figures = measured(
        bench,
        runs,
        live=False,
        stability=stability,
        injection=injection,
        broken=broken,
        perfect=perfect,
        others=others,
    )
    return replace(figures, repeatedly=repeatedly)


def _repeatedly(
    golden: GoldenSet, index: Index, setup: Setup, plan: Plan, first: Agreement
) -> tuple[Repeatedly, list[Bench]]:
    """With the benches it was tried on. In `first` nobody had been shown before."""
    benches: list[Bench] = []

    def bench(setup: Setup = setup, **switches: bool) -> Bench:
        benches.append(Bench.offline(golden, index, setup.switched(**switches), honest))
        return benches[-1]

    def by_rules() -> Bench:
        return bench(
            replace(setup, settings=setup.settings.model_copy(update={"matchmaker": "rules"}))
        )

    dry = until_dry(bench(), _evenly(golden.seekers, plan.until_dry))
    if plan.whole_exposure:
        spread = exposure(golden, bench, first)
    else:
        first = agreed(by_rules().all_seekers())
        spread = exposure(golden, by_rules, first, is_weekly=False)
    better = learned(golden, bench(), bench(learn_from_answers=False)) if plan.learning else []
    return Repeatedly(dry, spread, better), benches


def _evenly(some: Sequence[T], number: int) -> Sequence[T]:
    return some[:: max(1, len(some) // number)]

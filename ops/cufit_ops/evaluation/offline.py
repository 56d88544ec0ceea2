"""An evaluation without AWS, model, server or cost; the same figures every time but for times."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cufit_ops.evaluation import scenarios
from cufit_ops.evaluation.attacks import EACH_ATTACK_ONCE, EVERY_ATTACK
from cufit_ops.evaluation.bedrock import Index
from cufit_ops.evaluation.bench import Bench
from cufit_ops.evaluation.figures import Figures, measured
from cufit_ops.evaluation.golden_set import GoldenSet, load
from cufit_ops.evaluation.report import Report
from cufit_ops.evaluation.run import Run
from cufit_ops.evaluation.stand_ins import Careless, honest, obedient
from cufit_ops.evaluation.subject import Setup, Subject


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is tried."""

    repeats: int = 3
    """Times every seeker is asked for again as before, and times in another order."""
    bad_days: int = 3
    """Seeds of the careless stand-in, each answering for every seeker."""
    attacks: Sequence[str] = EVERY_ATTACK


QUICK = Plan(repeats=1, bad_days=1, attacks=EACH_ATTACK_ONCE)
"""For the gate: agreement, tokens and cost are the same as in the whole plan."""


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
        trials.append(tried(golden, index, setup, plan))
    return Report.about(golden, trials, live=False)


def tried(golden: GoldenSet, index: Index, setup: Setup, plan: Plan) -> Figures:
    """Stand-ins answer, so agreement tells about code, rubric and retrieval, not about a model."""
    bench = Bench.offline(golden, index, setup, honest)
    first = bench.all_seekers()
    stability = scenarios.stability(bench, first, plan.repeats)
    others: list[Bench] = []
    broken: list[Run] = []
    obeying = None
    if setup.settings.matchmaker != "rules":
        for seed in range(plan.bad_days):
            careless = Bench.offline(golden, index, setup, Careless(seed))
            broken += careless.all_seekers()
            others.append(careless)
        obeying = Bench.offline(golden, index, setup, obedient)
        others.append(obeying)
    injection = scenarios.injection(bench, obeying, plan.attacks)
    return measured(
        bench,
        first,
        live=False,
        stability=stability,
        injection=injection,
        broken=broken,
        others=others,
    )

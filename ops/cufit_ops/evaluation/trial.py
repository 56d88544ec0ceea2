"""A trial: one matcher with one prompt through every scenario, without any model or cost."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from cufit_ops.evaluation import contract, figures, scenarios
from cufit_ops.evaluation.attacks import ATTACKS, DISGUISES
from cufit_ops.evaluation.bedrock import Index
from cufit_ops.evaluation.bench import Bench
from cufit_ops.evaluation.figures import Figures, Milliseconds
from cufit_ops.evaluation.golden_set import GoldenSet
from cufit_ops.evaluation.run import Run
from cufit_ops.evaluation.stand_ins import Careless, honest, obedient
from match_worker.model.prompt import Prompt
from match_worker.settings import Settings

EVERY_ATTACK = tuple(attack for kind in ATTACKS.values() for attack in kind)
EACH_ATTACK_ONCE = tuple(
    EVERY_ATTACK[first + number % len(DISGUISES)]
    for number, first in enumerate(range(0, len(EVERY_ATTACK), len(DISGUISES)))
)
"""In one disguise each, in turn."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is tried."""

    repeats: int = 3
    """Times every seeker is asked for again as before, and times in another order."""
    bad_days: int = 3
    """Seeds of the careless stand-in, each answering for every seeker."""
    attacks: Sequence[str] = EVERY_ATTACK


def offline(
    golden: GoldenSet,
    index: Index,
    prompt: Prompt,
    settings: Settings,
    embedding_model_id: str,
    plan: Plan,
) -> Figures:
    """Stand-ins answer, so agreement tells about code, rubric and retrieval, not about a model."""
    ask = partial(Bench.offline, golden, index, prompt, settings)
    bench = ask(honest)
    benches = [bench]
    first = bench.all_seekers()
    stable = scenarios.stability(bench, first, plan.repeats)
    broken: list[Run] = []
    obeying = None
    if settings.matchmaker != "rules":
        for seed in range(plan.bad_days):
            benches.append(careless := ask(Careless(seed)))
            broken += careless.all_seekers()
        benches.append(obeying := ask(obedient))
    injection = scenarios.injection(bench, obeying, plan.attacks)
    return Figures(
        matcher=settings.matchmaker,
        prompt_version=prompt.version,
        prompt_hash=prompt.content_hash,
        agreement=figures.agreement(first),
        rungs=figures.rungs(first, prompt),
        broken_rungs=figures.rungs(broken, prompt) if broken else {},
        stability=stable,
        injection=injection,
        must_be_zero=zeroes(benches),
        crashes=[crash for one in benches for crash in one.crashes],
        cost=figures.cost(first, settings.model_id, embedding_model_id, live=False),
        overhead_ms=Milliseconds.of([run.seconds for run in first]),
        model_ms=None,
    )


def zeroes(benches: Sequence[Bench]) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for bench in benches:
        counted.update(bench.broken)
    return {name: counted[name] for name in contract.MUST_BE_ZERO}

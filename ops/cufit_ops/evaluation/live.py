"""An evaluation with a real model, paid for with the credentials of the shell.

Converse gets people found in this process from the golden set, so no knowledge base is needed.
RetrieveAndGenerate searches on AWS and needs a knowledge base that holds the golden set.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import boto3
from botocore.config import Config

from cufit_ops.evaluation import figures, scenarios, trial
from cufit_ops.evaluation.bedrock import Index, InProcessBedrock, Stopwatch
from cufit_ops.evaluation.bench import Bench, Stopped
from cufit_ops.evaluation.figures import Figures, Milliseconds, Stability
from cufit_ops.evaluation.golden_set import GoldenSet, load
from cufit_ops.evaluation.offline import Subject
from cufit_ops.evaluation.purse import PricedModel, Purse, worst_price
from cufit_ops.evaluation.report import Report
from cufit_ops.evaluation.run import Run, Runner, language_model
from cufit_ops.evaluation.stand_ins import honest
from match_worker.model.prompt import load_prompt
from match_worker.ports import MatchmakerName
from match_worker.settings import Settings

ATTACKS = trial.EVERY_ATTACK[:: len(trial.EVERY_ATTACK) // 20]
"""A sample over every kind; the whole corpus is tried without a model."""


NO_BASE = "GOLDEN0000"
"""Id of the knowledge base in this process."""


@dataclass(frozen=True, slots=True)
class Clients:
    agent_runtime: Any
    """Service bedrock-agent-runtime."""
    runtime: Any
    """Service bedrock-runtime."""

    @classmethod
    def of(cls, region: str, timeout_seconds: int) -> "Clients":
        """One attempt each: botocore's retries would be paid for without being counted."""
        config = Config(
            region_name=region,
            read_timeout=timeout_seconds,
            retries={"mode": "standard", "total_max_attempts": 1},
        )
        return cls(
            boto3.client("bedrock-agent-runtime", config=config),
            boto3.client("bedrock-runtime", config=config),
        )


@dataclass(frozen=True, slots=True)
class Terms:
    max_usd: Decimal
    repeats: int
    knowledge_base_id: str | None
    """None: the golden set in this process is searched."""


def questions(subject: Subject, terms: Terms) -> int:
    """Asked if nothing has to be corrected and money lasts."""
    seekers = len(load().seekers)
    orders = 1 if terms.knowledge_base_id is None else 0
    attacked = (seekers + len(ATTACKS)) * orders
    each = seekers * (1 + terms.repeats * (1 + orders)) + attacked
    return each * len(_asking(subject)) * len(subject.versions)


def _asking(subject: Subject) -> list[MatchmakerName]:
    return [matcher for matcher in subject.matchers if matcher != "rules"]


def checked(subject: Subject, terms: Terms) -> None:
    """Raises: ValueError when the terms do not fit what is evaluated."""
    if not _asking(subject):
        raise ValueError("--live asks a model, and rules ask none")
    if "retrieve_and_generate" in subject.matchers and terms.knowledge_base_id is None:
        raise ValueError(
            "retrieve_and_generate searches on AWS: name a knowledge base that holds the golden"
            " set by --knowledge-base, or take --matcher retrieve_and_converse"
        )
    for matcher in _asking(subject):
        worst_price(subject.settings(matcher, "v1", NO_BASE), _embedding(subject), load())


def _embedding(subject: Subject) -> str:
    return subject.matching.embedding_model_id


def evaluated(
    subject: Subject, terms: Terms, clients: Clients, say: Callable[[str], None]
) -> Report:
    """What was done until the money was spent; the notes tell when that came first."""
    golden = load()
    index = Index(golden.documents)
    purse = Purse(terms.max_usd)
    trials: list[Figures] = []
    notes: list[str] = []
    for matcher, version in itertools.product(_asking(subject), subject.versions):
        say(f"{matcher} {version}")
        settings = subject.settings(matcher, version, terms.knowledge_base_id or NO_BASE)
        bench = _bench(golden, index, settings, terms, clients, purse, _embedding(subject))
        figures_of_it, stopped = _trial(bench, settings, terms, _embedding(subject))
        trials += [figures_of_it] if figures_of_it else []
        if stopped:
            notes.append(stopped)
            break
    return Report(
        golden_hash=golden.content_hash,
        people=len(golden.documents),
        seekers=len(golden.seekers),
        chance=figures.chance(golden),
        live=True,
        trials=trials,
        notes=notes,
        spent_usd=float(purse.spent_usd),
    )


def _bench(
    golden: GoldenSet,
    index: Index,
    settings: Settings,
    terms: Terms,
    clients: Clients,
    purse: Purse,
    embedding: str,
) -> Bench:
    stopwatch = Stopwatch()
    prompt = load_prompt(settings.prompt_version)
    here = None if terms.knowledge_base_id else InProcessBedrock(index, honest)
    found_by = here or stopwatch.around(clients.agent_runtime)
    model = language_model(settings, prompt, found_by, stopwatch.around(clients.runtime))
    worst = worst_price(settings, embedding, golden)
    paid = PricedModel(model, purse, settings, embedding, worst)
    return Bench(Runner(golden, prompt, settings, paid, stopwatch), here)


def _trial(
    bench: Bench, settings: Settings, terms: Terms, embedding: str
) -> tuple[Figures | None, str | None]:
    """Figures of what was done, and why it ended early if it did."""
    prompt = bench.runner.prompt
    runs: list[Run] = []
    stable, injected, stopped = Stability(0, None, None), None, None
    try:
        for seeker in bench.runner.golden.seekers:
            if run := bench.run(seeker):
                runs.append(run)
        stable = scenarios.stability(bench, runs, terms.repeats)
        if bench.bedrock:
            injected = scenarios.injection(bench, None, ATTACKS)
    except Stopped as reason:
        stopped = str(reason)
    if not runs:
        return None, stopped
    done = Figures(
        matcher=settings.matchmaker,
        prompt_version=prompt.version,
        prompt_hash=prompt.content_hash,
        agreement=figures.agreement(runs),
        rungs=figures.rungs(runs, prompt),
        broken_rungs={},
        stability=stable,
        injection=injected,
        must_be_zero=trial.zeroes([bench]),
        crashes=bench.crashes,
        cost=figures.cost(runs, settings.model_id, embedding, live=True),
        overhead_ms=Milliseconds.of([run.seconds for run in runs]),
        model_ms=Milliseconds.of([run.model_seconds for run in runs]),
    )
    return done, stopped

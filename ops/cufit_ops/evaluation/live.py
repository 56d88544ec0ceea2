"""An evaluation with a real model, paid for with the credentials of the shell.

Converse gets people found in this process from the golden set, so no knowledge base is needed.
RetrieveAndGenerate searches on AWS and needs a knowledge base that holds the golden set.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import boto3
from botocore.config import Config

from cufit_ops.evaluation import scenarios
from cufit_ops.evaluation.attacks import EVERY_ATTACK
from cufit_ops.evaluation.bedrock import Index, InProcessBedrock, Stopwatch
from cufit_ops.evaluation.bench import Bench, Stopped, language_model
from cufit_ops.evaluation.figures import Figures, Stability, measured
from cufit_ops.evaluation.golden_set import GoldenSet, load
from cufit_ops.evaluation.purse import PricedModel, Purse, worst_price
from cufit_ops.evaluation.report import Report
from cufit_ops.evaluation.run import Run
from cufit_ops.evaluation.stand_ins import honest
from cufit_ops.evaluation.subject import NO_BASE, Setup, Subject
from match_worker.adapters.bedrock_nearness import BedrockNearness

ATTACKS = EVERY_ATTACK[:: len(EVERY_ATTACK) // 20]
"""A sample over every kind; the whole corpus is tried without a model."""


SEEKERS = 64
"""As many of the golden set's are asked for, evenly taken: each costs money."""


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
    seekers = len(load().with_some(SEEKERS).seekers)
    orders = 1 if terms.knowledge_base_id is None else 0
    attacked = len(ATTACKS) * orders
    each = seekers * (1 + terms.repeats * (1 + orders)) + attacked
    return each * len(_asking(subject).matchers) * len(subject.versions)


def _asking(subject: Subject) -> Subject:
    """Without the rules, which ask no model."""
    return replace(subject, matchers=[one for one in subject.matchers if one != "rules"])


def checked(subject: Subject, terms: Terms) -> None:
    """Raises: ValueError when the terms do not fit what is evaluated."""
    asking = _asking(subject)
    if not asking.matchers:
        raise ValueError("--live asks a model, and rules ask none")
    if "retrieve_and_generate" in subject.matchers and terms.knowledge_base_id is None:
        raise ValueError(
            "retrieve_and_generate searches on AWS: name a knowledge base that holds the golden"
            " set by --knowledge-base, or take --matcher retrieve_and_converse"
        )
    for setup in asking.setups():
        worst_price(setup, load())


def evaluated(
    subject: Subject, terms: Terms, clients: Clients, say: Callable[[str], None]
) -> Report:
    """What was done until the money was spent; the notes tell when that came first."""
    golden = load().with_some(SEEKERS)
    index = Index(golden.documents)
    purse = Purse(terms.max_usd)
    trials: list[Figures] = []
    notes: list[str] = []
    for setup in _asking(subject).setups(terms.knowledge_base_id or NO_BASE):
        say(setup.name)
        figures, stopped = _tried(_bench(golden, index, setup, terms, clients, purse), terms)
        if figures:
            trials.append(figures)
        if stopped:
            notes.append(stopped)
            break
    spent = float(purse.spent_usd)
    return Report.about(golden, trials, live=True, notes=notes, spent_usd=spent)


def _bench(
    golden: GoldenSet, index: Index, setup: Setup, terms: Terms, clients: Clients, purse: Purse
) -> Bench:
    stopwatch = Stopwatch()
    here = None if terms.knowledge_base_id else InProcessBedrock(index, honest)
    found_by = here or stopwatch.around(clients.agent_runtime)
    model = language_model(setup, found_by, stopwatch.around(clients.runtime))
    priced = PricedModel(model, purse, setup, golden)
    near: Any = InProcessBedrock(index, honest) if here else found_by
    nearness = BedrockNearness(near, setup.settings.knowledge_base_id)
    return Bench(golden, setup, here, priced, stopwatch, nearness)


def _tried(bench: Bench, terms: Terms) -> tuple[Figures | None, str | None]:
    """Figures of what was done, and why it ended early if it did."""
    runs: list[Run] = []
    stability, injection, stopped = Stability(0, None, None), None, None
    try:
        for seeker in bench.golden.seekers:
            if run := bench.run(seeker):
                runs.append(run)
        stability = scenarios.stability(bench, runs, terms.repeats)
        if bench.bedrock:
            injection = scenarios.injection(bench, None, ATTACKS, runs)
    except Stopped as reason:
        stopped = str(reason)
    if not runs:
        return None, stopped
    return measured(bench, runs, live=True, stability=stability, injection=injection), stopped

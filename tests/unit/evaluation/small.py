"""A few seekers of the golden set, tried quickly."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from cufit_contracts.results import MatchmakerName
from cufit_ops.evaluation import offline
from cufit_ops.evaluation.attacks import EVERY_ATTACK
from cufit_ops.evaluation.bedrock import Index
from cufit_ops.evaluation.bench import Bench
from cufit_ops.evaluation.figures import Figures
from cufit_ops.evaluation.golden_set import GoldenSet, load
from cufit_ops.evaluation.offline import Plan
from cufit_ops.evaluation.report import Report
from cufit_ops.evaluation.stand_ins import StandIn, honest
from cufit_ops.evaluation.subject import Setup, Subject
from stacks.config_files import load_environment

SEEKERS = 8
PLAN = Plan(
    seekers=SEEKERS,
    repeats=1,
    bad_days=3,
    attacks=EVERY_ATTACK[::40],
    attacks_on_others=EVERY_ATTACK[::40],
)
MATCHING = load_environment(Path(__file__).parents[2] / "fixtures/config/prod.toml").matching
SUBJECT = Subject(("retrieve_and_generate",), ("v1",), MATCHING)


@cache
def golden() -> GoldenSet:
    return replace(load(), seekers=load().seekers[:SEEKERS])


@cache
def index() -> Index:
    return Index(golden().documents)


def setup(matcher: MatchmakerName, version: str = "v1", prompts: Path | None = None) -> Setup:
    (found,) = Subject((matcher,), (version,), MATCHING, prompts).setups()
    return found


def bench(stand_in: StandIn = honest, version: str = "v1") -> Bench:
    return Bench.offline(golden(), index(), setup("retrieve_and_generate", version), stand_in)


def tried(matcher: MatchmakerName, version: str = "v1", prompts: Path | None = None) -> Figures:
    return offline.tried(golden(), index(), setup(matcher, version, prompts), PLAN)


def report(*trials: Figures) -> Report:
    return Report.about(golden(), trials, live=False)

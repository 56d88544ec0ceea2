"""An evaluation without AWS, model, server or cost; the same figures every time but for times."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cufit_ops.evaluation import trial
from cufit_ops.evaluation.bedrock import Index
from cufit_ops.evaluation.figures import chance
from cufit_ops.evaluation.golden_set import load
from cufit_ops.evaluation.report import Report
from cufit_ops.evaluation.trial import EACH_ATTACK_ONCE, Plan
from match_worker.model.prompt import load_prompt, prompts_folder
from match_worker.ports import MatchmakerName
from match_worker.settings import Settings
from stacks.settings import Matching

MATCHERS: tuple[MatchmakerName, ...] = ("retrieve_and_generate", "retrieve_and_converse", "rules")

QUICK = Plan(repeats=1, bad_days=1, attacks=EACH_ATTACK_ONCE)
"""For the gate: agreement, tokens and cost are the same as in the whole plan."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is evaluated."""

    matchers: Sequence[MatchmakerName]
    versions: Sequence[str]
    """Of the prompt."""
    matching: Matching
    """Model, results, tokens and temperature as an environment has them."""
    prompts: Path | None = None
    """Folder that holds match/; None: this checkout's."""

    def settings(self, matcher: MatchmakerName, version: str, knowledge_base_id: str) -> Settings:
        matching = self.matching
        return Settings(
            env="evaluation",
            recommendations_table="none",
            candidates_table="none",
            matches_table="none",
            knowledge_base_id=knowledge_base_id,
            model_arn=matching.model_id,  # Converse and RetrieveAndGenerate take ids as well
            model_id=matching.model_id,
            matchmaker=matcher,
            number_of_results=matching.number_of_results,
            temperature=matching.temperature,
            max_tokens=matching.max_tokens,
            bedrock_timeout_seconds=matching.timeout_seconds,
            prompt_version=version,
            brake_parameter="none",
            match_requests_queue_url="none",
            idempotency_table="none",
        )


def versions(prompts: Path | None = None) -> list[str]:
    """Of prompts/match, the oldest first."""
    folder = (prompts or prompts_folder()) / "match"
    found = [one.name for one in folder.iterdir() if one.is_dir() and one.name[1:].isdecimal()]
    return sorted(found, key=lambda name: int(name[1:]))


def evaluated(subject: Subject, plan: Plan, say: Callable[[str], None]) -> Report:
    """Raises:
    InvalidPrompt: a version cannot be used.
    ValueError: no price of the model is known.
    """
    golden = load()
    index = Index(golden.documents)
    trials = []
    for matcher, version in itertools.product(subject.matchers, subject.versions):
        say(f"{matcher} {version}")
        settings = subject.settings(matcher, version, "GOLDEN0000")
        prompt = load_prompt(version, subject.prompts)
        embedding = subject.matching.embedding_model_id
        trials.append(trial.offline(golden, index, prompt, settings, embedding, plan))
    return Report(
        golden_hash=golden.content_hash,
        people=len(golden.documents),
        seekers=len(golden.seekers),
        chance=chance(golden),
        live=False,
        trials=trials,
    )

"""What is evaluated: matchers and prompt versions, each pair set up as the worker would be."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from cufit_contracts.results import MatchmakerName
from match_worker.model.prompt import Prompt, load_prompt, prompts_folder
from match_worker.settings import Settings
from stacks.settings import Matching

MATCHERS: tuple[MatchmakerName, ...] = get_args(MatchmakerName)

NO_BASE = "GOLDEN0000"
"""Id of the knowledge base in this process."""


@dataclass(frozen=True, slots=True)
class Setup:
    """One matcher with one prompt."""

    settings: Settings
    prompt: Prompt
    embedding_model_id: str

    @property
    def name(self) -> str:
        return f"{self.settings.matchmaker} {self.prompt.version}"

    def switched(self, *, learn_from_answers: bool = True, congestion: bool = True) -> "Setup":
        """The same without what is switched off."""
        rubric = self.prompt.rubric.switched(
            learn_from_answers=learn_from_answers, congestion=congestion
        )
        return replace(self, prompt=replace(self.prompt, rubric=rubric))


@dataclass(frozen=True, slots=True)
class Subject:
    matchers: Sequence[MatchmakerName]
    versions: Sequence[str]
    """Of the prompt."""
    matching: Matching
    """Model, results, tokens and temperature as an environment has them."""
    prompts: Path | None = None
    """Folder that holds match/; None: this checkout's."""

    def is_default(self, setup: Setup) -> bool:
        """Whether it is what the environment is configured with."""
        configured = (self.matching.matchmaker, self.matching.prompt_version)
        return (setup.settings.matchmaker, setup.prompt.version) == configured

    def is_near_default(self, setup: Setup, *, any_version: bool = False) -> bool:
        """It, or the rules with the same prompt, which it is held against; the same with another
        prompt when `any_version`."""
        is_version = any_version or setup.prompt.version == self.matching.prompt_version
        return is_version and setup.settings.matchmaker in (self.matching.matchmaker, "rules")

    def setups(self, knowledge_base_id: str = NO_BASE) -> Iterator[Setup]:
        """Every matcher with every version.

        Raises:
            InvalidPrompt: a version cannot be used.
        """
        for matcher, version in itertools.product(self.matchers, self.versions):
            found = Setup(
                self._settings(matcher, version, knowledge_base_id),
                load_prompt(version, self.prompts),
                self.matching.embedding_model_id,
            )
            yield found.switched(
                learn_from_answers=self.matching.learn_from_answers,
                congestion=self.matching.congestion,
            )

    def _settings(self, matcher: MatchmakerName, version: str, knowledge_base_id: str) -> Settings:
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
            shortlist=matching.shortlist,
            near_in_meaning=matching.near_in_meaning,
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

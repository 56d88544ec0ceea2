"""What there is today to compute a result again with, and what has changed since it was made."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cufit_contracts.results import MadeBy
from match_worker.model.prompt import InvalidPrompt, Prompt, load_prompt
from match_worker.profile import Profile
from match_worker.scoring.code_hash import scoring_hash


@dataclass(frozen=True, slots=True)
class Today:
    scoring_hash: str
    prompt: Prompt | None
    """Of the version the result names; None when this checkout has none that can be used."""
    people: Mapping[str, Profile | None]
    """By candidate id; None: out of shape. Who left is missing."""

    @classmethod
    def of(cls, made_by: MadeBy, people: Mapping[str, Profile | None]) -> "Today":
        """This checkout's code and prompts."""
        try:
            prompt = load_prompt(made_by.prompt_version)
        except InvalidPrompt:
            prompt = None
        return cls(scoring_hash(), prompt, people)

    def other_making(self, made_by: MadeBy) -> tuple[str, ...]:
        """Why nothing that code decides can be computed again; empty when it can."""
        found = []
        if made_by.scoring_hash is None:
            found.append("made before results named their code")
        elif made_by.scoring_hash != self.scoring_hash:
            found.append(f"made by other code ({made_by.scoring_hash} → {self.scoring_hash})")
        version = made_by.prompt_version
        if self.prompt is None:
            found.append(f"this checkout has no prompt {version}")
        elif made_by.prompt_hash != self.prompt.content_hash:
            changed = f"{made_by.prompt_hash} → {self.prompt.content_hash}"
            found.append(f"made with another text of prompt {version} ({changed})")
        return tuple(found)

    def person(self, candidate_id: str, version: int | None, then: datetime) -> Profile | str:
        """Them as they were at `then`, in that version of their profile; or why that is not to be
        had."""
        if candidate_id not in self.people:
            return "left"
        person = self.people[candidate_id]
        if person is None:
            return "profile out of shape"
        if person.joined_at is not None and person.joined_at > then:
            return "left, and came back as somebody new"
        if version is None:
            return "the profile's version was not kept"
        if person.version != version:
            return f"profile changed since ({version} → {person.version})"
        return person

"""Rules between the keys of [matching]. Each yields the faults it finds as text."""

from collections.abc import Iterator
from pathlib import Path

from cufit_contracts.limits import LEAST_SHORTLIST
from match_worker.model.prompt import load_prompt
from match_worker.model.token_usage import answer_tokens
from stacks.settings import Environment

PROMPTS = Path(__file__).parent.parent / "prompts" / "match"
"""A folder for each version."""


def the_answer_has_room(environment: Environment) -> Iterator[str]:
    matching = environment.matching
    if matching.matchmaker == "rules":
        return  # nobody is asked for an answer
    for key in ("prompt_version", "shadow_prompt_version"):
        version = getattr(matching, key)
        if version not in _prompt_versions():
            continue
        each = answer_tokens(load_prompt(version).longest_reason)
        most = matching.max_tokens // each
        if matching.shortlist <= most:
            continue
        fewer = f"max_tokens = {each * LEAST_SHORTLIST} with a shortlist of {LEAST_SHORTLIST}"
        if most >= LEAST_SHORTLIST:
            people = f"{LEAST_SHORTLIST} to {most}" if most > LEAST_SHORTLIST else f"{most}"
            fewer = f"a shortlist of {people}"
        yield (
            f"matching.shortlist = {matching.shortlist}: each takes about {each} tokens of the "
            f"answer that {key} = {version!r} asks for, and max_tokens = {matching.max_tokens}; "
            f"legal is {fewer}, or max_tokens = {each * matching.shortlist}"
        )


def facts_choose_too(environment: Environment) -> Iterator[str]:
    matching = environment.matching
    if matching.near_in_meaning > matching.shortlist:
        yield (
            f"matching.near_in_meaning = {matching.near_in_meaning}: they are a part of the "
            f"shortlist = {matching.shortlist}; 0 to {matching.shortlist} is legal"
        )


def prompts_are_there(environment: Environment) -> Iterator[str]:
    matching = environment.matching
    versions = _prompt_versions()
    for key in ("prompt_version", "shadow_prompt_version"):
        version = getattr(matching, key)
        if version not in (*versions, None):
            yield (
                f"matching.{key} = {version!r}: there is no folder prompts/match/{version}; "
                f"legal are {', '.join(versions)}"
            )
    if matching.shadow_prompt_version == matching.prompt_version:
        yield (
            f"matching.shadow_prompt_version = {matching.shadow_prompt_version!r}: would be "
            "compared with itself; another version than prompt_version is legal, or none"
        )


def _prompt_versions() -> list[str]:
    return sorted(folder.name for folder in PROMPTS.iterdir() if folder.is_dir())

"""Checks of a prompt version for the people who write it.

What would stop the worker at its start is found by `load_prompt`; here is what would hurt later.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

from cufit_contracts.profile import IdealType, Range
from cufit_contracts.vocabulary import Gender, Mbti
from cufit_ops.evaluation.worked_examples import Finding, shown_by
from cufit_text.plain import plain, utf16_length
from match_worker.model.prompt import (
    MAX_CORRECTION,
    MAX_TEMPLATE,
    QUERY,
    SEARCH_RESULTS,
    InvalidPrompt,
    Prompt,
    load_prompt,
    prompts_folder,
)
from match_worker.model.seeker_query import MAX_QUERY, seeker_query
from match_worker.profile import Profile

_SMUGGLED = "$search_results$ ＄query＄ $output_format_instructions$ {{correction}}"


def findings(version: str, root: Path | None = None) -> list[Finding]:
    """What is wrong with `prompts/match/<version>`; empty when nothing is."""
    try:
        prompt = load_prompt(version, root)
    except InvalidPrompt as error:
        return [Finding("invalid", str(error))]
    folder = (root or prompts_folder()) / "match" / version
    return [*_text(prompt), *shown_by(prompt), *_query(), *_company(folder)]


def _text(prompt: Prompt) -> list[Finding]:
    found = []
    longest = len(prompt.render("가" * MAX_CORRECTION))
    if longest > MAX_TEMPLATE:
        found.append(Finding("too-long", f"{longest} of {MAX_TEMPLATE} characters"))
    rendered = prompt.render()
    for name in prompt.rubric.judged:
        if name not in rendered:
            found.append(Finding("unasked", f"the template does not ask for {name}"))
    for placeholder in (SEARCH_RESULTS, QUERY):
        if not re.search(rf"<(\w+)>\s*{re.escape(placeholder)}\s*</\1>", rendered):
            found.append(Finding("undelimited", f"{placeholder} stands in no tag of its own"))
    return found


def _query() -> list[Finding]:
    """About the code as much as about the prompt: what a seeker may bring into it at the worst."""
    found = []
    written = seeker_query(_worst(), "rec_lint", datetime.now(UTC))
    if utf16_length(written) > MAX_QUERY:
        found.append(
            Finding("query-too-long", f"{utf16_length(written)} of {MAX_QUERY} characters")
        )
    if set("${}<>") & set(plain(_SMUGGLED)) or "$" in written:
        found.append(Finding("smuggled", "text of a profile can name a placeholder"))
    return found


def _company(folder: Path) -> list[Finding]:
    found = []
    if not any((folder / "golden").glob("*.json")):
        found.append(Finding("no-golden-cases", f"{folder.name}/golden has no case"))
    changes = folder / "CHANGES.md"
    if not changes.is_file() or folder.name not in changes.read_text():
        found.append(Finding("no-changes", f"{folder.name}/CHANGES.md does not tell what changed"))
    return found


def _worst() -> Profile:
    """The longest profile the service accepts, made of the characters that take most room."""
    return Profile(
        candidate_id="m_worst",
        gender=Gender.FEMALE,
        birth_year=1990,
        height_cm=165,
        mbti=Mbti.ENFP,
        city="😀" * 50,
        district="😀" * 50,
        job="😀" * 100,
        hobbies=("😀" * 40,) * 10,
        smoking=3,
        drinking=3,
        self_introduction=(_SMUGGLED + '\\"') * 10,
        ideal_type=IdealType(
            age_range=Range(19, 99),
            height_range=Range(100, 250),
            mbti=tuple(Mbti),
            free_text="😀" * 200,
        ),
    )

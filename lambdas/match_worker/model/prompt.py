"""A prompt version: a folder with template, rubric and answer schema that agree with each other.

The hash over the three files is stamped on every result, so that one can tell which prompt made it.
"""

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from cufit_contracts.results import MAX_REASON_CHARACTERS
from match_worker.scoring.rubric import ANCHORED, JudgedRule, Rubric

MAX_TEMPLATE = 4000
"""Characters of textPromptTemplate (botocore model of bedrock-agent-runtime)."""

MAX_CORRECTION = 300
"""Characters a corrective retry may add."""

SEARCH_RESULTS = "$search_results$"
QUERY = "$query$"
_PLACEHOLDER = re.compile("|".join(map(re.escape, (SEARCH_RESULTS, QUERY))))
_OUTPUT_FORMAT = "$output_format_instructions$"
_POINTS = re.compile(r"\{\{(?P<name>\w+)\*(?P<share>[0-9]+(/[1-9][0-9]*)?)\}\}")
"""{{hobbies*2/3}}: two thirds of what the criterion can earn, as a whole number."""

FILES = ("template.txt", "rubric.toml", "answer.schema.json")


class InvalidPrompt(ValueError):
    """The folder cannot be used; the message names the file and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Prompt:
    version: str
    content_hash: str
    """First 12 hex digits of SHA-256 over the files."""
    rubric: Rubric
    answer_schema: dict[str, Any]
    template: str
    """With Bedrock's placeholders and `{{correction}}` still open."""

    @property
    def longest_reason(self) -> int:
        """Characters asked for at most; never above MAX_REASON_CHARACTERS."""
        return _longest_reason(self.answer_schema)

    def render(self, correction: str | None = None) -> str:
        """Text for promptTemplate.textPromptTemplate, at most MAX_TEMPLATE characters."""
        note = (correction or "").replace("$", "")[:MAX_CORRECTION]
        return self.template.replace("{{correction}}", note).rstrip()

    def apart(self) -> tuple[str, str]:
        """Instructions, and what holds people's texts: the paragraphs with a placeholder."""
        paragraphs = self.render().split("\n\n")
        data = [one for one in paragraphs if _PLACEHOLDER.search(one)]
        return "\n\n".join(one for one in paragraphs if one not in data), "\n\n".join(data)


def filled(template: str, documents: Iterable[str], query: str) -> str:
    """What a model reads, in one pass: a placeholder inside a document stays text."""
    values = {SEARCH_RESULTS: "\n".join(documents), QUERY: query}
    return _PLACEHOLDER.sub(lambda placeholder: values[placeholder[0]], template)


def load_prompt(version: str, root: Path | None = None) -> Prompt:
    """Read `prompts/match/<version>` from the bundle, or from the repository.

    Raises:
        InvalidPrompt: a file is missing, out of shape, or disagrees with another.
    """
    folder = (root or prompts_folder()) / "match" / version
    try:
        raw = {name: (folder / name).read_bytes() for name in FILES}
    except OSError as error:
        raise InvalidPrompt(f"{folder.name}: {error.filename} cannot be read") from error
    digest = hashlib.sha256(b"\0".join(raw[name] for name in FILES)).hexdigest()
    try:
        rubric = Rubric.from_toml(raw["rubric.toml"].decode())
        schema = json.loads(raw["answer.schema.json"])
    except ValueError as error:
        raise InvalidPrompt(f"{version}: {error}") from error
    _check_schema(version, schema, rubric)
    template = _with_rubric(raw["template.txt"].decode(), rubric)
    template = template.replace("{{reason_characters}}", str(_longest_reason(schema)))
    _check_template(version, template)
    return Prompt(version, digest[:12], rubric, schema, template)


def prompts_folder() -> Path:
    """Next to this package in a bundle; one folder further up in the repository."""
    package = Path(__file__).resolve().parent.parent
    for parent in package.parents[:2]:
        if (parent / "prompts").is_dir():
            return parent / "prompts"
    raise InvalidPrompt(f"no folder prompts above {package.name}")


def _with_rubric(template: str, rubric: Rubric) -> str:
    """Criteria, example answer and points come from the rubric, so the files cannot drift apart."""
    criteria = "\n".join(_asked(name, rule) for name, rule in rubric.judged.items())
    example = {
        "candidates": [
            {
                "id": "후보의 id",
                "parts": {name: rule.weight // 2 for name, rule in rubric.judged.items()},
                "reason": f"{MAX_REASON_CHARACTERS}자 이하 한국어 한 문장",
            }
        ]
    }
    text = json.dumps(example, ensure_ascii=False, separators=(",", ":"))
    template = template.replace("{{judged_criteria}}", criteria)
    template = template.replace("{{answer_example}}", text)

    def points(slot: re.Match[str]) -> str:
        rule = rubric.judged.get(slot["name"])
        return str(rule.points(Fraction(slot["share"]))) if rule else slot[0]

    return _POINTS.sub(points, template)


def _longest_reason(schema: dict[str, Any]) -> int:
    entry = schema["properties"]["candidates"]["items"]["properties"]
    return int(entry["reason"]["maxLength"])


def _asked(name: str, rule: JudgedRule) -> str:
    """One criterion as the model reads it; the anchors in a line of their own."""
    asked = f"- {name} (0~{rule.weight}): {rule.question}"
    if not rule.anchors:
        return asked
    anchors = zip(ANCHORED, rule.anchors, strict=True)
    return f"{asked}\n  " + " / ".join(f"{rule.points(at)} {anchor}" for at, anchor in anchors)


def _check_template(version: str, template: str) -> None:
    for needed in (SEARCH_RESULTS, QUERY, "{{correction}}"):
        if template.count(needed) != 1:
            raise InvalidPrompt(f"{version}: template.txt must contain {needed} exactly once")
    if _OUTPUT_FORMAT in template:
        raise InvalidPrompt(f"{version}: template.txt must not contain {_OUTPUT_FORMAT}")
    left = template.replace("{{correction}}", "")
    if "{{" in left:
        raise InvalidPrompt(f"{version}: template.txt has an unknown slot {{{{…}}}}")
    if left.count("$") != 4:
        raise InvalidPrompt(f"{version}: template.txt has a $ outside of its two placeholders")
    if len(left) + MAX_CORRECTION > MAX_TEMPLATE:
        raise InvalidPrompt(
            f"{version}: template.txt is {len(left)} characters with the rubric filled in;"
            f" {MAX_TEMPLATE - MAX_CORRECTION} leave room for a correction"
        )


def _check_schema(version: str, schema: Any, rubric: Rubric) -> None:
    try:
        entry = schema["properties"]["candidates"]["items"]["properties"]
        parts, reason = entry["parts"], entry["reason"]
        limits = {name: part["maximum"] for name, part in parts["properties"].items()}
        required, longest = set(parts["required"]), reason["maxLength"]
    except (KeyError, TypeError) as error:
        raise InvalidPrompt(f"{version}: answer.schema.json has no {error}") from error
    wanted = {name: rule.weight for name, rule in rubric.judged.items()}
    if limits != wanted or required != set(wanted):
        raise InvalidPrompt(f"{version}: answer.schema.json allows {limits}, rubric.toml {wanted}")
    if not (isinstance(longest, int) and 1 <= longest <= MAX_REASON_CHARACTERS):
        raise InvalidPrompt(
            f"{version}: answer.schema.json allows a reason of {longest} characters,"
            f" results 1 to {MAX_REASON_CHARACTERS}"
        )

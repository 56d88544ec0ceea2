"""In which language a report is read: one comment is for everybody, so pyproject.toml says it."""

import tomllib
from pathlib import Path
from typing import Literal, get_args

from cufit_ops.review.findings import Sentence
from cufit_ops.workspace import ROOT

Language = Literal["en", "ko"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


def in_language(sentence: Sentence, language: Language) -> str:
    return sentence.korean if language == "ko" else sentence.english


def chosen(wanted: str | None = None, file: Path = ROOT / "pyproject.toml") -> Language:
    """The language of that code, or [tool.cufit] report_language of `file`.

    Raises ValueError for any other code.
    """
    name, code = "--language", wanted
    if wanted is None:
        settings = tomllib.loads(file.read_text(encoding="utf-8"))["tool"].get("cufit", {})
        name = "pyproject.toml: tool.cufit.report_language"
        code = settings.get("report_language", "en")
    for language in LANGUAGES:
        if code == language:
            return language
    raise ValueError(f"{name} = {code!r}: legal are {', '.join(LANGUAGES)}")

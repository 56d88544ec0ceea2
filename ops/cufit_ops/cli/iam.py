"""`cufit iam`: what each role may do, what is done with it, and what is left over."""

import tempfile
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import typer
from rich.text import Text

from cufit_ops.access.granted import holder
from cufit_ops.access.standing import Standing, standings
from cufit_ops.access.used import HERE, Used
from cufit_ops.access.words import REASONS, attributes_of, done
from cufit_ops.cli.infrastructure import Environment
from cufit_ops.cli.output import Json, err, out, print_json
from cufit_ops.cli.review import LanguageOption
from cufit_ops.review.language import Language, chosen
from cufit_ops.review.permissions.objects import Objects
from cufit_ops.review.permissions.resolved import Names
from cufit_ops.review.permissions.sources import Sources
from cufit_ops.review.permissions.words import Words
from cufit_ops.step_progress import Progress
from cufit_ops.template_graph import Account
from cufit_ops.templates import synthesize
from cufit_ops.workspace import ROOT
from stacks.config_files import load_environments

WIDTH = 80
_INDENT = " " * 6
_OF_NOBODY = Words(
    "nobody, so take it out of stacks/", "아무도 사용하지 않으니 stacks/에서 빼 주세요"
)


def iam(
    environment: Environment = None,
    language: LanguageOption = None,
    as_json: Json = False,
) -> None:
    """What each role may do, who needs it, and what nobody needs; from templates and the lists of
    what tests heard. Asks AWS nothing. Exit code 1 when something is allowed and not used."""
    spoken = chosen(language)
    lists = Used.read(HERE)
    with tempfile.TemporaryDirectory() as folder:
        with Progress(err).step("cdk synth"):
            synthesize(ROOT, Path(folder), validate=False)
        found = [
            Sources.of(
                Names(
                    Account.of_environment(Path(folder), settings.name),
                    settings.name,
                    settings.account,
                )
            )
            for settings in load_environments(only=environment)
        ]
    of_all = {one.names.environment: [*standings(one, lists)] for one in found}
    if as_json:
        print_json(_document(of_all))
    else:
        for one in found:
            text = "\n".join(_page(one, of_all[one.names.environment], spoken))
            out.print(text, markup=False, soft_wrap=True)
    if any(not one.is_used for some in of_all.values() for one in some):
        raise typer.Exit(1)


def _page(sources: Sources, found: Sequence[Standing], language: Language) -> Iterator[str]:
    objects, environment = Objects([sources]), sources.names.environment
    words = {holder(key): one.words for key, one in sources.people.items()}
    for name, group in groupby(found, lambda one: one.holder):
        some = [*group]
        yield ""
        yield f"{environment} · {name}: {_count(some, language)}"
        if name in words and name not in (said := _in(words[name], language)):
            yield f"  ({said})"
        for by in dict.fromkeys((*REASONS, None)):
            phrases = _phrases(objects, [one for one in some if _by(one) == by], language)
            if phrases:
                needed = "needed by " if language == "en" else ""
                yield f"  {needed}{_in(REASONS[by] if by else _OF_NOBODY, language)}:"
                for phrase in phrases:
                    first, *rest = Text(phrase).wrap(out, WIDTH - len(_INDENT))
                    yield f"    - {str(first).rstrip()}"
                    yield from (f"{_INDENT}{str(line).rstrip()}" for line in rest)


def _phrases(objects: Objects, some: Sequence[Standing], language: Language) -> list[str]:
    """One for each resource; in words, what differs in names alone is the same."""
    by_resource: dict[tuple[str, frozenset[str]], list[Standing]] = {}
    for one in some:
        by_resource.setdefault((one.permission.on, one.unused_attributes), []).append(one)
    said = (
        _in(done(objects, [one.permission for one in group]), language)
        + _in(attributes_of(attributes), language)
        for (_, attributes), group in by_resource.items()
    )
    return [*dict.fromkeys(said)]


def _by(one: Standing) -> str | None:
    return one.by if one.is_used else None


def _count(some: Sequence[Standing], language: Language) -> str:
    used = sum(one.is_used for one in some)
    numbers = len(some), used, len(some) - used
    if language == "ko":
        return "허용 {}개, 사용 {}개, 미사용 {}개".format(*numbers)
    return "{} allowed, {} used, {} unused".format(*numbers)


def _in(words: Words, language: Language) -> str:
    return words.korean if language == "ko" else words.english


def _document(of_all: dict[str, list[Standing]]) -> dict[str, Any]:
    return {
        "version": 1,
        "environments": {
            name: {
                holder: [
                    {
                        "action": one.permission.action,
                        "on": one.permission.on,
                        "used": one.is_used,
                        "by": one.by and REASONS[one.by].english,
                        "unusedAttributes": sorted(one.unused_attributes),
                    }
                    for one in group
                ]
                for holder, group in groupby(found, lambda one: one.holder)
            }
            for name, found in of_all.items()
        },
    }


COMMANDS = (iam,)

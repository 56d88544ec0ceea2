"""What an environment that is new opens and no other environment does: who may what in it is the
same in all of them, but for what this one alone is given."""

from collections.abc import Iterator, Sequence
from typing import Any

from cufit_ops.review.change import Change, Impact, ResourceDifference, Side
from cufit_ops.review.findings import Finding, Rank
from cufit_ops.review.permissions import findings as compared

SHORTEST = 4
"""Characters of a setting's value that is looked for in a sentence."""


def findings(change: Change, everywhere: Sequence[Change]) -> Iterator[Finding]:
    """DANGER as compared with the environments that are there already; without one, nothing."""
    others = [one for one in everywhere if one.base is not None]
    if change.head is None or not others:
        return
    known = {
        _plain(finding, other.environment, other.base)
        for other in others
        if other.base
        for finding in compared(_made(other.environment, other.base))
    }
    for finding in compared(_made(change.environment, change.head)):
        is_new = _plain(finding, change.environment, change.head) not in known
        if is_new and finding.rank is Rank.DANGER:
            yield finding


def _made(environment: str, side: Side) -> Change:
    """A change that makes all of it."""
    differences = [
        ResourceDifference(stack, id_, str(one.get("Type")), Impact.CREATE, None, one)
        for stack, template in side.account.stacks.items()
        for id_, one in template.get("Resources", {}).items()
    ]
    return Change(environment, None, side, differences)


def _plain(finding: Finding, environment: str, side: Side) -> str:
    """The sentence and its proof without the environment's name and the values of its settings; who
    deploys is left in: another repository is another matter."""
    text = f"{finding.sentence.english} {finding.evidence}"
    given = {name: one for name, one in (side.configuration or {}).items() if name != "delivery"}
    for key, value in _leaves(given):
        text = text.replace(value, key)
    for before, after in ((f"-{environment}-", "-{}-"), (f"cufit{environment}", "cufit{}"),
                          (f"/{environment}/", "/{}/"), (f"for {environment} ", "for {} "),
                          (f":{environment}\"", ":{}\"")):  # fmt: skip
        text = text.replace(before, after)
    return text


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Path in braces → text, of each of a file's values, the longest first."""
    found = [*_texts(value, path)]
    yield from sorted(found, key=lambda one: -len(one[1]))


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(item, f"{path}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, path)
    elif isinstance(value, str) and len(value) >= SHORTEST:
        yield f"{{{path}}}", value

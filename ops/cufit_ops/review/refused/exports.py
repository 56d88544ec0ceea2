"""Stacks that use each other: exports in use stay as they are."""

from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any

from cufit_ops.review.findings import Sentence
from cufit_ops.review.names import listed, name_of
from cufit_ops.review.refused.refusal import Refusal
from cufit_ops.review.replacement import referred
from cufit_ops.template_graph import Account


def refusals(base: Account, head: Account, anew: dict[str, set[str]]) -> Iterator[Refusal]:
    used = imports(base)
    gone: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    changed: dict[tuple[str, tuple[str, ...]], list[str]] = defaultdict(list)
    for name, importers in used.items():
        exporter, value = base.exports.get(name, (None, None))
        if exporter is None or exporter not in head.stacks:
            continue  # somebody else's, or of a stack that stays as it is
        if name not in head.exports:
            gone[exporter, tuple(importers)].append(name)
        elif head.exports[name][1] != value or anew[exporter].intersection(referred(value)):
            changed[exporter, tuple(importers)].append(name)
    for (exporter, users), names in gone.items():
        english, korean, said = _importing(users), ", ".join(users), _said(base, names)
        yield Refusal(
            exporter,
            Sentence(
                f"{english} {said.english} that {exporter} no longer exports; deploy first "
                "without the import, then without the export",
                f"{exporter} 스택에서 더는 내보내지 않는 {said.korean} 값을 {korean} 스택이 아직 "
                "가져다 쓰고 있습니다. 먼저 가져다 쓰는 쪽을 없애 배포하고, 그다음에 내보내기를 "
                "없애세요",
            ),
            "\n".join(names),
        )
    for (exporter, users), names in changed.items():
        english, korean, said = _importing(users), ", ".join(users), _said(base, names)
        yield Refusal(
            exporter,
            Sentence(
                f"{english} {said.english}, and {exporter} exports another value of that name now; "
                "a resource that others use needs another name beside the old one",
                f"{korean} 스택이 {said.korean} 값을 아직 쓰고 있는데 {exporter} 스택이 그 "
                "이름으로 다른 값을 내보냅니다. 다른 스택이 쓰는 리소스는 옛것 옆에 다른 이름으로 "
                "만들어야 합니다",
            ),
            "\n".join(names),
        )
    yield from _unknown(base, head, used)
    yield from _circle(head)


def _importing(users: tuple[str, ...]) -> str:
    return f"{' and '.join(users)} still import{'s' if len(users) == 1 else ''}"


def _said(account: Account, names: list[str]) -> Sentence:
    """The resources that are exported, each once; a single export by its name too."""
    resources = [
        name_of(account, where)
        for name in names
        for where in account.referred(*account.exports[name])
        if where[1] in account.stacks[where[0]].get("Resources", {})
    ]
    if not resources:
        return Sentence(", ".join(names), ", ".join(names))
    said = listed(list(dict.fromkeys(resources)))
    if len(names) == 1:
        return Sentence(f"{said.english} ({names[0]})", f"{said.korean}({names[0]})")
    return said


def imports(account: Account) -> dict[str, list[str]]:
    """Name of an export → the stacks that import it."""
    found: dict[str, list[str]] = defaultdict(list)
    for stack, template in account.stacks.items():
        for name in sorted(set(_imported(template))):
            found[name].append(stack)
    return found


def _imported(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _imported(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "Fn::ImportValue" and isinstance(item, str):
                yield item
            elif isinstance(item, (dict, list)):
                yield from _imported(item)


def _unknown(base: Account, head: Account, used: dict[str, list[str]]) -> Iterator[Refusal]:
    """New imports of what no stack exports, old or new."""
    for name, users in imports(head).items():
        if name in head.exports or name in base.exports or name in used:
            continue
        yield Refusal(
            users[0],
            Sentence(
                f"{' and '.join(users)} import{'s' if len(users) == 1 else ''} {name}, which no "
                "stack of the app exports",
                f"{', '.join(users)} 스택이 {name} 값을 가져오는데, 이 앱의 어떤 스택도 내보내지 "
                "않습니다",
            ),
        )


def _circle(head: Account) -> Iterator[Refusal]:
    """Stacks that import from each other: none of them can be deployed first."""
    needs = {
        stack: {head.exports[name][0] for name in _imported(template) if name in head.exports}
        for stack, template in head.stacks.items()
    }
    try:
        TopologicalSorter({stack: others - {stack} for stack, others in needs.items()}).prepare()
    except CycleError as error:
        way = " → ".join(error.args[1])
        yield Refusal(
            error.args[1][0],
            Sentence(
                f"stacks import from each other in a circle ({way}), so none can be the first",
                f"스택이 서로를 가져다 써서({way}) 어느 것도 먼저 배포할 수 없습니다",
            ),
        )

"""Who finds what a change does: one module per topic, asked one after the other."""

import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from cufit_ops.review import (
    capacity,
    code,
    configuration,
    data,
    dependents,
    environments,
    money,
    permissions,
    prompts,
    refused,
    unused,
)
from cufit_ops.review.change import Change
from cufit_ops.review.findings import Finding, Gate, Rank, Sentence, Topic
from cufit_ops.review.permissions import new_environments
from cufit_ops.review.words import TOPICS


@dataclass(frozen=True)
class Analyser:
    """Looks at one environment."""

    topic: Topic
    findings: Callable[[Change], Iterator[Finding]]
    gate: Gate | None = None
    """Shut when it fails: what was not looked at is not harmless."""


ANALYSERS: tuple[Analyser, ...] = (
    Analyser(Topic.REFUSED, refused.findings),
    Analyser(Topic.DATA, data.findings, Gate.DATA_LOSS),
    Analyser(Topic.PERMISSIONS, permissions.findings, Gate.WIDER_PERMISSION),
    Analyser(Topic.PERMISSIONS, unused.findings, Gate.UNUSED_PERMISSION),
    Analyser(Topic.CAPACITY, capacity.findings),
    Analyser(Topic.CONFIGURATION, configuration.findings),
    Analyser(Topic.PROMPT, prompts.findings),
    Analyser(Topic.CODE, code.findings),
    Analyser(Topic.DEPENDENTS, dependents.findings),
)
"""Each of them compares; they are not asked of an environment that is new or gone: of a new one,
what it opens and no other does is."""


def of_one(change: Change, everywhere: Sequence[Change] = ()) -> Iterator[Finding]:
    """What is found of one environment, in the order of ANALYSERS; `everywhere` are all of them,
    by which one that is new is judged."""
    yield from environments.findings(change)
    if change.base is None:
        compared = partial(new_environments.findings, change, everywhere)
        yield from _guarded(Topic.PERMISSIONS, Gate.WIDER_PERMISSION, compared)
    if change.base is None or change.head is None:
        return
    for one in ANALYSERS:
        yield from _guarded(one.topic, one.gate, partial(one.findings, change))


def of_all(changes: Sequence[Change]) -> Iterator[Finding]:
    """What is found only when all environments are seen together."""
    return _guarded(Topic.MONEY, Gate.MONTHLY_LIMIT, partial(money.findings, changes))


def topics() -> set[Topic]:
    """What is looked at."""
    return {analyser.topic for analyser in ANALYSERS} | {Topic.MONEY}


def _guarded(
    topic: Topic, gate: Gate | None, find: Callable[[], Iterator[Finding]]
) -> Iterator[Finding]:
    try:
        found = list(find())
    except Exception:
        found = [_failed(topic, gate)]
    return iter(found)


def _failed(topic: Topic, gate: Gate | None) -> Finding:
    name = TOPICS[topic]
    return Finding(
        topic,
        Rank.DANGER,
        str(topic),
        Sentence(
            f"“{name.english}” could not be worked out, so nobody has looked; read the `cdk diff` "
            "below",
            f"‘{name.korean}’ 부분을 만들지 못해 아무것도 확인되지 않았습니다. 아래 `cdk diff`를 "
            "직접 읽어 주세요",
        ),
        traceback.format_exc(limit=-3),
        gate,
    )

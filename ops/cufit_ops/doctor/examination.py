"""Asks the questions: those of the account first, then all others at once, each with its limit."""

import queue
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from cufit_ops.doctor.answers import Answer, Verdict, asked, unknown
from cufit_ops.doctor.check import Check
from cufit_ops.doctor.checks import CHECKS, FIRST
from cufit_ops.doctor.report import Asked, NotAsked
from cufit_ops.doctor.subject import Subject
from cufit_ops.step_progress import Say


class Question(Protocol):
    """Check, or a step of `cufit smoke`."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def seconds(self) -> float: ...


Questions = Sequence[tuple[Question, Callable[[], Answer]]]


@dataclass(frozen=True)
class Wish:
    """What a person wants asked."""

    only: Sequence[str] = ()
    spend: bool = True
    fix: bool = False

    def checks(self) -> list[Check]:
        """Raises ValueError for an id that no check has."""
        legal = [check.id for check in CHECKS]
        if strange := [one for one in self.only if one not in legal]:
            raise ValueError(f"--only {strange[0]!r}: legal are {', '.join(legal)}")
        return [check for check in CHECKS if not self.only or check.id in self.only]


def examine(
    subject: Subject, wish: Wish, say: Say = lambda _: None
) -> tuple[list[Asked], list[NotAsked]]:
    """Every answer, and what was not asked, in the order of CHECKS.

    Raises:
        ValueError: `wish` names a check that does not exist.
    """
    chosen, skipped = [], []
    for check in wish.checks():
        why = check.reason_to_skip(subject, spend=wish.spend)
        if why is None:
            chosen.append(check)
        else:
            skipped.append(NotAsked(id=check.id, why=why))
    found: dict[str, Asked] = {}
    others = list(chosen)
    for first in (check for check in chosen if check.id in FIRST):
        if first not in others:
            continue
        others.remove(first)
        found |= _ask(subject, [first], say)
        if found[first.id].verdict is not Verdict.HOLDS:
            found |= {one.id: _barred(one, first.id) for one in others if one.needs_aws}
            others = [one for one in others if not one.needs_aws]
    if any(check.after_deployment for check in others) and _nothing_stands(subject):
        early = [check for check in others if check.after_deployment]
        skipped += [NotAsked(id=check.id, why="nothing is deployed yet") for check in early]
        others = [check for check in others if not check.after_deployment]
    found |= _ask(subject, others, say)
    if wish.fix:
        found |= _mended(subject, [check for check in chosen if check.id in found], found, say)
    order = [check.id for check in CHECKS]
    return [found[one] for one in order if one in found], skipped


def _barred(check: Check, by: str) -> Asked:
    return Asked.of(check.id, check.title, unknown(f"not asked while {by} does not hold"), 0)


def _nothing_stands(subject: Subject) -> bool:
    """Whether the account is known to have no stack of the environment."""
    state = asked(lambda: Answer(Verdict.HOLDS, str(len(subject.stacks))))
    return state.verdict is Verdict.HOLDS and state.why == "0"


def _ask(subject: Subject, checks: Iterable[Check], say: Say) -> dict[str, Asked]:
    questions = [(check, lambda check=check: check.ask(subject)) for check in checks]
    return {one.id: one for one in answers(questions, say)}


def _mended(
    subject: Subject, checks: Iterable[Check], found: dict[str, Asked], say: Say
) -> dict[str, Asked]:
    """What is answered after the fixes of what does not hold."""
    again = {}
    for check in checks:
        if check.fix is None or found[check.id].verdict is not Verdict.FAILS:
            continue
        say(f"mending {check.id}")
        mend = check.fix
        done = asked(lambda mend=mend: Answer(Verdict.HOLDS, mend(subject)))  # type: ignore[misc]
        (after,) = _ask(subject, [check], say).values()
        again[check.id] = after.model_copy(update={"did": done.why})
    return again


def answers(questions: Questions, say: Say = lambda _: None) -> list[Asked]:
    """Ask all at once, and wait for each no longer than its limit.

    A thread that hangs is left to itself: it ends with the process.
    """
    done: queue.SimpleQueue[Asked] = queue.SimpleQueue()

    def ask(check: Question, question: Callable[[], Answer]) -> None:
        started = time.monotonic()
        answer = asked(question)
        done.put(Asked.of(check.id, check.title, answer, time.monotonic() - started))

    begun = time.monotonic()
    waiting = {check.id: check for check, _ in questions}
    for check, question in questions:
        threading.Thread(target=ask, args=(check, question), daemon=True).start()
    found: dict[str, Asked] = {}
    while waiting:
        say(f"{len(found)} of {len(questions)}, waiting for {', '.join(waiting)}")
        left = min(check.seconds for check in waiting.values()) - (time.monotonic() - begun)
        try:
            one = done.get(timeout=max(0.0, left))
        except queue.Empty:
            for check in [*waiting.values()]:
                if time.monotonic() - begun >= check.seconds:
                    found[check.id] = _late(waiting.pop(check.id))
            continue
        if waiting.pop(one.id, None):
            found[one.id] = one
    return [found[check.id] for check, _ in questions]


def _late(check: Question) -> Asked:
    return Asked.of(check.id, check.title, unknown(f"no answer in {check.seconds:g} s"),
                    check.seconds)  # fmt: skip

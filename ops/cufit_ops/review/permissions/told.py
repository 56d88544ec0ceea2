"""A gain as a finding: who may now do what to what, and why that is more than before."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cufit_ops.review.findings import Finding, Gate, Rank, Sentence, Topic
from cufit_ops.review.names import with_particle
from cufit_ops.review.permissions.actions import Level, level
from cufit_ops.review.permissions.comparison import Gain, Way
from cufit_ops.review.permissions.exposure import detail, wider
from cufit_ops.review.permissions.objects import Objects
from cufit_ops.review.permissions.reasons import fields_gone, loosened, merged, only_if
from cufit_ops.review.permissions.verbs import ESCALATIONS, is_harmless, spans_account, verbs
from cufit_ops.review.permissions.words import Words, counted

PHRASES = 3
"""Of one statement in its sentence; the rest is in the statement below it."""


@dataclass(frozen=True)
class Phrase:
    """`read and delete any candidate`, and `모든 후보자를 조회·삭제`."""

    english: str
    korean: str


def widened(
    subject: str, who: Words, found: Iterable[Gain], objects: Objects, *, own: bool = False
) -> Iterator[Finding]:
    """A finding for each statement that gives more. `own`: all it reaches is made by the change,
    for somebody who is new, so that nobody's power over what exists grows."""
    for statement, gains in _by_statement(found):
        actions = frozenset().union(*(gain.actions for gain in gains))
        said = _sentence(who, gains, objects)
        rank: Rank = Rank.DANGER
        gate: Gate | None = Gate.WIDER_PERMISSION
        if own or all(is_harmless(one) for one in actions):
            rank, gate = Rank.NOTICE, None
        yield Finding(Topic.PERMISSIONS, rank, subject, said, statement, gate)


def taken(
    subject: str, who: Words, whose: Words, found: Sequence[Gain], objects: Objects
) -> Iterator[Finding]:
    """One finding for all that somebody may now do who gets the role that another has, or had."""
    if not found:
        return
    done = _phrases(sorted(found, key=_weight), objects)
    yield wider(
        subject,
        f"{who.english} may now {_english(done)}, for it gets the role of {whose.english}",
        f"{who.subject} {whose.korean}의 역할을 갖게 되어, 이제 {_korean(done)}할 수 있습니다",
        "\n".join(dict.fromkeys(gain.grant.evidence for gain in found)),
    )


def _weight(gain: Gain) -> tuple[bool, int]:
    """People's data first, and of it what cannot be undone."""
    holds_people = any(one.startswith(("dynamodb:", "s3:", "s3vectors:")) for one in gain.actions)
    if any("delete" in one for one in gain.actions):
        return not holds_people, 0
    writes = any(level(one) not in (Level.READ, Level.LIST) for one in gain.actions)
    return not holds_people, 1 if writes else 2


def narrowed(
    subject: str, who: Words, found: Iterable[Gain], objects: Objects
) -> Iterator[Finding]:
    """What is no longer allowed: `gains` of the head over the base, the other way round."""
    for statement, gains in _by_statement(found):
        gone = {_fields_gone(gain) for gain in gains}
        fields = gone.pop() if len(gone) == 1 else frozenset[str]()
        done = _phrases(gains, objects, fields)
        as_before = not fields and any(_is_left_in_part(gain) for gain in gains)
        yield detail(
            subject,
            f"{who.english} may no longer {_english(done)}{' as before' if as_before else ''}",
            f"{who.subject} 이제 {'예전처럼 ' if as_before else ''}{_korean(done)}할 수 없습니다",
            statement,
        )


def _fields_gone(gain: Gain) -> frozenset[str]:
    if gain.way is not Way.CONDITION or gain.before is None:
        return frozenset()
    return fields_gone(gain.grant.whole, gain.before.whole)


def _is_left_in_part(lost: Gain) -> bool:
    """Whether the same is still allowed under another condition or on less."""
    if lost.way is Way.UNREFUSED:
        return bool(lost.grant.condition)
    return lost.way in (Way.CONDITION, Way.RESOURCE)


def _by_statement(found: Iterable[Gain]) -> Iterator[tuple[str, list[Gain]]]:
    grouped: dict[tuple[str, Way], list[Gain]] = defaultdict(list)
    for gain in found:
        way = Way.NEW if gain.way is Way.RESOURCE else gain.way
        grouped[gain.grant.evidence, way].append(gain)
    for (statement, _), gains in grouped.items():
        yield statement, gains


def _sentence(who: Words, gains: list[Gain], objects: Objects) -> Sentence:
    done = _phrases(gains, objects)
    english = f"{who.english} may now {_english(done)}"
    korean = f"{who.subject} 이제 {_korean(done)}할 수 있습니다"
    reason = _reason(gains)
    if reason is not None:
        english, korean = f"{english}, {reason.english}", f"{korean} ({reason.korean})"
    if any(ESCALATIONS.fullmatch(one) for gain in gains for one in gain.actions):
        english += "; with that it can give itself other permissions"
        korean += ". 이를 이용해 스스로 다른 권한을 얻을 수 있습니다"
    return Sentence(english, korean)


def _reason(gains: list[Gain]) -> Words | None:
    gain = gains[0]
    if gain.way is Way.CONDITION:
        return merged(loosened(one.before.whole, one.grant.whole) for one in gains if one.before)
    if gain.way is Way.UNREFUSED:
        return Words("because what refused it is gone", "이를 막던 거부 규칙이 없어졌기 때문입니다")
    return only_if(gain.grant.whole)


def _phrases(
    gains: list[Gain], objects: Objects, fields: frozenset[str] = frozenset()
) -> list[Phrase]:
    """Actions by what they are done to; `fields`: to those of it alone."""
    whole = _whole(gains)
    if whole is not None:
        return [whole]
    by_object: dict[Words, set[str]] = defaultdict(set)
    for gain in gains:
        for action in sorted(gain.actions):
            what = _of(fields, objects.words(gain.grant.target.pattern, action))
            by_object[what].add(action)
    by_actions: dict[frozenset[str], list[Words]] = defaultdict(list)
    for what, actions in by_object.items():
        by_actions[frozenset(actions)].append(what)
    return [_phrase(actions, what) for actions, what in by_actions.items()]


def _of(fields: frozenset[str], what: Words) -> Words:
    if not fields:
        return what
    names = ", ".join(sorted(fields))
    return Words(f"the fields {names} of {what.english}", f"{what.korean}의 {names} 항목")


def _whole(gains: list[Gain]) -> Phrase | None:
    if spans_account(one for gain in gains for one in gain.actions):
        without = {one for gain in gains for one in gain.grant.target.without}
        but = f" but {', '.join(sorted(without))}" if without else ""
        return Phrase(f"do everything in the whole account{but}", "계정 전체에서 모든 작업을 ")
    return None


def _phrase(actions: frozenset[str], what: list[Words]) -> Phrase:
    verb, names = verbs(actions)
    objects = Words(
        " and ".join(one.english for one in what[:PHRASES]),
        ", ".join(one.korean for one in what[:PHRASES]),
    )
    more = len(what) - PHRASES
    tail, tail_korean = (f" and {more} more", f" 외 {more}개") if more > 0 else ("", "")
    english = f"{verb.english} {objects.english}{tail}{names.english}"
    about = f"{objects.korean}{tail_korean}{names.korean}"
    if verb.is_plain:
        return Phrase(english, f"{with_particle(about, '을/를')} {verb.korean}")
    return Phrase(english, f"{about}에 대해 {with_particle(verb.korean, '을/를')} ")


def _english(phrases: list[Phrase]) -> str:
    said = [one.english for one in phrases[:PHRASES]]
    more = len(phrases) - PHRASES
    return "; ".join(said) + (f"; and {counted(more)} more" if more > 0 else "")


def _korean(phrases: list[Phrase]) -> str:
    said = [one.korean for one in phrases[:PHRASES]]
    more = len(phrases) - PHRASES
    return "하고, ".join([*said, *([f"그 밖에 {more}가지를 더 "] if more > 0 else [])])

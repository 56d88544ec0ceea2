"""A permission that is given and that no code uses is read as one line, not as two."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from cufit_ops.review.findings import Gate, Sentence
from cufit_ops.review.report import Entry
from cufit_ops.review.unused import HOW


def told_once(entries: Sequence[Entry]) -> Iterator[Entry]:
    """The entries in their order. Where one says that somebody may now do what another says nobody
    needs, in the same words and environments, the first says both."""
    needless = {_said(one): one for one in entries if one.finding.gate is Gate.UNUSED_PERMISSION}
    twins = {at: needless.get(_needs(one)) for at, one in enumerate(entries)}
    told = [twin for twin in twins.values() if twin]
    for at, entry in enumerate(entries):
        if twins[at]:
            said = entry.finding.sentence
            both = Sentence(
                f"{said.english}; no code needs that", f"{said.korean}. 실제로 쓰는 코드는 없습니다"
            )
            finding = replace(entry.finding, sentence=both)
            yield replace(entry, finding=finding, also=Gate.UNUSED_PERMISSION)
        elif entry not in told:
            yield entry


_Said = tuple[str, tuple[str, ...]]
"""An English sentence, and the environments of which it is true."""


def _said(entry: Entry) -> _Said:
    return entry.finding.sentence.english.removesuffix(f"; {HOW}"), entry.environments


def _needs(entry: Entry) -> _Said:
    """What the other says if it says the same."""
    who, _, what = entry.finding.sentence.english.partition(" may now ")
    return f"nothing that {who} does needs to {what}", entry.environments

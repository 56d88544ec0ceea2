"""The report as one comment on GitHub: first what matters, the rest folded, all of it escaped."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cufit_ops.review import analysers
from cufit_ops.review.change import Change, Impact, StackText
from cufit_ops.review.escaping import block, inline, opened
from cufit_ops.review.findings import Gate, Rank, Sentence, Topic
from cufit_ops.review.language import Language, in_language
from cufit_ops.review.needless import told_once
from cufit_ops.review.replacement import REPLACED_BY_DESIGN
from cufit_ops.review.report import Entry, Report
from cufit_ops.review.synthesis import Outcome
from cufit_ops.review.words import GATES, QUIET, TOPICS, WORDS, joined

MARKER = "<!-- cufit-report -->"
"""First line of a report: by it the workflow finds the comment to replace."""
LONGEST = 65_000
"""Characters; GitHub refuses a comment of more than 65,536."""

_MARKS = {Rank.DANGER: "🔴", Rank.NOTICE: "🟡", Rank.DETAIL: "⚪"}
_MOST_REASONS = 20
_LONGEST_DIFF = 30_000
_LOST = (Impact.DESTROY, Impact.ORPHAN, Impact.REPLACE)


@dataclass(frozen=True)
class _Part:
    text: str
    importance: int
    """What has a higher number is there only if it fits beside those with lower ones."""
    brief: str = ""
    """What takes its place."""


def render(
    report: Report, language: Language, *, longest: int | None = LONGEST, folded: bool = True
) -> str:
    """`folded` is for GitHub; a terminal shows headings in their place. None: whole."""
    return _Page(report, language, folded).text(longest)


def first_screen(report: Report, language: Language) -> str:
    """What is read before anything is unfolded, without the marker."""
    return _Page(report, language, False).first_screen()


@dataclass(frozen=True)
class _Page:
    report: Report
    language: Language
    folded: bool

    def text(self, longest: int | None) -> str:
        glance = self._glance()
        first = self._first_screen(glance, len(glance))
        parts = list(self._rest(glance))
        if longest is None:
            return _page([first, *(part.text for part in parts)])
        room = longest - 500  # for the sentence about what was left out
        most = len(glance)
        while most and len(first) > room:
            most = most * 9 // 10
            first = self._first_screen(glance, most)
        used, kept = len(first), {}
        for part in sorted(parts, key=lambda part: (part.importance, len(part.text))):
            fits = (text for text in (part.text, part.brief) if used + len(text) + 1 <= room)
            kept[part] = next(fits, "")
            used += len(kept[part]) + 1
        left_out = sum(text != part.text for part, text in kept.items())
        last = [self._say("left_out", count=left_out)] if left_out else []
        return _page([first, *(kept[part] for part in parts), *last])

    def first_screen(self) -> str:
        glance = self._glance()
        return self._first_screen(glance, len(glance)).removeprefix(MARKER).strip() + "\n"

    def _glance(self) -> list[Entry]:
        return list(told_once([one for one in self.report.entries if one.at_first_glance]))

    def _first_screen(self, glance: Sequence[Entry], most: int) -> str:
        weightiest = sorted(glance, key=lambda e: (e.finding.gate is None, e.finding.rank))
        kept = set(weightiest[:most])
        lines = [MARKER, f"## {self._title(glance)}", ""]
        for note in self.report.notes:
            lines += [f"{self._sentence(note)}", ""]
        lines += self._reasons()
        for topic in Topic:
            if found := [e for e in glance if e in kept and e.finding.topic is topic]:
                lines += [f"**{in_language(TOPICS[topic], self.language)}**", ""]
                lines += [self._line(entry) for entry in found] + [""]
        if most < len(glance):
            lines += [self._say("more", count=len(glance) - most), ""]
        if glance and (quiet := self._quiet(glance)):
            lines += [quiet, ""]
        return "\n".join([*lines, *self._gates()])

    def _title(self, glance: Sequence[Entry]) -> str:
        report = self.report
        stops = [GATES[gate] for gate in report.shut]
        if any(entry.finding.topic is Topic.REFUSED for entry in glance):
            stops.insert(0, TOPICS[Topic.REFUSED])
        stopped = " · ".join(in_language(stop, self.language) for stop in stops)
        changed = report.entries or any(change.texts for change in report.changes)
        titles = (
            (report.head.outcome is not Outcome.WHOLE, "title_failed"),
            (stops, "title_stopped"),
            (not report.base.has_templates, "title_alone"),
            (any(entry.finding.rank is Rank.DANGER for entry in glance), "title_danger"),
            (glance, "title_notice"),
            (not changed, "title_same"),
        )
        fitting = next((title for applies, title in titles if applies), None)
        title = self._say(fitting, stopped=stopped) if fitting else f"✅ {self._quiet(glance)}"
        lifted = [GATES[gate] for gate in report.gates if gate not in report.shut]
        named = " · ".join(in_language(one, self.language) for one in lifted)
        return title + self._say("lifted", lifted=named) if lifted else title

    def _quiet(self, glance: Sequence[Entry]) -> str:
        """What does not happen, of the topics that were looked at; empty without a comparison."""
        if not (self.report.head.has_templates and self.report.base.has_templates):
            return ""
        loud = {entry.finding.topic for entry in glance}
        quiet = [
            in_language(sentence, self.language)
            for topic, sentence in QUIET.items()
            if topic in analysers.topics() - loud
        ]
        return joined(quiet, self.language)

    def _reasons(self) -> list[str]:
        reasons = self.report.head.reasons
        lines = [f"- {inline(reason)}" for reason in reasons[:_MOST_REASONS]]
        if len(reasons) > _MOST_REASONS:
            lines.append(f"- {self._say('more', count=len(reasons) - _MOST_REASONS)}")
        return [*lines, ""] if lines else []

    def _gates(self) -> Iterator[str]:
        if not self.report.gates:
            return
        yield f"| {self._say('gate')} | {self._say('gate_of')} | |"
        yield "|---|---|---|"
        for gate, entries in self.report.gates.items():
            state = self._say("gate_shut" if gate in self.report.shut else "gate_lifted")
            means = in_language(GATES[gate], self.language)
            yield f"| <code>{gate}</code> | {means} ({len(entries)}) | {state} |"
        yield ""
        if self.report.shut:
            yield self._say("gate_how")
            yield ""
        if Gate.UNUSED_PERMISSION in self.report.shut:
            yield self._say("gate_unused")
            yield ""

    def _rest(self, glance: Sequence[Entry]) -> Iterator[_Part]:
        for version in (self.report.head, self.report.base):
            if version.detail:
                yield _Part(self._fold(self._say("said"), block(version.detail, 8_000)), 1)
        for topic in Topic:
            rest = [
                e for e in self.report.entries if not e.at_first_glance and e.finding.topic is topic
            ]
            if rest:
                title = f"{in_language(TOPICS[topic], self.language)} ({len(rest)})"
                has_evidence = any(entry.evidence for entry in rest)
                lines = self._fold(title, "\n".join(map(self._line, rest)))
                yield _Part(self._fold(title, self._shown(rest)), 3, lines if has_evidence else "")
        if proven := [entry for entry in glance if entry.evidence]:
            title = self._say("evidence", count=len(proven))
            yield _Part(self._fold(title, self._shown(proven)), 2)
        for change in self.report.changes:
            for one in change.texts:
                title = f"cdk diff: {inline(f'{change.environment}/{one.stack}')}"
                text = self._fold(title, block(one.text, _LONGEST_DIFF))
                yield _Part(text, 4 if _matters(change, one) else 5)

    def _shown(self, entries: Sequence[Entry]) -> str:
        """Each with what shows it."""
        lines = []
        for entry in entries:
            lines.append(self._line(entry))
            lines.append("")
            for environments, text in entry.evidence:
                if environments != entry.environments:
                    lines += [f"  {inline(', '.join(environments))}:", ""]
                lines += [*(f"  {line}" for line in block(opened(text)).splitlines()), ""]
        return "\n".join(lines)

    def _line(self, entry: Entry) -> str:
        found = entry.finding
        where = f" ({inline(', '.join(entry.environments))})" if entry.environments else ""
        labels = ", ".join(f"<code>{gate}</code>" for gate in (found.gate, entry.also) if gate)
        gates = f" → {labels}" if labels else ""
        return f"- {_MARKS[found.rank]} {self._sentence(found.sentence)}{where}{gates}"

    def _fold(self, title: str, inside: str) -> str:
        if self.folded:
            return f"<details><summary>{title}</summary>\n\n{inside}\n\n</details>\n"
        return f"### {title}\n\n{inside}\n"

    def _sentence(self, sentence: Sentence) -> str:
        text = in_language(sentence, self.language)
        word = text.partition(" ")[0]
        names = [change.environment for change in self.report.changes]
        # Other than match_worker or dev, a word begins with a capital.
        if self.language == "en" and word.isalpha() and word not in names:
            text = text[0].upper() + text[1:]
        return inline(text)

    def _say(self, what: str, **values: object) -> str:
        return in_language(WORDS[what], self.language).format(**values)


def _page(parts: Sequence[str]) -> str:
    return "\n".join(part for part in parts if part).rstrip() + "\n"


def _matters(change: Change, text: StackText) -> bool:
    return text.broadened or any(
        one.impact in _LOST and one.kind not in REPLACED_BY_DESIGN
        for one in change.differences
        if one.stack == text.stack
    )

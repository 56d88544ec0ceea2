"""What `cufit doctor` and `cufit smoke` print: one document for programs, one page for people."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from rich.console import Console
from rich.markup import escape

from cufit_ops.doctor.answers import Answer, Verdict

Schema = Literal["cufit.doctor/1", "cufit.smoke/1"]
"""Members are only ever added to a version; docs/doctor.schema.json describes it."""

MARKS = {Verdict.HOLDS: "[green]✓[/green]", Verdict.FAILS: "[red]✗[/red]",
         Verdict.UNKNOWN: "[yellow]?[/yellow]"}  # fmt: skip


class _Document(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Asked(_Document):
    """One question and its answer."""

    id: str
    title: str = Field(description="what holds when it holds")
    verdict: Verdict
    why: str
    mend: str | None = Field(description="a command, or what to do")
    did: str | None = Field(default=None, description="what --fix did before it was asked again")
    seconds: float

    @classmethod
    def of(cls, id_: str, title: str, answer: Answer, seconds: float) -> "Asked":
        return cls(
            id=id_,
            title=title,
            verdict=answer.verdict,
            why=answer.why,
            mend=answer.mend,
            seconds=round(seconds, 3),
        )


class NotAsked(_Document):
    id: str
    why: str


class Report(_Document):
    schema_: Schema = Field(alias="schema")
    environment: str
    asked_at: AwareDatetime
    holds: bool = Field(description="nothing fails; with --strict nothing is unknown either")
    checks: list[Asked]
    not_asked: list[NotAsked]

    @classmethod
    def of(
        cls,
        schema: Schema,
        environment: str,
        asked_at: datetime,
        checks: Iterable[Asked],
        not_asked: Iterable[NotAsked] = (),
        *,
        strict: bool,
    ) -> "Report":
        asked = list(checks)
        bad = {Verdict.FAILS, Verdict.UNKNOWN} if strict else {Verdict.FAILS}
        return cls(
            schema_=schema,
            environment=environment,
            asked_at=asked_at,
            holds=not any(one.verdict in bad for one in asked),
            checks=asked,
            not_asked=list(not_asked),
        )

    def show(self, console: Console) -> None:
        """What one cause keeps from being asked is one line."""
        together = {why: ids for why, ids in _unknown(self.checks) if len(ids) > 1}
        lone = [
            one
            for one in self.checks
            if one.verdict is not Verdict.UNKNOWN or one.why not in together
        ]
        width = max((len(one.id) for one in lone), default=0)
        for one in lone:
            console.print(
                f"{MARKS[one.verdict]} {one.id:<{width}}  {escape(one.why)}", soft_wrap=True
            )
            for word, text in (("did", one.did), ("mend", one.mend)):
                if text:
                    line = f"  {'':<{width}}  [bold]{word}[/bold]  {escape(text)}"
                    console.print(line, soft_wrap=True)
        for why, ids in together.items():
            console.print(f"{MARKS[Verdict.UNKNOWN]} {', '.join(ids)}: {escape(why)}")
        counts = Counter(one.verdict for one in self.checks)
        console.print("\n" + "   ".join(f"{MARKS[one]} {counts[one]}" for one in MARKS))
        for why in dict.fromkeys(one.why for one in self.not_asked):
            ids = [one.id for one in self.not_asked if one.why == why]
            console.print(f"not asked, {why}: {', '.join(ids)}", style="dim", markup=False)


def _unknown(checks: Iterable[Asked]) -> Iterator[tuple[str, list[str]]]:
    unknown = [one for one in checks if one.verdict is Verdict.UNKNOWN]
    for why in dict.fromkeys(one.why for one in unknown):
        yield why, [one.id for one in unknown if one.why == why]

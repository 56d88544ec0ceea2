"""What `cufit doctor` and `cufit smoke` print: one document for programs, one page for people."""

from collections.abc import Iterable
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
        width = max((len(one.id) for one in self.checks), default=0)
        for one in self.checks:
            console.print(f"{MARKS[one.verdict]} {one.id:<{width}}  {escape(one.why)}",
                          soft_wrap=not console.is_terminal)  # fmt: skip
            for word, text in (("did", one.did), ("mend", one.mend)):
                if text:
                    console.print(f"  {'':<{width}}  [bold]{word}[/bold]  {escape(text)}",
                                  soft_wrap=True)  # fmt: skip
        counts = {verdict: sum(one.verdict is verdict for one in self.checks) for verdict in MARKS}
        console.print(
            f"\n{counts[Verdict.HOLDS]} hold, {counts[Verdict.FAILS]} do not, "
            f"{counts[Verdict.UNKNOWN]} cannot be asked",
            style="bold",
        )
        if self.not_asked:
            whys = dict.fromkeys(one.why for one in self.not_asked)
            for why in whys:
                ids = ", ".join(one.id for one in self.not_asked if one.why == why)
                console.print(f"not asked, {why}: {ids}", style="dim", markup=False)

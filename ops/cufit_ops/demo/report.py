"""The journey's answers as a person reads them."""

from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cufit_ops.demo.journey import Answer, Journey

_CRITERIA = {
    "age": "나이",
    "height": "키",
    "mbti": "MBTI",
    "distance": "거리",
    "smoking": "흡연",
    "drinking": "음주",
    "hobbies": "취미",
    "values": "가치관",
    "introduction": "소개",
    "impression": "소개와 반응",
}
NO_MODEL = (
    "No language model was asked: on a laptop a stand-in answers in Bedrock's place, and its "
    "judgement is counted words, not understanding."
)


def show(journey: Journey, console: Console) -> None:
    for answer in journey.answers:
        console.print()
        console.print(_table(answer))
        console.print(f"  correlation id  {answer.recommendation['recommendationId']}", style="dim")
    photo = journey.photo
    if photo:
        console.print(f"\nphoto {photo['photoId']}: {photo['state']}")
    if any(answer.recommendation.get("withoutModel") for answer in journey.answers):
        console.print(f"[yellow]{NO_MODEL}[/yellow]")


def _table(answer: Answer) -> Table:
    found = answer.recommendation
    table = Table(
        title=f"{escape(answer.seeker)} → {found['status']} in {answer.seconds:.2f} s",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    table.add_column("#", justify="right")
    table.add_column("닉네임")
    table.add_column("나이", justify="right")
    table.add_column("점수", justify="right", style="bold")
    table.add_column("부분 점수", overflow="fold")
    table.add_column("이유", overflow="fold")
    for ranked in found.get("candidates") or []:
        card = ranked.get("card") or {}
        table.add_row(
            str(ranked["rank"]),
            escape(card.get("nickname", "(떠난 회원)")),
            str(card.get("age", "")),
            str(ranked["score"]),
            _parts(ranked["parts"]),
            escape(ranked["reason"]),
        )
    if failure := found.get("failure"):
        table.caption = f"{failure['code']}: {failure['message']}"
    return table


def _parts(parts: list[dict[str, Any]]) -> str:
    return " ".join(f"{_CRITERIA.get(p['criterion'], p['criterion'])} {p['points']}" for p in parts)


def as_json(journey: Journey) -> dict[str, Any]:
    """Shape of `cufit demo --json`."""
    return {
        "succeeded": journey.succeeded,
        "withoutModel": any(a.recommendation.get("withoutModel") for a in journey.answers),
        "photo": journey.photo,
        "recommendations": [
            {"seeker": a.seeker, "seconds": round(a.seconds, 3), **a.recommendation}
            for a in journey.answers
        ],
    }

"""`cufit.simulated-v1`: answers a matching prompt by arithmetic on shared words. No model is asked.

It reads what a model would read (the passages retrieved, the seeker in `$query$`; of the prompt
the points and the length of a reason it asks for) and answers the JSON that prompts/match asks for
and nothing around it:
{"candidates": [{"id", "reason", "parts": {"hobbies": 0-15, "values": 0-15, "introduction": 0-10}}]}
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from embedded_aws.bedrock import korean
from embedded_aws.bedrock.retrieval import similarity

MODEL_ID = "cufit.simulated-v1"

HOBBIES, VALUES, INTRODUCTION = 15, 15, 10
"""Points it judges by itself; what a prompt asks for is made of them."""

MAX_REASON_CHARACTERS = 80
POINTS_PER_SHARED_HOBBY = 6
POINTS_PER_SHARED_THEME = 4
FULL_INTRODUCTION_CHARACTERS = 80

Profile = Mapping[str, Any]

_CRITERION = re.compile(r"^- (\w+) \(0~(\d+)\)", re.MULTILINE)
_LONGEST_REASON = re.compile(r"(\d+)자 이하")


@dataclass(frozen=True)
class Asked:
    """What a prompt asks for."""

    limits: Mapping[str, int]
    """Most points of each judged criterion."""
    longest_reason: int
    """Characters."""

    @classmethod
    def by(cls, prompt: str) -> Self:
        """As prompts/match writes it, else as v1 does."""
        # Criteria stand before the profiles and the length after them: nobody in between counts.
        limits: dict[str, int] = {}
        for name, most in _CRITERION.findall(prompt):
            limits.setdefault(name, int(most))
        return cls(
            limits or {"hobbies": HOBBIES, "values": VALUES, "introduction": INTRODUCTION},
            int((_LONGEST_REASON.findall(prompt) or [MAX_REASON_CHARACTERS])[-1]),
        )


@dataclass(frozen=True)
class Judgement:
    candidate_id: str
    hobbies: int
    values: int
    introduction: int
    reason: str

    @property
    def points(self) -> int:
        return self.hobbies + self.values + self.introduction

    def parts(self, limits: Mapping[str, int]) -> dict[str, int]:
        """Its shares of `limits`; a criterion it does not know gets what the others got."""
        shares = {
            "hobbies": self.hobbies / HOBBIES,
            "values": self.values / VALUES,
            "introduction": self.introduction / INTRODUCTION,
        }
        overall = self.points / (HOBBIES + VALUES + INTRODUCTION)
        return {name: round(most * shares.get(name, overall)) for name, most in limits.items()}


def answer(prompt: str, query: str | None, passages: Sequence[str]) -> str:
    """The model's text for a prompt, the seeker's JSON (None: it was not shown) and passages."""
    asked = Asked.by(prompt)
    seeker = _object(query or "") or {}
    profiles = [profile for passage in passages if (profile := _object(passage)) is not None]
    judged = [judge(seeker, one, asked.longest_reason) for one in profiles if "id" in one]
    judged.sort(key=lambda judgement: (-judgement.points, judgement.candidate_id))
    candidates = [
        {"id": one.candidate_id, "reason": one.reason, "parts": one.parts(asked.limits)}
        for one in judged
    ]
    return json.dumps({"candidates": candidates}, ensure_ascii=False, separators=(",", ":"))


def judge(
    seeker: Profile, candidate: Profile, longest_reason: int = MAX_REASON_CHARACTERS
) -> Judgement:
    """Points and a Korean reason from what two profiles share."""
    wanted, offered = _strings(seeker, "hobbies"), _strings(candidate, "hobbies")
    hobbies = _shared(wanted, offered)
    about_seeker = f"{_wish(seeker)} {_text(seeker, 'selfIntroduction')}"
    introduction = _text(candidate, "selfIntroduction")
    about_candidate = f"{introduction} {_text(candidate, 'idealTypeText')}"
    themes = _shared(
        korean.themes(about_seeker), korean.themes(f"{about_candidate} {' '.join(offered)}")
    )
    told = min(1.0, len(introduction) / FULL_INTRODUCTION_CHARACTERS)
    return Judgement(
        candidate_id=str(candidate["id"]),
        hobbies=_points(
            HOBBIES,
            POINTS_PER_SHARED_HOBBY * len(hobbies)
            + 5 * similarity(" ".join(wanted), " ".join(offered)),
        ),
        values=_points(
            VALUES,
            POINTS_PER_SHARED_THEME * len(themes) + 7 * similarity(about_seeker, about_candidate),
        ),
        introduction=_points(INTRODUCTION, 5 * told + 5 * similarity(about_seeker, introduction)),
        reason=reason(hobbies, [theme for theme in themes if theme not in hobbies], longest_reason),
    )


def reason(
    hobbies: Sequence[str], themes: Sequence[str], longest: int = MAX_REASON_CHARACTERS
) -> str:
    """One Korean sentence of at most `longest` characters (37 or more) that says what is shared."""
    said = [(hobbies[:most], themes[:most]) for most in (3, 2, 1)] + [(hobbies[:1], ())]
    for some_hobbies, some_themes in said if hobbies else said[:3]:
        sentence = _sentence(list(some_hobbies), list(some_themes))
        if len(sentence) <= longest:
            return sentence
    if hobbies:
        return "같은 취미가 있어 함께 보내는 시간이 즐거울 것 같아요."
    return "소개에 서로 이어지는 이야기가 있어요."


def _sentence(hobbies: list[str], themes: list[str]) -> str:
    together = korean.with_particle(korean.listed(hobbies), "을", "를") if hobbies else ""
    if hobbies and themes:
        return f"{together} 같이 즐길 수 있고, 둘 다 {korean.listed(themes)} 이야기를 했어요."
    if hobbies:
        return f"{together} 함께 즐길 수 있어요."
    if themes:
        return f"소개에서 둘 다 {korean.listed(themes)} 이야기를 해서 말이 잘 통할 것 같아요."
    return "겹치는 취미는 적지만 서로에게 새로운 취향을 소개해 줄 수 있어요."


def _points(limit: int, points: float) -> int:
    return min(limit, round(points))


def _shared(one: Sequence[str], other: Sequence[str]) -> list[str]:
    present = set(other)
    return list(dict.fromkeys(item for item in one if item in present))


def _wish(seeker: Profile) -> str:
    ideal = seeker.get("idealType")
    return _text(ideal, "freeText") if isinstance(ideal, Mapping) else ""


def _text(profile: Profile, name: str) -> str:
    value = profile.get(name)
    return value if isinstance(value, str) else ""


def _strings(profile: Profile, name: str) -> list[str]:
    value = profile.get(name)
    members = value if isinstance(value, list) else []
    return [member.strip() for member in members if isinstance(member, str) and member.strip()]


def _object(text: str) -> dict[str, Any] | None:
    """The first JSON object in `text`."""
    start = text.find("{")
    if start < 0:
        return None
    try:
        value, _end = json.JSONDecoder().raw_decode(text, start)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None

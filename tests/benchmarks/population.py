"""The people of a benchmark: what is in the tables, who signs in, and what they ask for."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, Literal

from boto3.dynamodb.types import TypeSerializer

from cufit_contracts.identity import member_id_of
from cufit_contracts.items import CandidateItem, RecommendationItem, Step, StepSource, StepState
from cufit_contracts.photos import image_key, thumbnail_key
from cufit_contracts.places import born, place
from cufit_contracts.profile import IdealType, Range
from cufit_contracts.results import DecidedBy, MadeBy, MatchResult, RankedCandidate, ScorePart
from cufit_contracts.stored import written
from cufit_contracts.vocabulary import Gender, Mbti, RecommendationStatus, timestamp
from tests.unit.service.http_world import PROFILE_BODY
from tests.unit.service.signing import ISSUER, jwks, token

MAKERS = 1000
"""So many that no limit of a single maker, by the second or by the day, is met by any scenario."""

HOURS = 2
"""How long a token lives: longer than any benchmark."""

JOINED_AT = datetime(2026, 11, 1, tzinfo=UTC)
JOINED = timestamp(JOINED_AT)
PARTS = (("age", 15), ("height", 10), ("mbti", 10), ("hobbies", 15), ("values", 15))

OWN_PROFILE = "/v1/candidates/me"

Kind = Literal["read", "write"]


@dataclass(frozen=True, slots=True)
class Request:
    kind: Kind
    data: bytes
    """The whole HTTP/1.1 request."""


@dataclass(frozen=True)
class Couple:
    """A maker and one candidate of theirs, with a recommendation that has been answered."""

    number: int

    @cached_property
    def maker_id(self) -> str:
        return member_id_of(ISSUER, f"maker-{self.number}")

    @cached_property
    def candidate_id(self) -> str:
        return member_id_of(ISSUER, f"candidate-{self.number}")

    @property
    def recommendation_id(self) -> str:
        return f"rec_{self.number:026}"

    @cached_property
    def maker_token(self) -> str:
        return token(f"maker-{self.number}", exp=datetime.now(UTC) + timedelta(hours=HOURS))

    @cached_property
    def candidate_token(self) -> str:
        return token(f"candidate-{self.number}", exp=datetime.now(UTC) + timedelta(hours=HOURS))


class Population:
    def __init__(self, makers: int = MAKERS) -> None:
        self._couples = [Couple(number) for number in range(makers)]

    def seed(self) -> str:
        """One line of JSON for tests.in_memory_aws.server."""
        serialize = TypeSerializer().serialize
        tables = {
            table: [{name: serialize(value) for name, value in item.items()} for item in items]
            for table, items in self._items().items()
        }
        return json.dumps({"tables": tables, "jwks": jwks()})

    def _items(self) -> dict[str, list[dict[str, Any]]]:
        return {
            "members": [item for couple in self._couples for item in _members(couple)],
            "candidates": [written(_candidate(couple)) for couple in self._couples],
            "recommendations": [
                written(_recommendation(couple, self._suited_to(couple)))
                for couple in self._couples
            ],
            "photos": [_photo(couple, number) for couple in self._couples for number in range(2)],
        }

    def _suited_to(self, couple: Couple) -> list[str]:
        others = range(couple.number + 1, couple.number + 6)
        return [self._couples[number % len(self._couples)].candidate_id for number in others]

    def requests(self, writes: float) -> Iterator[Request]:
        """For ever; `writes` is their share. The same sequence each time, but for its keys."""
        chance = random.Random(20261122)  # noqa: S311 - a repeatable mix
        while True:
            couple = chance.choice(self._couples)
            if chance.random() < writes:
                yield self._write(couple, chance)
            else:
                yield self._read(couple, chance)

    def _read(self, couple: Couple, chance: random.Random) -> Request:
        """Most of all, makers look whether an answer has come."""
        paths = {
            f"/v1/recommendations/{couple.recommendation_id}": 6,
            f"/v1/candidates/{couple.candidate_id}": 1,
            "/v1/candidates": 1,
            "/v1/members/me": 1,
            OWN_PROFILE: 1,
        }
        (path,) = chance.choices(list(paths), list(paths.values()))
        return _get(path, couple.candidate_token if path == OWN_PROFILE else couple.maker_token)

    def _write(self, couple: Couple, chance: random.Random) -> Request:
        if chance.random() < 0.25:
            return _send("PUT", OWN_PROFILE, couple.candidate_token, PROFILE_BODY)
        body = {"candidateId": couple.candidate_id}
        key = f"{chance.getrandbits(64):x}-{datetime.now(UTC).timestamp()}"
        return _send("POST", "/v1/recommendations", couple.maker_token, body, key)


def _get(path: str, bearer: str) -> Request:
    head = f"GET {path} HTTP/1.1\r\nHost: cufit\r\nAuthorization: Bearer {bearer}\r\n\r\n"
    return Request("read", head.encode())


def _send(
    method: str, path: str, bearer: str, body: dict[str, Any], idempotency_key: str | None = None
) -> Request:
    content = json.dumps(body).encode()
    key = f"Idempotency-Key: {idempotency_key}\r\n" if idempotency_key else ""
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: cufit\r\nAuthorization: Bearer {bearer}\r\n{key}"
        f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return Request("write", head.encode() + content)


def _members(couple: Couple) -> list[dict[str, Any]]:
    invited = {"joined_at": JOINED, "relation": "FRIEND"}
    return [
        {"member_id": couple.maker_id, "role": "MAKER", "inviter_id": "m_admin", **invited},
        {
            "member_id": couple.candidate_id,
            "role": "CANDIDATE",
            "inviter_id": couple.maker_id,
            "inviter_joined_at": JOINED,
            **invited,
        },
    ]


def _candidate(couple: Couple) -> CandidateItem:
    gender = Gender.FEMALE if couple.number % 2 else Gender.MALE
    birth_year = 1990 + couple.number % 10
    return CandidateItem(
        candidate_id=couple.candidate_id,
        joined_at=JOINED_AT,
        maker_id=couple.maker_id,
        maker_joined_at=JOINED_AT,
        created_at=JOINED,
        updated_at=JOINED,
        version=1,
        name=f"후보 {couple.number}",
        phone="01012345678",
        nickname=f"별명{couple.number}",
        gender=gender,
        birth_year=birth_year,
        height_cm=160 + couple.number % 25,
        mbti=Mbti.INFJ,
        city="서울",
        district="마포구",
        job="디자이너",
        hobbies=("등산", "영화", "요리"),
        smoking=0,
        drinking=1,
        place=place(gender, "서울"),
        born=born(birth_year, couple.candidate_id),
        self_introduction="주말에는 한강을 걷고 좋은 이야기를 찾아다닙니다. " * 4,
        ideal_type=IdealType(age_range=Range(min=25, max=38), free_text="다정한 사람"),
    )


def _recommendation(couple: Couple, suited: list[str]) -> RecommendationItem:
    parts = tuple(
        ScorePart(criterion=name, points=limit - 3, limit=limit, decided_by=DecidedBy.CODE)
        for name, limit in PARTS
    )
    score = sum(part.points for part in parts)
    ranked = tuple(
        RankedCandidate(
            rank=rank,
            candidate_id=candidate_id,
            score=score,
            parts=parts,
            reason="함께 산에 오르는 주말이 잘 어울립니다.",
        )
        for rank, candidate_id in enumerate(suited, start=1)
    )
    origin = MadeBy(matchmaker="rules", prompt_version="v1", prompt_hash="0" * 16)
    return RecommendationItem(
        recommendation_id=couple.recommendation_id,
        maker_id=couple.maker_id,
        maker_joined_at=JOINED_AT,
        candidate_id=couple.candidate_id,
        seeker_joined_at=JOINED_AT,
        status=RecommendationStatus.READY,
        created_at=JOINED_AT,
        finished_at=JOINED_AT,
        timeline=tuple(
            Step(at=JOINED_AT, source=source, state=state)
            for source, state in (
                (StepSource.API, StepState.ACCEPTED),
                (StepSource.OUTBOX, StepState.SENT),
                (StepSource.WORKER, StepState.READY),
            )
        ),
        result=MatchResult(made_at=JOINED, made_by=origin, candidates=ranked),
    )


def _photo(couple: Couple, number: int) -> dict[str, Any]:
    photo_id = f"pho_{couple.number:020}{number:06}"
    return {
        "photo_id": photo_id,
        "candidate_id": couple.candidate_id,
        "state": "READY",
        "created_at": JOINED,
        "content_type": "image/jpeg",
        "content_length": 500_000,
        "key": image_key(photo_id),
        "thumbnail_key": thumbnail_key(photo_id),
        "width": 1280,
        "height": 960,
        "placeholder": "3OcRJYB4d3h/iIeHeEh3eIhw+j3A",
        "dominant_colour": "#8a6f5c",
    }

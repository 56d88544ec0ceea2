"""Matches, and the contact card."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field, WithJsonSchema

from cufit_contracts.vocabulary import PairStatus
from cufit_service.application.matches import IntroducedMatch
from cufit_service.domain.match import Match, Reply, Side
from cufit_service.entrypoints.http.schemas.candidates import CardAnswer
from cufit_service.entrypoints.http.schemas.common import Answer, Body, Id, Time

CANDIDATE_ID = "m_mzxw6ytboi2dkmrqgeydambqga"


_OF_A_MATCH: Final = [status.value for status in PairStatus if status is not PairStatus.BLOCKED]
"""A pair that was ruled out is no match."""


class MatchBody(Body):
    candidate_id: Id = Field(description="One of yours.", examples=[CANDIDATE_ID])
    other_candidate_id: Id = Field(description="Anybody's.", examples=["m_" + "b" * 26])


class ReplyBody(Body):
    answer: Reply


class SuggestedAnswer(Answer):
    match_id: str = Field(examples=[f"{CANDIDATE_ID}+m_" + "b" * 26])
    status: Annotated[PairStatus, WithJsonSchema({"type": "string", "enum": _OF_A_MATCH})] = Field(
        description="SUGGESTED, ACCEPTED (one agreed), MATCHED (both), REJECTED or CANCELED."
    )
    created_at: Time
    expires_at: Time = Field(description="Without both answers by then it is CANCELED.")

    @classmethod
    def of(cls, match: Match, now: datetime) -> "SuggestedAnswer":
        return cls(
            match_id=match.match_id,
            status=match.status_at(now),
            created_at=match.created_at,
            expires_at=match.expires_at,
        )


class SideAnswer(Answer):
    candidate_id: str
    card: CardAnswer | None = Field(description="Null if they left, also after they came back.")
    accepted: bool


class MatchAnswer(SuggestedAnswer):
    left: SideAnswer = Field(description="The candidate of the maker who suggested the pair.")
    right: SideAnswer

    @classmethod
    def introduced(cls, introduced: IntroducedMatch, now: datetime) -> "MatchAnswer":
        match = introduced.match

        def side(one: Side) -> SideAnswer:
            return SideAnswer(
                candidate_id=one.candidate_id,
                card=introduced.cards.get(one.candidate_id),
                accepted=one.candidate_id in match.accepted_by,
            )

        return cls(
            **SuggestedAnswer.of(match, now).model_dump(),
            left=side(match.left),
            right=side(match.right),
        )


class ContactAnswer(Answer):
    """What each of a matched pair may know to reach the other."""

    candidate_id: str
    name: str
    nickname: str
    phone: str

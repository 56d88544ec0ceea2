"""Members and invitations."""

from datetime import datetime

from pydantic import Field

from cufit_contracts.profile import values_of
from cufit_service.domain.invitation import Invitation, InvitationKind, InvitationState
from cufit_service.domain.member import Relation, Role
from cufit_service.entrypoints.http.schemas.common import Answer, Body, Time


class MemberAnswer(Answer):
    member_id: str = Field(examples=["m_mzxw6ytboi2dkmrqgeydambqga"])
    role: Role
    joined_at: Time
    inviter_id: str | None = Field(
        default=None,
        description="Who invited the member; of a CANDIDATE, their maker. A CANDIDATE without one "
        "is unattached (주선자 없음): the maker has left, and they are neither recommended nor "
        "suggested until they accept another maker's invitation.",
    )
    relation: Relation | None = None


class InvitationBody(Body):
    kind: InvitationKind = Field(description="The role the invited person takes.")
    relation: Relation = Field(description="What the invited person is to you.")


class InvitationAnswer(Answer):
    code: str = Field(examples=["7K3QX9B2M4T8W6ZN"], description="Single use; not guessable.")
    kind: InvitationKind
    relation: Relation
    state: InvitationState
    created_at: Time
    expires_at: Time
    accepted_at: Time | None = None

    @classmethod
    def of(cls, invitation: Invitation, now: datetime) -> "InvitationAnswer":
        state = {"state": invitation.state(now)}
        return cls.model_validate(values_of(Invitation, invitation) | state)

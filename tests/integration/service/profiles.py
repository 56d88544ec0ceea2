"""Profiles that the tests of the stores save."""

from dataclasses import replace
from datetime import timedelta

from cufit_contracts.vocabulary import ProfileChange
from cufit_service.application.use_cases import Ports
from cufit_service.domain.candidate import Candidate
from cufit_service.domain.events import ProfileChanged
from cufit_service.domain.member import Member, Role
from tests.unit.service.world import (
    MAKER,
    MORNING,
    candidate_of,
    member,
)

LATER = MORNING + timedelta(hours=1)
SEEKER = candidate_of(MAKER.member_id, "m_seeker")


def person(candidate: Candidate) -> Member:
    return member(candidate.candidate_id, Role.CANDIDATE, MAKER.member_id)


def saved(candidate: Candidate) -> ProfileChanged:
    return ProfileChanged(
        candidate.candidate_id, ProfileChange.SAVED, candidate.version, candidate.updated_at
    )


async def save_new(ports: Ports, candidate: Candidate) -> None:
    maker = replace(MAKER, member_id=candidate.maker_id or MAKER.member_id)
    for one in (maker, person(candidate)):
        await ports.members.welcome(one)
    await ports.candidates.add(candidate, person(candidate), saved(candidate))

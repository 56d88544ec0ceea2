"""The candidates a maker introduces, newest first."""

from dataclasses import dataclass

from cufit_service.application.ports import Candidates, Page, Window
from cufit_service.domain.candidate import Candidate
from cufit_service.domain.member import Member, Role


@dataclass(frozen=True, slots=True)
class ListCandidates:
    candidates: Candidates

    async def __call__(self, maker: Member, window: Window) -> Page[Candidate]:
        maker.require(Role.MAKER)
        return await self.candidates.of_maker(maker.member_id, window)

"""Everything the service can do, as one value that entrypoints are given."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from cufit_service.application import event_ports, photo_ports, ports
from cufit_service.application.candidates import CandidateUseCases
from cufit_service.application.deliver_event import DeliverEvent
from cufit_service.application.forget_member import ForgetMember
from cufit_service.application.invitations import InvitationUseCases
from cufit_service.application.matches import MatchUseCases
from cufit_service.application.members import MemberUseCases
from cufit_service.application.once import Once
from cufit_service.application.operations import OperationUseCases
from cufit_service.application.photos import PhotoUseCases
from cufit_service.application.recommendations import RecommendationUseCases
from cufit_service.application.reconcile import Reconcile
from cufit_service.application.sweep_outbox import SweepOutbox
from cufit_service.domain.quota import RECOMMENDATIONS_A_DAY, recommendations


@dataclass(frozen=True, slots=True)
class Ports:
    """One implementation of each port."""

    members: ports.Members
    invitations: ports.Invitations
    candidates: ports.Candidates
    recommendations: ports.Recommendations
    matches: ports.Matches
    quotas: ports.Quotas
    records: ports.Records
    outbox: event_ports.Outbox
    photos: photo_ports.Photos
    photo_files: photo_ports.PhotoFiles
    requests: event_ports.RecommendationRequests
    changes: event_ports.ProfileChanges
    ids: ports.Ids
    clock: ports.Clock


@dataclass(frozen=True, slots=True)
class UseCases:
    members: MemberUseCases
    invitations: InvitationUseCases
    candidates: CandidateUseCases
    photos: PhotoUseCases
    recommendations: RecommendationUseCases
    matches: MatchUseCases
    operations: OperationUseCases
    sweep_outbox: SweepOutbox
    reconcile: Reconcile
    once: Once

    @classmethod
    def on(
        cls,
        given: Ports,
        *,
        admin_subjects: Collection[str],
        daily_recommendations: int = RECOMMENDATIONS_A_DAY,
    ) -> Self:
        photos = PhotoUseCases(given.photos, given.photo_files, given.candidates, given.clock)
        forget = ForgetMember(
            given.members,
            given.candidates,
            given.photos,
            photos.remove,
            given.matches,
            given.recommendations,
            given.invitations,
            given.quotas,
            given.records,
            given.outbox,
            given.changes,
            given.clock,
        )
        deliver = DeliverEvent(
            given.outbox, given.requests, given.changes, given.recommendations, forget, given.clock
        )
        return cls(
            members=MemberUseCases(given.members, deliver, given.clock, admin_subjects),
            invitations=InvitationUseCases(
                given.invitations, given.members, given.candidates, deliver, given.clock
            ),
            candidates=CandidateUseCases(given.candidates, given.members, deliver, given.clock),
            photos=photos,
            recommendations=RecommendationUseCases(
                given.recommendations,
                given.candidates,
                given.members,
                given.quotas,
                deliver,
                given.clock,
                recommendations(daily_recommendations),
            ),
            matches=MatchUseCases(
                given.matches, given.candidates, given.members, given.quotas, given.clock
            ),
            operations=OperationUseCases(
                given.recommendations, given.outbox, given.matches, given.members, given.clock
            ),
            sweep_outbox=SweepOutbox(given.outbox, deliver, given.clock),
            reconcile=Reconcile(given.recommendations, given.outbox, given.clock),
            once=Once(given.records, given.members, given.clock),
        )

"""Everything the service can do, as one value that entrypoints are given."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from cufit_service.application.accept_invitation import AcceptInvitation
from cufit_service.application.answer_match import AnswerMatch
from cufit_service.application.ask_for_recommendation import AskForRecommendation
from cufit_service.application.block_pair import BlockPair
from cufit_service.application.deliver_event import DeliverEvent
from cufit_service.application.forget_member import ForgetMember
from cufit_service.application.identify_member import IdentifyMember
from cufit_service.application.invite import Invite
from cufit_service.application.leave import Leave
from cufit_service.application.list_candidates import ListCandidates
from cufit_service.application.list_invitations import ListInvitations
from cufit_service.application.list_photos import ListPhotos
from cufit_service.application.manage_photos import ManagePhotos
from cufit_service.application.once import Once
from cufit_service.application.pause_matching import PauseMatching
from cufit_service.application.photo_ports import PhotoFiles, PhotoLinks, Photos
from cufit_service.application.ports import (
    Candidates,
    Clock,
    Ids,
    Invitations,
    Matches,
    Members,
    Outbox,
    ProfileChanges,
    RecommendationRequests,
    Recommendations,
    Records,
)
from cufit_service.application.read_matches import ReadMatches
from cufit_service.application.read_profile import ReadProfile
from cufit_service.application.read_recommendations import ReadRecommendations
from cufit_service.application.reconcile import Reconcile
from cufit_service.application.save_profile import SaveProfile
from cufit_service.application.see_operations import SeeOperations
from cufit_service.application.sign_in import SignIn
from cufit_service.application.suggest_match import SuggestMatch
from cufit_service.application.sweep_outbox import SweepOutbox
from cufit_service.application.upgrade_recommendation import UpgradeRecommendation
from cufit_service.application.view_candidate import ViewCandidate
from cufit_service.domain.recommendation_quota import RECOMMENDATIONS_A_DAY


@dataclass(frozen=True, slots=True)
class Ports:
    """One implementation of each port."""

    members: Members
    invitations: Invitations
    candidates: Candidates
    recommendations: Recommendations
    matches: Matches
    records: Records
    outbox: Outbox
    photos: Photos
    photo_links: PhotoLinks
    photo_files: PhotoFiles
    requests: RecommendationRequests
    changes: ProfileChanges
    ids: Ids
    clock: Clock


@dataclass(frozen=True, slots=True)
class UseCases:
    identify_member: IdentifyMember
    sign_in: SignIn
    leave: Leave
    invite: Invite
    list_invitations: ListInvitations
    accept_invitation: AcceptInvitation
    save_profile: SaveProfile
    read_profile: ReadProfile
    pause_matching: PauseMatching
    list_photos: ListPhotos
    manage_photos: ManagePhotos
    list_candidates: ListCandidates
    view_candidate: ViewCandidate
    ask_for_recommendation: AskForRecommendation
    upgrade_recommendation: UpgradeRecommendation
    read_recommendations: ReadRecommendations
    suggest_match: SuggestMatch
    answer_match: AnswerMatch
    read_matches: ReadMatches
    block_pair: BlockPair
    see_operations: SeeOperations
    once: Once
    sweep_outbox: SweepOutbox
    reconcile: Reconcile

    @classmethod
    def on(
        cls,
        ports: Ports,
        *,
        admin_subjects: Collection[str],
        daily_recommendations: int = RECOMMENDATIONS_A_DAY,
    ) -> Self:
        manage_photos = ManagePhotos(ports.photos, ports.photo_files)
        forget = ForgetMember(
            ports.members,
            ports.candidates,
            ports.photos,
            manage_photos.remove,
            ports.matches,
            ports.recommendations,
            ports.invitations,
            ports.outbox,
            ports.changes,
        )
        deliver = DeliverEvent(
            ports.outbox, ports.requests, ports.changes, ports.recommendations, forget, ports.clock
        )
        return cls(
            identify_member=IdentifyMember(ports.members, admin_subjects, ports.clock),
            sign_in=SignIn(ports.members),
            leave=Leave(ports.members, deliver, ports.clock),
            invite=Invite(ports.invitations, ports.clock),
            list_invitations=ListInvitations(ports.invitations),
            accept_invitation=AcceptInvitation(ports.invitations, ports.members, ports.clock),
            save_profile=SaveProfile(ports.candidates, deliver, ports.clock),
            read_profile=ReadProfile(ports.candidates),
            pause_matching=PauseMatching(ports.candidates, deliver, ports.clock),
            list_photos=ListPhotos(ports.photos, ports.photo_links, ports.candidates),
            manage_photos=manage_photos,
            list_candidates=ListCandidates(ports.candidates),
            view_candidate=ViewCandidate(ports.candidates, ports.clock),
            ask_for_recommendation=AskForRecommendation(
                ports.candidates,
                ports.recommendations,
                deliver,
                ports.clock,
                daily_recommendations,
            ),
            upgrade_recommendation=UpgradeRecommendation(
                ports.candidates,
                ports.recommendations,
                deliver,
                ports.clock,
                daily_recommendations,
            ),
            read_recommendations=ReadRecommendations(
                ports.recommendations, ports.candidates, ports.clock
            ),
            suggest_match=SuggestMatch(ports.candidates, ports.matches, ports.clock),
            answer_match=AnswerMatch(ports.matches, ports.clock),
            read_matches=ReadMatches(ports.matches, ports.candidates, ports.clock),
            block_pair=BlockPair(ports.candidates, ports.matches, ports.clock),
            see_operations=SeeOperations(ports.recommendations, ports.outbox, ports.clock),
            once=Once(ports.records, ports.clock),
            sweep_outbox=SweepOutbox(ports.outbox, deliver, ports.clock),
            reconcile=Reconcile(ports.recommendations, ports.outbox, ports.clock),
        )

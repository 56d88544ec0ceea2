"""Orders of doing things, and checks in code, that protect an invariant; each done wrong.

Conditions of writes are not here: they are found by listening (conditions.py). Where code moves,
this table has to follow, and says so: a change whose source is not there fails the drill.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.drills.sources import Change


@dataclass(frozen=True)
class Mutation:
    name: str
    change: Change
    caught_in: Sequence[str]
    """Flows and races, the smallest first."""

    def __str__(self) -> str:
        return self.name


_APPLICATION = "cufit_service.application"
_ADAPTERS = "cufit_service.adapters"

MUTATIONS = (
    Mutation(
        "the outbox row goes before the message is sent",
        Change(
            f"{_APPLICATION}.deliver_event",
            "DeliverEvent.__call__",
            "    if isinstance(event, RecommendationRequested):\n",
            "    await self.outbox.remove(event)\n"
            "    if isinstance(event, RecommendationRequested):\n",
        ),
        ["save profile"],
    ),
    Mutation(
        "a recommendation is accepted without its outbox row",
        Change(
            f"{_ADAPTERS}.dynamodb.recommendations",
            "DynamoDbRecommendations.accept",
            "        outbox_row(self._outbox_table, request),\n",
            "",
        ),
        ["ask"],
    ),
    Mutation(
        "a profile is saved without its outbox row",
        Change(
            f"{_ADAPTERS}.dynamodb.candidates",
            "DynamoDbCandidates.save",
            "[outbox_row(self._outbox_table, change)]",
            "[]",
        ),
        ["save profile"],
    ),
    Mutation(
        "a profile is removed without its outbox row",
        Change(
            f"{_ADAPTERS}.dynamodb.candidates",
            "DynamoDbCandidates.remove",
            "        outbox_row(self._outbox_table, gone),\n",
            "",
        ),
        ["candidate leaves"],
    ),
    Mutation(
        "a member is removed without the outbox row",
        Change(
            f"{_ADAPTERS}.dynamodb.members",
            "DynamoDbMembers.remove",
            "        outbox_row(self._outbox_table, left),\n",
            "",
        ),
        ["candidate leaves"],
    ),
    Mutation(
        "an invitation and the role it gives are written apart",
        Change(
            f"{_ADAPTERS}.dynamodb.invitations",
            "DynamoDbInvitations.record_acceptance",
            "(used, role_taken(",
            "(used)\n    await self._dynamodb.write_together(role_taken(",
        ),
        ["accept"],
    ),
    Mutation(
        "a match and the quota it uses are written apart",
        Change(
            f"{_ADAPTERS}.dynamodb.matches",
            "DynamoDbMatches.add",
            '        put(self._table, _item(match), Attr("pair_id").not_exists()),\n',
            '        put(self._table, _item(match), Attr("pair_id").not_exists()),\n'
            "    )\n"
            "    await self._dynamodb.write_together(\n",
        ),
        ["suggest"],
    ),
    Mutation(
        "a write that was sent twice counts as lost",
        Change(
            f"{_ADAPTERS}.dynamodb.repeated_writes",
            "was_applied_before",
            "if stored is None",
            "if True",
        ),
        ["agree first"],
    ),
    Mutation(
        "every lost race counts as a write that was sent twice",
        Change(
            f"{_ADAPTERS}.dynamodb.repeated_writes",
            "was_applied_before",
            "    if stored is None",
            "    if stored is not None:\n        return True\n    if stored is None",
        ),
        ["both agree"],
    ),
    Mutation(
        "a transaction has no token",
        Change(
            f"{_ADAPTERS}.dynamodb.database",
            "DynamoDb.write_together",
            ", ClientRequestToken=str(uuid4())",
            "",
        ),
        ["accept"],
    ),
    Mutation(
        "a queue that does not answer counts as sent",
        Change(
            f"{_APPLICATION}.deliver_event",
            "DeliverEvent.__call__",
            "        await self.changes.send(event)\n",
            "        try:\n"
            "            await self.changes.send(event)\n"
            "        except Unavailable:\n"
            "            pass\n",
        ),
        ["save profile"],
    ),
    Mutation(
        "an attempt whose outcome is unknown loses its reserved id",
        Change(
            f"{_APPLICATION}.once",
            "Once.__call__",
            "self._keep(replace(record, lease_until=self.clock.now()))",
            "self.records.remove(record_id)",
        ),
        ["invite a candidate"],
    ),
    Mutation(
        "a request taken over is given another id",
        Change(
            f"{_APPLICATION}.once",
            "Once._claimed_again",
            "replace(known, lease",
            "replace(known, reserved_id=first.reserved_id, lease",
        ),
        ["invite a candidate"],
    ),
    Mutation(
        "leaving spares whatever is younger than it",
        Change(
            f"{_APPLICATION}.forget_member",
            "ForgetMember._is_new",
            "member is not None and created_at >= member.joined_at",
            "created_at > left.at",
        ),
        ["leave and first profile"],
    ),
    Mutation(
        "a sweeper forgets what it could not send",
        Change(
            f"{_APPLICATION}.sweep_outbox",
            "SweepOutbox.__call__",
            "        except Unavailable as error:\n",
            "        except Unavailable as error:\n            await self.outbox.remove(event)\n",
        ),
        ["sweep"],
    ),
    Mutation(
        "a failed record of match_worker is acknowledged",
        Change(
            "match_worker.handler",
            "_record",
            "        raise\n",
            "        return\n",
        ),
        ["ask"],
    ),
    Mutation(
        "a request that is put off is not sent again",
        Change(
            "match_worker.adapters.sqs_delayed_requests",
            "SqsDelayedRequests.put_off",
            "self._client.send_message(",
            "dict(",
        ),
        ["ask while throttled"],
    ),
    Mutation(
        "failures of profile_indexer are acknowledged",
        Change(
            "profile_indexer.handler",
            "_follow",
            "failed.append(record_id)",
            "pass",
        ),
        ["save profile"],
    ),
    Mutation(
        "a document that outran its profile stays",
        Change(
            "profile_indexer.follow_profiles",
            "FollowProfiles._lost_race",
            "self._candidates.reopen(candidate_id)",
            "return",
        ),
        ["index while saved and indexed"],
    ),
    Mutation(
        "a document of somebody who left meanwhile stays",
        Change(
            "profile_indexer.follow_profiles",
            "FollowProfiles._lost_race",
            "self._knowledge_base.remove([candidate_id])",
            "return",
        ),
        ["index while forgotten"],
    ),
    Mutation(
        "a document of somebody who left stays",
        Change(
            "profile_indexer.follow_profiles",
            "FollowProfiles.__call__",
            "self._knowledge_base.remove(gone)",
            "pass",
        ),
        ["candidate leaves"],
    ),
    Mutation(
        "the upload goes before the photo is ready",
        Change(
            "photo_processor.process_photo",
            "ProcessPhoto._accept",
            "    self._files.write_clean(photo.photo_id, clean)\n",
            "    self._files.delete_upload(photo.photo_id)\n"
            "    self._files.write_clean(photo.photo_id, clean)\n",
        ),
        ["photo"],
    ),
    Mutation(
        "the files are written after the photo is ready",
        Change(
            "photo_processor.process_photo",
            "ProcessPhoto._accept",
            "    self._files.write_clean(photo.photo_id, clean)\n"
            "    if self._photos.make_ready(photo, clean):\n",
            "    is_ready = self._photos.make_ready(photo, clean)\n"
            "    self._files.write_clean(photo.photo_id, clean)\n"
            "    if is_ready:\n",
        ),
        ["photo"],
    ),
    Mutation(
        "files of a photo that was deleted meanwhile stay",
        Change(
            "photo_processor.process_photo",
            "ProcessPhoto._accept",
            "self._files.delete_clean(photo.photo_id)",
            "pass",
        ),
        ["process and delete"],
    ),
    Mutation(
        "a photo and its place in the quota are written apart",
        Change(
            "photo_upload_url.dynamodb_photos",
            "DynamodbPhotos.add",
            "        self._client.transact_write_items(TransactItems=actions)\n",
            "        for action in actions:\n"
            "            self._client.transact_write_items(TransactItems=[action])\n",
        ),
        ["upload URL"],
    ),
)

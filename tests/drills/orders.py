"""Steps and their orders that protect an invariant; each done wrong, and where that shows.

Said in terms of AWS's operations, so code may move freely beneath. Conditions of writes are not
here: they are found by listening (conditions.py). Neither are decisions within the service's rules
and use cases: those are the mutation tester's (`make drills-long`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.drills.functions import MATCH_WORKER, PROFILE_INDEXER
from tests.drills.twists import (
    Wrong,
    acknowledged,
    after_failure,
    answered_as,
    apart,
    calls,
    later,
    left_out,
    unheard,
    without_member,
    without_parameter,
)
from tests.in_memory_aws.clients import Ask
from tests.in_memory_aws.cloud import MATCH_REQUESTS, PROFILE_CHANGES


@dataclass(frozen=True)
class Order:
    name: str
    wrong: Wrong
    caught_in: Sequence[str]
    """Flows and races, the smallest first."""

    def __str__(self) -> str:
        return self.name


def _forget_the_record(
    send: Ask, service: str, _: str, request: Mapping[str, Any]
) -> dict[str, Any]:
    gone = {"TableName": request["TableName"], "Key": {"id": request["Item"]["id"]}}
    return send(service, "DeleteItem", gone)


def _another_reserved_id(answer: dict[str, Any]) -> dict[str, Any]:
    item = answer["Item"]
    return {"Item": item | {"reserved_id": {"S": item["reserved_id"]["S"][::-1]}}}


def _puts_off(operation: str, request: Mapping[str, Any]) -> bool:
    return operation == "SendMessage" and "DelaySeconds" in request


def _reopens(operation: str, request: Mapping[str, Any]) -> bool:
    """The indexer says that no version of a profile is indexed."""
    update = calls("UpdateItem", "candidates")(operation, request)
    return update and {"N": "0"} in request["ExpressionAttributeValues"].values()


def _takes_a_place(operation: str, request: Mapping[str, Any]) -> bool:
    update = calls("UpdateItem", "idempotency")(operation, request)
    return update and "ADD" in request["UpdateExpression"]


def _gives_a_place_back(operation: str, request: Mapping[str, Any]) -> bool:
    update = calls("UpdateItem", "idempotency")(operation, request)
    return update and "DELETE" in request["UpdateExpression"]


_REMOVES_DOCUMENTS = calls("DeleteKnowledgeBaseDocuments")

ORDERS = (
    Order(
        "the outbox row goes before the message is sent",
        later(calls("SendMessage", PROFILE_CHANGES), than=calls("DeleteItem", "outbox")),
        ["save profile"],
    ),
    Order(
        "a recommendation is accepted without its outbox row",
        without_member("Put", "outbox", beside=("Put", "recommendations")),
        ["ask"],
    ),
    Order(
        "an upgrade is accepted without its outbox row",
        without_member("Put", "outbox", beside=("Update", "recommendations")),
        ["upgrade"],
    ),
    Order(
        "a profile is saved without its outbox row",
        without_member("Put", "outbox", beside=("Update", "candidates")),
        ["save profile"],
    ),
    Order(
        "a member is removed without the outbox row",
        without_member("Put", "outbox", beside=("Delete", "members")),
        ["candidate leaves"],
    ),
    Order(
        "an invitation and the role it gives are written apart",
        apart("invitations"),
        ["accept"],
    ),
    Order(
        "a place of the day is taken once what it is for is stored",
        later(_takes_a_place, than=calls("TransactWriteItems")),
        ["last suggestion of the day"],
    ),
    Order(
        "what is refused keeps its places of the day",
        left_out(_gives_a_place_back),
        ["suggest and pause right"],
    ),
    Order(
        "one refused for the other side keeps the place of the first",
        left_out(_gives_a_place_back),
        ["last suggestion of the day, on the right"],
    ),
    Order("a photo and its place in the quota are written apart", apart("photos"), ["upload URL"]),
    Order(
        "a write that was sent twice counts as lost",
        without_parameter("ReturnValuesOnConditionCheckFailure"),
        ["agree first"],
    ),
    Order(
        "every lost race counts as a write that was sent twice",
        unheard(calls("PutItem", "matches"), code="ConditionalCheckFailedException"),
        ["two blocks"],
    ),
    Order("a transaction has no token", without_parameter("ClientRequestToken"), ["upload URL"]),
    Order(
        "a queue that does not answer counts as sent",
        unheard(calls("SendMessage", PROFILE_CHANGES)),
        ["save profile"],
    ),
    Order(
        "a sweeper forgets what it could not send",
        unheard(calls("SendMessage", MATCH_REQUESTS)),
        ["sweep"],
    ),
    Order(
        "an attempt whose outcome is unknown loses its reserved id",
        after_failure(
            calls("PutItem", "invitations"), calls("PutItem", "idempotency"), _forget_the_record
        ),
        ["invite a maker"],
    ),
    Order(
        "a request taken over is given another id",
        answered_as(calls("GetItem", "idempotency"), _another_reserved_id),
        ["invite a candidate"],
    ),
    Order("a failed record of match_worker is acknowledged", acknowledged(MATCH_WORKER), ["ask"]),
    Order(
        "a request that is put off is not sent again", left_out(_puts_off), ["ask while throttled"]
    ),
    Order(
        "failures of profile_indexer are acknowledged",
        acknowledged(PROFILE_INDEXER),
        ["save profile"],
    ),
    Order(
        "a document that outran its profile stays",
        left_out(_reopens),
        ["index while saved and indexed"],
    ),
    Order(
        "a document of somebody who left meanwhile stays",
        left_out(_REMOVES_DOCUMENTS),
        ["index while forgotten"],
    ),
    Order(
        "a document of somebody who left stays",
        left_out(_REMOVES_DOCUMENTS),
        ["candidate leaves"],
    ),
    Order(
        "the upload goes before the photo is ready",
        later(
            lambda *call: (
                calls("PutObject", "photos/")(*call) or calls("UpdateItem", "photos")(*call)
            ),
            than=calls("DeleteObject", "incoming/"),
        ),
        ["photo"],
    ),
    Order(
        "the files are written after the photo is ready",
        later(calls("PutObject", "photos/"), than=calls("UpdateItem", "photos")),
        ["photo"],
    ),
    Order(
        "files of a photo that was deleted meanwhile stay",
        after_failure(
            calls("UpdateItem", "photos"),
            calls("DeleteObject", "photos/"),
            lambda *_: {},
        ),
        ["process and delete"],
    ),
)

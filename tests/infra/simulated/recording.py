"""What the code of every deployable asks of AWS, heard while a town lives through its days.

Everything runs in memory (tests/drills): the service, the functions behind its queues, and people
who set each flow in motion and look at all there is.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
from botocore.client import BaseClient

from match_worker.adapters.powertools_circuit_breaker import CONFIG
from photo_upload_url.issue_upload_url import ABANDONED_AFTER
from tests.drills.flows import FLOWS, Flow
from tests.drills.functions import PHOTOS_PER_CANDIDATE
from tests.drills.people import MAKERS, MEN, WOMEN, member_id
from tests.drills.service import ADMIN
from tests.drills.town import Town
from tests.drills.world import World
from tests.in_memory_aws import clients
from tests.in_memory_aws.settings import BUCKET
from tests.infra.simulated.calls import Asked, asked, together

SERVICE = "service"


class Overheard(World):
    """A world that notes who asks for what."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: dict[str, list[Asked]] = defaultdict(list)
        self._who = SERVICE

    def note(self, service: str, operation: str, request: Mapping[str, Any]) -> None:
        self.heard[self._who] += asked(service, operation, request)

    def invoke(self, function: str, event: dict[str, Any]) -> Any:
        before, self._who = self._who, function
        try:
            return super().invoke(function, event)
        finally:
            self._who = before

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Every call, and every URL that is signed: it works with its signer's permission."""
        emit: Any = BaseClient._emit_api_params  # type: ignore[attr-defined]  # no stubs

        def heard_from_boto(
            client: Any, api_params: Any, operation_model: Any, context: Any
        ) -> Any:
            sent = emit(client, api_params, operation_model, context)
            self.note(client.meta.service_model.service_name, operation_model.name, sent)
            return sent

        def heard_from_service(service: str, operation: str, request: Mapping[str, Any]) -> Any:
            if self._who == SERVICE:
                given = {"Bucket": BUCKET} if service == "s3" else {}
                self.note(service, operation, {**given, **request})
            return self.cloud.call(service, operation, request)

        async def signed(_: Any, key: str, **_options: Any) -> str:
            self.note("s3", "GetObject", {"Bucket": BUCKET, "Key": key})
            return f"https://photos.test/{key}"

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(BaseClient, "_emit_api_params", heard_from_boto)
            patch.setattr(clients._Bucket, "presigned_get", signed)
            self.boundary.ask = heard_from_service
            yield


@cache
def recorded() -> Mapping[str, list[Asked]]:
    """By function, or SERVICE: each action on each thing, once."""
    with (world := Overheard()).running(), world.noted():
        Town(world).build()
        at_rest = world.cloud.snapshot()
        acts = {flow.name: _in_order(flow) for flow in FLOWS} | _MORE
        for name, act in acts.items():
            world.restore(at_rest)
            act(Town(world))
            world.settle()
            if name in _WORTH_A_LOOK:
                _look_at_everything(world)
    return {who: together(iter(heard)) for who, heard in world.heard.items()}


def _in_order(flow: Flow) -> Callable[[Town], object]:
    return lambda town: flow.act(town, flow.prepare(town))


def _break_the_model(town: Town) -> None:
    """Until the worker's circuit breaker opens, and closes again."""
    town.world.cloud.bedrock.broken = True
    for _ in range(CONFIG.failure_threshold):
        town.ask("maker-1", "man-1")
        town.world.settle()
    town.world.cloud.bedrock.broken = False
    town.world.clock.advance(CONFIG.recovery_timeout + 1)
    town.ask("maker-1", "man-1")


def _abandon_uploads(town: Town) -> None:
    """Every place is taken by a photo that never came; later they are free again."""
    for _ in range(PHOTOS_PER_CANDIDATE):
        town.ask_for_upload("man-1")
    town.world.clock.advance(ABANDONED_AFTER.total_seconds() + 1)
    town.ask_for_upload("man-1")


_MORE: dict[str, Callable[[Town], object]] = {
    "break the model": _break_the_model,
    "abandon uploads": _abandon_uploads,
}
_WORTH_A_LOOK = ("ask", "agree second", "photo")


def _look_at_everything(world: World) -> None:
    for subject in (*MAKERS, *MEN, *WOMEN, ADMIN):
        for target in ("candidates/me", "candidates", "matches", "recommendations", "invitations"):
            world.request(subject, "GET", f"/v1/{target}")
        for person in (*MEN, *WOMEN):
            for end in ("", "/photos"):
                world.request(subject, "GET", f"/v1/candidates/{member_id(person)}{end}")
    world.request(ADMIN, "GET", "/v1/operations")

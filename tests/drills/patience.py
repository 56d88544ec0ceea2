"""The worker before a Bedrock in trouble, on a clock that nobody waits for: the real handlers with
their use case, breaker and requests put off, two at a time as SQS gives them; Bedrock is what a
drill says it is."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from random import Random
from typing import Any

import pytest
from aws_lambda_powertools.utilities.circuit_breaker import base as circuit_breaker

from cufit_contracts.environment import variable
from cufit_contracts.items import RecommendationItem, StepState
from cufit_contracts.stored import read
from match_worker import bootstrap
from match_worker.adapters import bedrock_timing
from match_worker.scoring.shortlist import Shortlist
from stacks import timing
from tests.drills import functions
from tests.drills.functions import MATCH_WORKER
from tests.drills.people import WOMEN
from tests.drills.town import Town
from tests.drills.troubled_bedrock import Client, Trouble
from tests.drills.virtual_time import VirtualTime
from tests.drills.world import World
from tests.in_memory_aws.cloud import MATCH_REQUESTS

ASKING = (("maker-1", "man-1"), ("maker-2", "man-2"))
"""Who asks for whom, in turn: a day holds 30 for each."""

CONCURRENCY = 2
"""Of match_worker's event source (stacks/matching.py)."""

LONGEST_TIMEOUT = 23
"""That the configuration may give a question (stacks/config_rules.py)."""

DELIVERY = 1.0
"""Seconds between a message and the handler's first line: polling, a cold start now and then."""
TABLES = 1.0
"""Seconds that a delivery takes beside its questions; 100 ms are usual."""


@dataclass
class Ended:
    """A recommendation at rest."""

    item: RecommendationItem

    @property
    def seconds(self) -> float:
        assert self.item.finished_at is not None, f"{self.item.recommendation_id} is lost"
        return (self.item.finished_at - self.item.asked_at).total_seconds()

    @property
    def put_off(self) -> int:
        return sum(step.state is StepState.DELAYED for step in self.item.timeline)


@dataclass
class Patience:
    """A town at rest, and trouble."""

    world: World
    time: VirtualTime
    trouble: Trouble = Trouble.NONE
    asked: list[str] = field(default_factory=list)
    """Ids."""
    questions: int = 0
    """Calls of the model, whatever came of them."""
    _left: int = 0
    """Who is still to ask, or to change the trouble."""

    @classmethod
    @contextmanager
    def of(
        cls,
        world: World,
        *,
        seed: int = 1,
        timeout: int = LONGEST_TIMEOUT,
        matchmaker: str = "retrieve_and_generate",
    ) -> Iterator["Patience"]:
        """`timeout` as in [matching] timeout_seconds."""
        drill = cls(world, VirtualTime(world.clock))
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv(variable("bedrock_timeout_seconds"), str(timeout))
            patch.setenv(variable("matchmaker"), matchmaker)
            patch.setattr(bootstrap, "Shortlist", _shortlist_of_all)
            for name in ("_LOCAL_FAILURES", "_LOCAL_SUCCESSES", "_LAST_OBSERVED_STATE"):
                patch.setattr(circuit_breaker, name, _OfEachThread())
            patch.setattr(random, "random", Random(seed).random)  # noqa: S311 - repeatable
            patch.setattr(bedrock_timing, "sleep", drill.time.sleep)
            for name in ("_agent_runtime", "_runtime"):
                patch.setattr(bootstrap, name, lambda read: Client(drill, read))
            yield drill

    def asks(self, times: int, *, every: float = 0.0) -> None:
        """Have so many recommendations asked for, one after the other."""
        town = Town(self.world, name="patient")

        def ask(number: int) -> None:
            reply = town.ask(*ASKING[number % 2])
            assert reply.status == 202, reply
            self.asked.append(reply.body["recommendationId"])

        for number in range(times):
            self._later(number * every, partial(ask, number))

    def upgrades_all(self) -> None:
        """Have everything that was asked for asked of a model again."""
        town = Town(self.world, name="upgrading")

        def upgrade(number: int, recommendation_id: str) -> None:
            reply = town.upgrade(ASKING[number % 2][0], recommendation_id)
            assert reply.status == 202, reply

        for number, recommendation_id in enumerate(self.asked):
            self._later(0.0, partial(upgrade, number, recommendation_id))

    def becomes(self, trouble: Trouble, *, after: float) -> None:
        def change() -> None:
            self.trouble = trouble

        self._later(after, change)

    def _later(self, after: float, do: Callable[[], None]) -> None:
        self._left += 1

        def done() -> None:
            do()
            self._left -= 1

        self.time.start(done, after)

    def ends(self) -> list[Ended]:
        """Everything delivered until nothing is left to do."""
        for sandboxes in self.world._sandboxes[:CONCURRENCY]:
            handler = sandboxes[MATCH_WORKER]
            handler.restart()
            self.time.start(partial(self._poll, handler._module.handler))
        self.time.run()
        assert not self.world.cloud.sqs.queues[MATCH_REQUESTS].dead_letters
        table = self.world.cloud.dynamodb.tables["recommendations"]
        return [Ended(_item(table, one)) for one in self.asked]

    def _poll(self, handler: Callable[..., Any]) -> None:
        queue = self.world.cloud.sqs.queues[MATCH_REQUESTS]
        while self._left or queue.messages:
            messages = queue.receive(self.world.clock.seconds(), 1)
            if not messages:
                self.time.sleep(0.5)
                continue
            self.time.sleep(DELIVERY)
            began = self.world.clock.seconds()
            ends_at = began + timing.MATCH_WORKER_TIMEOUT
            context = functions._Context(MATCH_WORKER, self.world.clock, ends_at)
            self.time.sleep(TABLES)
            answer = handler(functions.sqs_event(MATCH_REQUESTS, messages), context)
            assert self.world.clock.seconds() < ends_at, "Lambda would have stopped it"
            if not answer["batchItemFailures"]:
                queue.delete(messages[0].message_id)


def _shortlist_of_all(
    candidates: Any, referee: Any, rubric: Any, _size: int, _near: int, nearness: Any
) -> Shortlist:
    """As many places as there are people: with fewer nobody near in meaning is looked for."""
    return Shortlist(candidates, referee, rubric, len(WOMEN), 1, nearness)


class _OfEachThread(dict[str, Any]):
    """What Powertools keeps for the process, kept for each sandbox."""

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(self._own(name), default)

    def __setitem__(self, name: str, value: Any) -> None:
        super().__setitem__(self._own(name), value)

    @staticmethod
    def _own(name: str) -> str:
        return f"{threading.get_ident()} {name}"


def _item(table: Any, recommendation_id: str) -> RecommendationItem:
    [item] = [
        one for one in table.items.values() if one["recommendation_id"]["S"] == recommendation_id
    ]
    return read(RecommendationItem, _plain(item))


def _plain(item: Any) -> Any:
    from boto3.dynamodb.types import TypeDeserializer  # noqa: PLC0415 - slow to load

    return TypeDeserializer().deserialize({"M": item})

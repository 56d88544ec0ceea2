"""How long `cufit kb sync` takes for 1,000 profiles, within the quotas, on the embedded AWS.

    .venv/bin/python -m tests.benchmarks.knowledge_base [PROFILES]

Prints progress as the command does, then the time, how many documents are in step, and the most
calls of each operation in any second, of which AWS takes 5.
"""

import sys
import tempfile
import time
from bisect import bisect_left
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cufit_ops.knowledge_base.standing import Comparison, Standing, compare
from cufit_ops.knowledge_base.sync import Pulse, Sync, work
from tests.integration.embedded_aws.server import Server
from tests.integration.ops.conftest import Town, found_town

PROFILES = 1000
EVERY_SECONDS = 5.0


def main(profiles: int) -> None:
    with tempfile.TemporaryDirectory() as state:
        server = Server(Path(state)).start()
        try:
            _measure(found_town(server), profiles)
        finally:
            server.stop()


def _measure(town: Town, profiles: int) -> None:
    town.has(*[f"m_{n:026}" for n in range(profiles)])
    calls = _watched(town.base.agent)
    outcome = Sync(town.base.indexed_candidates(), town.base.knowledge_base())(
        work(_compared(town), rebuild=True), _Reporter()
    )
    in_step = len(_compared(town).having(Standing.IN_STEP))
    _say(f"{in_step:,} of {profiles:,} in step after {outcome.seconds:.1f} s")
    for operation, moments in sorted(calls.items()):
        busiest = max(bisect_left(moments, one + 1) - at for at, one in enumerate(moments))
        _say(f"{operation}: {len(moments)} calls, at most {busiest} in a second")


def _compared(town: Town) -> Comparison:
    documents = list(town.base.documents())
    return compare(town.base.candidates(), documents, datetime.now(UTC))


def _watched(agent: Any) -> dict[str, list[float]]:
    """Moments in seconds at which each operation is sent from now on."""
    calls: dict[str, list[float]] = defaultdict(list)

    def sent(model: Any, **_: Any) -> None:
        calls[model.name].append(time.monotonic())

    agent.meta.events.register("before-call.bedrock-agent", sent)
    return calls


class _Reporter:
    def __init__(self) -> None:
        self._at = time.monotonic()

    def __call__(self, pulse: Pulse) -> None:
        if time.monotonic() - self._at >= EVERY_SECONDS:
            self._at = time.monotonic()
            _say(str(pulse))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PROFILES)

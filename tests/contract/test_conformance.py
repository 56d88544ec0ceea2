"""schemathesis asks the whole API whatever its document allows, and what it does not, as everybody.

What it checks of each answer: the status, the media type, the body and the headers are documented;
what fits the schemas is taken and what does not is refused; no 5xx; nothing without a token.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final

import pytest
import schemathesis
from schemathesis import Case, GenerationMode, HookContext, Response
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from cufit_service.entrypoints.http.rate_limits import Rate, RateLimits
from tests.contract.edge import Edge, function_is_deployed
from tests.contract.sensible import Sensible
from tests.unit.service import test_permission_matrix as matrix
from tests.unit.service.http_world import HttpWorld, document
from tests.unit.service.signing import token

CALLERS: Final = {**matrix.CALLERS, "nobody": None}

IN_THE_GATE: Final = ("maker", "owner")
"""Everybody takes a minute (`make contract`)."""

EXAMPLES, EXAMPLES_IN_FULL = 1, 30
"""Requests of each kind for each operation, besides those at every limit."""

GOOD: Final = ["2xx", "401", "403", "404", "409", "410", "412"]
"""What may become of a request that fits the schemas: 422 is none of them."""

_ANY_RATE: Final = Rate(burst=1_000_000, per_second=1_000_000)


@pytest.fixture(autouse=True)
def _function() -> Iterator[None]:
    with function_is_deployed():
        yield


@pytest.mark.parametrize("caller", CALLERS)
def test_every_answer_is_as_documented(caller: str, in_full: bool) -> None:
    if not in_full and caller not in IN_THE_GATE:
        pytest.skip("drawn in full only")
    found, asked = _found(caller, EXAMPLES_IN_FULL if in_full else EXAMPLES)
    print(f"{caller}: {asked} requests")  # noqa: T201 - shown by -s and when it fails
    assert asked > 400
    assert not found, "\n\n".join(found.values())


def _found(caller: str, examples: int) -> tuple[dict[tuple[str, str], str], int]:
    """One finding of each kind by operation, and how many requests were made."""
    edge = Edge(_fresh())
    schema = schemathesis.openapi.from_asgi("/openapi.json", edge, config=_config(caller, examples))
    sensible = Sensible(document())

    def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
        if case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE:
            sensible.mend(case)

    def after_call(context: HookContext, case: Case[Any], response: Response) -> None:
        if case.method != "GET" and response.status_code < 300:
            edge.http = _fresh()

    with _hooked(before_call, after_call):
        return _run(schema)


@contextmanager
def _hooked(*hooks: Callable[..., None]) -> Iterator[None]:
    """schemathesis knows hooks around calls for the whole process alone."""
    for hook in hooks:
        schemathesis.hook(hook)
    try:
        yield
    finally:
        schemathesis.hooks.unregister_all()


def _run(schema: schemathesis.BaseSchema) -> tuple[dict[tuple[str, str], str], int]:
    found: dict[tuple[str, str], str] = {}
    asked: Counter[str] = Counter()
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            found[type(event).__name__, str(event.id)] = repr(event)
        if isinstance(event, events.ScenarioFinished):
            asked[event.phase] += len(event.recorder.interactions)
            _collect(event, found)
    return found, asked.total()


def _collect(event: events.ScenarioFinished, found: dict[tuple[str, str], str]) -> None:
    recorder = event.recorder
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if failure := check.failure_info:
                interaction = recorder.interactions.get(case_id)
                answer = interaction.response if interaction else None
                said = answer.content[:600] if answer else b""
                found.setdefault(
                    (recorder.label, check.name),
                    f"{recorder.label} ({event.phase}): {failure.failure.message}\n"
                    f"{failure.code_sample}\n{answer and answer.status_code} {said!r}",
                )


def _config(caller: str, examples: int) -> SchemathesisConfig:
    subject = CALLERS[caller]
    headers = {"Authorization": f"Bearer {token(subject)}"} if subject else {}
    return SchemathesisConfig.from_dict(
        {
            "headers": headers,
            "checks": {
                "not_a_server_error": {"expected-statuses": ["2xx", "4xx"]},
                "positive_data_acceptance": {"expected-statuses": GOOD},
                # To nobody every address is 401 whatever the method, the public ones but for GET.
                "unsupported_method": {"enabled": subject is not None},
            },
            "generation": {
                "mode": "all",
                "max-examples": examples,
                "deterministic": True,
                "database": "none",
                "no-shrink": True,
            },
            "phases": {"stateful": {"enabled": False}},
        }
    )


def _fresh() -> HttpWorld:
    http = asyncio.run(matrix._world())
    state = http.app.state
    state.context = replace(state.context, rate_limits=RateLimits(_ANY_RATE, _ANY_RATE))
    return http

"""Nothing is lost and nothing doubled, whichever single call of AWS goes wrong in whichever way."""

import pytest

from tests.drills.boundary import Call, Fault
from tests.drills.enumeration import Run, Stages
from tests.drills.flows import FLOWS, Flow

READS = frozenset(
    {
        *("GetItem", "BatchGetItem", "Query", "Scan", "GetParameter", "GetObject"),
        *("GetKnowledgeBaseDocuments", "RetrieveAndGenerate"),
    }
)
"""Without an effect: it does not matter when in such a call something goes wrong."""


def short(run: Run, call: Call) -> bool:
    """What tells apart: a crash before a call leaves what a crash after the one before it left,
    and a client that is gone differs from one that asks again after crashes alone."""
    (fault,) = run.faults.values()
    if call.operation in READS:
        return run.patient and fault in (Fault.CRASH_BEFORE, Fault.ERROR)
    return fault is Fault.CRASH_AFTER or (run.patient and fault is not Fault.CRASH_BEFORE)


@pytest.mark.parametrize("flow", FLOWS, ids=str)
def test_every_call_of_a_flow_may_fail_in_every_way(
    flow: Flow, stages: Stages, in_full: bool
) -> None:
    """Each call in half of its ways; in each with --in-full, and `make drills` leaves out
    nothing."""
    calls = stages.of(flow).calls
    runs = [run for run in stages.runs(flow) if short(run, calls[min(run.faults)])]
    assert len(runs) >= 2 * len(calls)
    chosen = runs if in_full else runs[::2]
    assert {number for run in chosen for number in run.faults} == {*range(len(calls))}
    for run in chosen:
        stages.go(run)

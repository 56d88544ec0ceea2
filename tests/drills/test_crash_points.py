"""Nothing is lost and nothing doubled, whichever single call of AWS goes wrong in whichever way."""

import pytest

from tests.drills.boundary import Fault
from tests.drills.enumeration import Run, Stages
from tests.drills.flows import FLOWS, Flow


def short(run: Run) -> bool:
    """A crash before a call leaves what a crash after the call before it left; and a client that
    is gone is told apart from one that asks again by crashes alone. `make drills` leaves out
    nothing."""
    (fault,) = run.faults.values()
    return fault is Fault.CRASH_AFTER or (run.patient and fault is not Fault.CRASH_BEFORE)


@pytest.mark.parametrize("flow", FLOWS, ids=str)
def test_every_call_of_a_flow_may_fail_in_every_way(flow: Flow, stages: Stages) -> None:
    runs = [run for run in stages.runs(flow) if short(run)]
    assert len(runs) == 5 * len(stages.of(flow).calls)
    for run in runs:
        stages.go(run)

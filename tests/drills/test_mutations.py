"""The drills can fail: each protection is taken away in turn, and some run goes wrong each time."""

import pytest

from tests.drills.conditions import without
from tests.drills.mutants import Hunt, verdict
from tests.drills.mutations import MUTATIONS, Mutation
from tests.drills.spare import SPARE

# They share how everything goes unharmed, which takes a while to find out.
pytestmark = pytest.mark.xdist_group("mutations")


def test_every_condition_is_needed(hunt: Hunt) -> None:
    world = hunt.stages.world
    survivors = []
    conditions = sorted(hunt.conditions())
    assert SPARE.keys() <= {str(condition) for condition in conditions}
    for condition in conditions:
        if str(condition) in SPARE:
            continue
        world.boundary.rewrite = without(condition)
        try:
            if verdict(hunt.without(condition)).caught_by is None:
                survivors.append(str(condition))
        finally:
            world.boundary.rewrite = None
    assert survivors == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_every_order_matters(mutation: Mutation, hunt: Hunt) -> None:
    with mutation.change.applied():
        found = verdict(hunt.within(mutation.caught_in))
    assert found.caught_by is not None, f"nothing of {mutation.caught_in} minded"

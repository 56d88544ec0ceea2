"""The drills can fail: each protection is taken away in turn, and some run goes wrong each time."""

import pytest

from tests.drills.conditions import without
from tests.drills.mutants import Hunt, verdict
from tests.drills.mutations import MUTATIONS, Mutation

SPARE = {
    "ConditionCheck candidates: attribute_exists(candidate_id)": "the other half implies it",
    "ConditionCheck candidates: paused = ?": "a suggestion beside a pause may as well be the first",
    "Delete candidates: version = ?": "whoever leaves loses whichever version there is",
    "Delete matches: status = ?": "only a block has a maker_id",
    "Put idempotency: version = ?": "work done twice under one reserved id is done once",
    "Put invitations: attribute_not_exists(code)": "a code is 80 random bits",
    "Put photos: attribute_not_exists(photo_id)": "an id is 130 random bits",
    "Update photos: live > ?": "every photo's place was counted",
}
"""Conditions that no history here needs, and why. They stand against what is not supposed to be."""


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

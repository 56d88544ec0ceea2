"""Logical ids of what holds data: a changed one is a new, empty resource after the next deploy."""

from cufit_ops.delivering.rollback import DATA_BEARING
from tests.infra.approved import assert_approved
from tests.infra.synthesis import STACKS, Synthesized


def test_stateful_resources_keep_their_logical_ids(environment: Synthesized) -> None:
    found = {
        stack: {
            logical_id: resource["Type"]
            for logical_id, resource in template["Resources"].items()
            if resource["Type"] in DATA_BEARING
        }
        for stack, template in environment.templates.items()
    }

    assert_approved(
        "stateful_ids",
        {stack: ids for stack, ids in found.items() if ids},
        "Something new holds data? Where an id went, what it held stays behind: move it first.",
    )


def test_stacks_keep_their_names(environment: Synthesized) -> None:
    assert set(environment.templates) - {"Delivery"} == set(STACKS)

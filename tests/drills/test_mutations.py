"""The drills can fail: each protection is taken away in turn, and some run goes wrong each time."""

import pytest

from tests.drills.conditions import without
from tests.drills.mutants import Hunt, caught_by
from tests.drills.orders import ORDERS, Order
from tests.drills.spare import SPARE
from tests.drills.twists import sent_as

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
        if caught_by(hunt.without(condition), world, sent_as(without(condition))) is None:
            survivors.append(str(condition))
    assert not survivors, "\n".join(survivors)


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_every_order_matters(order: Order, hunt: Hunt) -> None:
    found = caught_by(hunt.within(order.caught_in), hunt.stages.world, order.wrong)
    assert found is not None, f"nothing of {order.caught_in} minded"

"""What a bill leaves out, as it is told."""

import copy
from collections.abc import Mapping

from cufit_ops.costs.bill import bill_of
from cufit_ops.costs.unpriced import Unpriced
from cufit_ops.template_graph import Account

Accounts = Mapping[str, Account]
MADE = ("Data", "Made")


def told_of(account: Account, kind: str, properties: object) -> Unpriced:
    """The one thing that is told when a resource MADE comes to `account`."""
    account = copy.deepcopy(account)
    stack, logical_id = MADE
    account.stacks[stack]["Resources"][logical_id] = {"Type": kind, "Properties": properties}
    (one,) = bill_of({"dev": account}).unpriced["dev"]
    return one

"""An AWS account's environments at the base or at the head, with what they cost."""

from dataclasses import dataclass

from cufit_ops.costs.bill import Bill
from cufit_ops.costs.credits import Purse, Runway
from cufit_ops.template_graph import Account


@dataclass(frozen=True)
class Version:
    accounts: dict[str, Account]
    bill: Bill
    purse: Purse
    """As configured; the bill may be counted with another version's VAT."""
    limit_usd: float | None
    """With VAT; what the bill is held against."""

    @property
    def names(self) -> str:
        return " + ".join(self.accounts)

    @property
    def is_above_limit(self) -> bool:
        return self.limit_usd is not None and self.bill.usd > self.limit_usd

    @property
    def runway(self) -> Runway | None:
        return self.purse.runway(self.bill.usd)

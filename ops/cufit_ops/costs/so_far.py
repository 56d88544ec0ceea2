"""The month so far, as AWS bills it. Each question to Cost Explorer costs $0.01."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

QUESTION_USD = 0.01
"""Cost Explorer's API, for each request and each further page of an answer."""
_CREDITS = {"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Credit", "Refund"]}}


@dataclass(frozen=True)
class SoFar:
    since: date
    until: date
    """The first day that is not counted."""
    usd: dict[str, float]
    """By AWS's service; VAT is the service Tax, which is posted late."""
    questions: int

    @property
    def total(self) -> float:
        return sum(self.usd.values())


def so_far(cost_explorer: Any, today: date) -> SoFar:
    """Ask a client of `ce`. Usage before credits, up to 24 hours late.

    Raises:
        ClientError: AWS refuses, such as AccessDeniedException without ce:GetCostAndUsage, or
            DataUnavailableException while the account is new.
    """
    since, until = today.replace(day=1), today + timedelta(days=1)
    found: dict[str, float] = {}
    page: dict[str, str] = {}
    questions = 0
    while True:
        answer = cost_explorer.get_cost_and_usage(
            TimePeriod={"Start": since.isoformat(), "End": until.isoformat()},
            Granularity="MONTHLY",
            Metrics=["UnblendedCost"],
            GroupBy=[{"Type": "DIMENSION", "Key": "SERVICE"}],
            Filter={"Not": _CREDITS},
            **page,
        )
        questions += 1
        for period in answer["ResultsByTime"]:
            for group in period["Groups"]:
                (service,) = group["Keys"]
                amount = float(group["Metrics"]["UnblendedCost"]["Amount"])
                found[service] = found.get(service, 0) + amount
        if not (token := answer.get("NextPageToken")):
            return SoFar(since, until, found, questions)
        page = {"NextPageToken": token}

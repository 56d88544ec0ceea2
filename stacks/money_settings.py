"""Settings that decide what an environment costs: its hours, the account's budget, AI's brake."""

from datetime import date, time
from typing import Annotated

from pydantic import BaseModel, Field, model_validator
from pydantic_core import PydanticCustomError

from cufit_contracts.office_hours import OfficeHours
from stacks.setting_types import TABLE, TimeOfDay, Weekdays


class Office(BaseModel):
    """When tasks run, in Korea's time; outside of it none runs, and none is paid for."""

    model_config = TABLE

    days: Weekdays = ["MON", "TUE", "WED", "THU", "FRI"]
    opens: TimeOfDay
    closes: TimeOfDay
    """Later on the same day."""

    @property
    def hours(self) -> OfficeHours:
        return OfficeHours(
            self.days, time.fromisoformat(self.opens), time.fromisoformat(self.closes)
        )

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> "Office":
        if self.opens >= self.closes:
            raise PydanticCustomError(
                "office_hours",
                "opens = {opens} is not before closes = {closes}; both are of one day",
                {"opens": self.opens, "closes": self.closes},
            )
        return self


class Budget(BaseModel):
    """Of the whole account, and so in one environment of it. It tells people and stops nothing."""

    model_config = TABLE

    monthly_usd: Annotated[float, Field(gt=0)]
    """What the account may cost with VAT. Credits and refunds are not counted: they would hide the
    spending until they are gone."""
    vat_percent: Annotated[float, Field(ge=0, le=30)] = 10
    """AWS adds it to what Korean accounts use."""
    credits_usd: Annotated[float, Field(gt=0)] | None = None
    """What was left of the credits on the day `credits_from` (Billing → Credits). Without it nobody
    is told how long they last."""
    credits_from: date | None = None

    @model_validator(mode="after")
    def _credits_have_a_day(self) -> "Budget":
        if (self.credits_usd is None) != (self.credits_from is None):
            raise PydanticCustomError(
                "credits",
                "credits_usd and credits_from go together: what was left, and on which day "
                "(credits_from = 2026-12-01, without quotes)",
            )
        return self

    @property
    def usage_usd(self) -> float:
        """The limit before VAT. AWS's budget compares usage with it, taxes left out: they are
        posted late, and only on what credits do not pay."""
        return round(self.monthly_usd / (1 + self.vat_percent / 100), 2)


class Brake(BaseModel):
    """From when on recommendations are made by rules alone; in US dollars before VAT."""

    model_config = TABLE

    daily_usd: Annotated[float, Field(gt=0)] = 0.25
    """Of this environment's questions to models in 24 hours, as its worker counts them. Noticed
    within minutes; holds for 24 hours."""
    monthly_usd: Annotated[float, Field(gt=0)] = 2.5
    """Of Amazon Bedrock in the whole account, as billed: up to 12 hours late; holds until the month
    is over. Third parties' models are billed by AWS Marketplace and are not in it."""

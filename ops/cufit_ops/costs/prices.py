"""The price lists ops/prices/REGION.json: a row for each meter, with its source and the day it was
read."""

import json
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from cufit_ops.workspace import ROOT

FOLDER = ROOT / "ops/prices"
OLD = timedelta(days=183)
"""Half a year: AWS changes prices seldom, and mostly down."""

Text = Annotated[str, Field(min_length=1)]
Usd = Annotated[float, Field(gt=0)]


class NoPricesError(ValueError):
    """Nobody has read the prices of a region."""


class Group(StrEnum):
    """The lines of a bill, in their order."""

    FARGATE = "fargate"
    ADDRESSES = "addresses"
    ENTRY = "entry"
    NETWORK = "network"
    MODELS = "models"
    TABLES = "tables"
    PHOTOS = "photos"
    VECTORS = "vectors"
    FUNCTIONS = "functions"
    QUEUES = "queues"
    LOGS = "logs"
    ALARMS = "alarms"
    IMAGES = "images"
    KEYS = "keys"

    @property
    def english(self) -> str:
        return _NAMES[self][0]

    @property
    def korean(self) -> str:
        return _NAMES[self][1]


_NAMES = {
    Group.FARGATE: ("Fargate tasks", "Fargate 태스크"),
    Group.ADDRESSES: ("public IPv4 addresses", "공인 IPv4 주소"),
    Group.ENTRY: ("entry (API, load balancer or Cloud Map)", "진입점(API, 로드 밸런서, Cloud Map)"),
    Group.NETWORK: ("network and data transfer", "네트워크와 데이터 전송"),
    Group.MODELS: ("models and embeddings", "AI 모델과 임베딩"),
    Group.TABLES: ("DynamoDB", "DynamoDB"),
    Group.PHOTOS: ("S3, photos", "S3(사진)"),
    Group.VECTORS: ("S3 Vectors", "S3 Vectors"),
    Group.FUNCTIONS: ("Lambda", "Lambda"),
    Group.QUEUES: ("SQS and SNS", "SQS와 SNS"),
    Group.LOGS: ("logs", "로그"),
    Group.ALARMS: ("alarms, metrics, API calls", "알람, 지표, API 호출"),
    Group.IMAGES: ("container images", "컨테이너 이미지"),
    Group.KEYS: ("keys and secrets", "키와 비밀 값"),
}


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    source: Text
    read: date
    """When somebody read it there."""
    note: Text | None = None
    """Where sources disagree, or what is assumed."""


class Offer(BaseModel):
    """Where AWS's public price list has it: a file of offers, and a usage type in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    file: Text
    usagetype: Text


class Price(_Row):
    group: Group
    usd: Usd
    """For `per` units, before VAT."""
    per: Annotated[int, Field(ge=1)] = 1
    unit: Text
    offer: Offer | None = None
    """None: the usage type is not known for sure, so nobody but a person renews the row."""

    @property
    def each(self) -> float:
        """US dollars of one unit."""
        return self.usd / self.per


class Free(_Row):
    amount: Annotated[float, Field(gt=0)]
    """Units a month that the account's environments share, for as long as the account exists. The
    offers of the first 12 months do not exist for accounts made since 2025-07-15."""


class PriceList(BaseModel):
    """Of one region, US dollars before VAT. Models are in
    lambdas/match_worker/model/model_prices.toml, which the worker reads too."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    region: Text
    prices: dict[str, Price]
    free: dict[str, Free]

    @property
    def read_until(self) -> date:
        return max(price.read for price in self.prices.values())

    def old(self, today: date) -> list[str]:
        """Meters whose price was read more than half a year before `today`."""
        return [meter for meter, price in self.prices.items() if today - price.read > OLD]


def regions(folder: Path = FOLDER) -> list[str]:
    """Whose prices somebody has read."""
    return sorted(file.stem for file in folder.glob("*-*.json"))


def file_of(region: str, folder: Path = FOLDER) -> Path:
    """Raises:
    NoPricesError: there is none.
    """
    file = folder / f"{region}.json"
    if not file.is_file():
        there = ", ".join(regions(folder)) or "none"
        raise NoPricesError(
            f"no prices of region {region}: ops/prices has those of {there}; write "
            f"ops/prices/{region}.json after one of them, each row with its source and the day"
        )
    return file


@cache
def price_list(region: str) -> PriceList:
    """Raises:
    NoPricesError: nobody has read the prices of `region`.
    """
    return PriceList.model_validate_json(file_of(region).read_text(encoding="utf-8"))


if __name__ == "__main__":
    schema = json.dumps(PriceList.model_json_schema(), indent=2)
    (FOLDER / "schema.json").write_text(f"{schema}\n", encoding="utf-8")

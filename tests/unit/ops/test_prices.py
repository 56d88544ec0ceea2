"""The price lists: each row whole, told when old, read again from AWS's files."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError
from typer.testing import CliRunner

from cufit_ops.cli import app, cost
from cufit_ops.costs.offers import OffersError, Reading, read_again, renewed
from cufit_ops.costs.prices import FOLDER, NoPricesError, PriceList, file_of, price_list

SEOUL = "ap-northeast-2"
OFFERS = Path(__file__).parents[2] / "fixtures/price_lists"
NOTHING: dict[str, Any] = {"products": {}, "terms": {}}


def fetch(url: str) -> dict[str, Any]:
    """What there is in tests/fixtures; nothing of other services."""
    file = OFFERS / f"{url.split('/')[6]}.json"
    found: dict[str, Any] = json.loads(file.read_text()) if file.is_file() else NOTHING
    return found


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*-*.json")), ids=lambda file: file.stem)
def test_a_list_is_whole_and_in_the_shape_of_its_schema(file: Path) -> None:
    prices = PriceList.model_validate_json(file.read_text())

    assert prices.region == file.stem
    assert prices.free.keys() <= prices.prices.keys()
    schema = json.loads((FOLDER / "schema.json").read_text())
    assert schema == PriceList.model_json_schema(), (
        "write ops/prices/schema.json anew: python -m cufit_ops.costs.prices"
    )


@pytest.mark.parametrize("key", ["usd", "unit", "source", "read", "group"])
def test_a_row_without_its_source_is_refused(key: str) -> None:
    document = json.loads(file_of(SEOUL).read_text())
    del document["prices"]["ipv4_hour"][key]
    with pytest.raises(ValidationError, match=f"ipv4_hour.{key}"):
        PriceList.model_validate(document)


def test_a_price_is_old_after_half_a_year() -> None:
    prices = price_list(SEOUL)
    read = prices.prices["fargate_vcpu_hour"].read

    assert prices.old(prices.read_until) == []
    assert "fargate_vcpu_hour" not in prices.old(date(2027, 4, 5))
    assert "fargate_vcpu_hour" in prices.old(date(2027, 4, 8)), read


def test_a_region_without_a_list_is_named_with_those_there_are() -> None:
    with pytest.raises(NoPricesError, match="eu-west-1: ops/prices has those of ap-northeast-2"):
        price_list("eu-west-1")


def test_what_is_found_is_read_again_and_nothing_else() -> None:
    urls = []

    def noted(url: str) -> dict[str, Any]:
        urls.append(url)
        return fetch(url)

    readings = {one.meter: one for one in read_again(price_list(SEOUL), noted)}

    assert readings["fargate_vcpu_hour"] == Reading("fargate_vcpu_hour", 0.03725, 0.036)
    assert readings["sqs_request"] == Reading("sqs_request", 0.4, 0.45)  # of the first paid range
    far, several = readings["fargate_gb_hour"], readings["fargate_x86_vcpu_hour"]
    assert (far.after, far.why) == (None, "0.409 is too far away; look, and write it yourself")
    assert (several.after, several.why) == (
        None,
        "several prices have its usage type: 0.0465600000, 0.0500000000",
    )
    assert readings["ipv4_hour"].why == "its usage type is not in the file"
    assert urls[0] == (
        "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AWSELB/current/"
        "ap-northeast-2/index.json"
    )


@pytest.mark.parametrize(
    "answer",
    [
        [],
        {},
        {"products": [], "terms": {}},
        {"products": {"s": {"attributes": {"usagetype": "APN2-LCUUsage"}}}, "terms": []},
        {
            "products": {"s": {"attributes": {"usagetype": "APN2-LCUUsage"}}},
            "terms": {"OnDemand": {"s": {"t": {"priceDimensions": {"d": {"pricePerUnit": "?"}}}}}},
        },
        {
            "products": {"s": {"attributes": {"usagetype": "APN2-LCUUsage"}}},
            "terms": {
                "OnDemand": {
                    "s": {"t": {"priceDimensions": {"d": {"pricePerUnit": {"USD": "n/a"}}}}}
                }
            },
        },
    ],
)
def test_an_answer_of_another_shape_is_one_sentence(answer: Any) -> None:
    with pytest.raises(OffersError, match=r"AWSELB.*is no price list of the documented format"):
        list(read_again(price_list(SEOUL), lambda _: answer))


def test_another_currency_is_not_taken() -> None:
    product = {"s": {"attributes": {"usagetype": "APN2-LCUUsage"}}}
    dimension = {"d": {"pricePerUnit": {"CNY": "0.05"}}}
    answer = {
        "products": product,
        "terms": {"OnDemand": {"s": {"t": {"priceDimensions": dimension}}}},
    }
    (read,) = [
        one for one in read_again(price_list(SEOUL), lambda _: answer) if one.meter == "lcu_hour"
    ]
    assert (read.after, read.why) == (None, "its usage type is not in the file")


def test_a_file_keeps_all_but_what_was_read() -> None:
    text = file_of(SEOUL).read_text()
    before = json.loads(text)
    after = json.loads(renewed(text, [*read_again(price_list(SEOUL), fetch)], date(2027, 1, 2)))

    changed = {m for m, row in after["prices"].items() if row != before["prices"][m]}
    assert changed == {"fargate_vcpu_hour", "sqs_request"}
    row = after["prices"]["fargate_vcpu_hour"]
    assert (row["usd"], row["source"], row["read"]) == (
        0.036,
        "AWS Price List of AmazonECS",
        "2027-01-02",
    )
    assert renewed(text, [], date(2027, 1, 2)) == text


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    copy = tmp_path / f"{SEOUL}.json"
    copy.write_text(file_of(SEOUL).read_text())
    monkeypatch.setattr(cost, "file_of", lambda _: copy)
    return copy


def test_the_command_prints_before_and_after(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cost, "_fetch", lambda _, url: fetch(url))

    told = CliRunner().invoke(app, ["cost", "--refresh-prices"], env={"COLUMNS": "200"})

    assert told.exit_code == 0, told.output
    assert "fargate_vcpu_hour: 0.03725 → 0.036" in told.stdout
    assert "ipv4_hour: 0.005 → kept, its usage type is not in the file" in told.stdout
    assert json.loads(copied.read_text())["prices"]["sqs_request"]["usd"] == 0.45


@pytest.mark.parametrize("answer", [httpx.Response(503), httpx.Response(200, text="<html>")])
def test_nothing_is_written_when_aws_does_not_answer(
    copied: Path, monkeypatch: pytest.MonkeyPatch, answer: httpx.Response
) -> None:
    client = httpx.Client(transport=httpx.MockTransport(lambda _: answer))
    monkeypatch.setattr(httpx, "Client", lambda **_: client)
    before = copied.read_text()

    told = CliRunner().invoke(app, ["cost", "--refresh-prices"])

    assert isinstance(told.exception, OffersError)
    assert "the prices stay as they are" in str(told.exception)
    assert copied.read_text() == before

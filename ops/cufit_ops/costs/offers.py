"""Prices read again from AWS's public price list files, which take no account.

Their format: AWS Billing user guide, "Reading the service price list file". AWS's own guide calls
the ends of a range startingRange and endingRange, its files beginRange and endRange; both are read.
This was never run against AWS's server, only against files of that format.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from cufit_ops.costs.prices import PriceList

URL = "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/{file}/current/{region}/index.json"
SUSPICIOUS = 2
"""Times dearer or cheaper than before: another unit or product rather than another price."""


class OffersError(Exception):
    """AWS's price list cannot be read."""


@dataclass(frozen=True)
class Reading:
    meter: str
    before: float
    after: float | None
    """None: not taken, and `why`."""
    why: str = ""


def read_again(prices: PriceList, fetch: Callable[[str], Mapping[str, Any]]) -> Iterator[Reading]:
    """Each row with an offer, by a `fetch` of URLs that answers parsed JSON.

    Raises:
        OffersError: an answer is of another format.
    """
    for file in sorted({row.offer.file for row in prices.prices.values() if row.offer}):
        url = URL.format(file=file, region=prices.region)
        offers = fetch(url)
        for meter, row in prices.prices.items():
            if row.offer and row.offer.file == file:
                try:
                    found = sorted(first_prices(offers, row.offer.usagetype))
                except (ArithmeticError, AttributeError, KeyError, TypeError) as error:
                    raise OffersError(
                        f"{url} is no price list of the documented format "
                        f"({type(error).__name__}: {error}); the prices stay as they are"
                    ) from error
                yield _read(meter, row.usd, row.per, found)


def _read(meter: str, before: float, per: int, found: list[Decimal]) -> Reading:
    if not found:
        return Reading(meter, before, None, "its usage type is not in the file")
    if len(found) > 1:
        several = ", ".join(str(one * per) for one in found)
        return Reading(meter, before, None, f"several prices have its usage type: {several}")
    after = float(found[0] * per)
    if not before / SUSPICIOUS <= after <= before * SUSPICIOUS:
        return Reading(
            meter, before, None, f"{after:g} is too far away; look, and write it yourself"
        )
    return Reading(meter, before, after)


def first_prices(offers: Mapping[str, Any], usagetype: str) -> set[Decimal]:
    """US dollars of one unit, on demand, of the first range that costs something."""
    found = set()
    for sku, product in offers["products"].items():
        if product.get("attributes", {}).get("usagetype") != usagetype:
            continue
        for term in offers["terms"].get("OnDemand", {}).get(sku, {}).values():
            ranges = sorted(term["priceDimensions"].values(), key=_start)
            paid = (Decimal(one["pricePerUnit"].get("USD", "0")) for one in ranges)
            if (price := next((one for one in paid if one), None)) is not None:
                found.add(price)
    return found


def _start(dimension: Mapping[str, Any]) -> Decimal:
    return Decimal(dimension.get("beginRange", dimension.get("startingRange", "0")))


def renewed(text: str, readings: list[Reading], today: date) -> str:
    """The price file `text` with what was found in it, its source and the day."""
    document = json.loads(text)
    for reading in readings:
        if reading.after is not None:
            row = document["prices"][reading.meter]
            row["usd"] = reading.after
            row["source"] = f"AWS Price List of {row['offer']['file']}"
            row["read"] = today.isoformat()
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"

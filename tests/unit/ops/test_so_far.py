"""The month so far, asked of Cost Explorer in the shapes of botocore's model."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from cufit_ops.costs.so_far import so_far


@pytest.fixture
def explorer() -> Iterator[tuple[Any, Stubber]]:
    client = boto3.client(
        "ce",
        region_name="ap-northeast-2",
        aws_access_key_id="x",
        aws_secret_access_key="x",
    )
    with Stubber(client) as stub:
        yield client, stub
        stub.assert_no_pending_responses()


def asked(since: str, until: str, **page: str) -> dict[str, Any]:
    return {
        "TimePeriod": {"Start": since, "End": until},
        "Granularity": "MONTHLY",
        "Metrics": ["UnblendedCost"],
        "GroupBy": [{"Type": "DIMENSION", "Key": "SERVICE"}],
        "Filter": {"Not": {"Dimensions": {"Key": "RECORD_TYPE", "Values": ["Credit", "Refund"]}}},
        **page,
    }


def answered(usd: dict[str, str], **page: str) -> dict[str, Any]:
    groups = [
        {"Keys": [name], "Metrics": {"UnblendedCost": {"Amount": amount, "Unit": "USD"}}}
        for name, amount in usd.items()
    ]
    period = {"TimePeriod": {"Start": "2026-11-01", "End": "2026-11-29"}, "Groups": groups}
    return {"ResultsByTime": [period], **page}


def test_every_page_is_read_and_counted(explorer: tuple[Any, Stubber]) -> None:
    client, stub = explorer
    first = answered({"Amazon Elastic Container Service": "10.5", "Tax": "1.05"}, NextPageToken="n")
    stub.add_response("get_cost_and_usage", first, asked("2026-11-01", "2026-11-29"))
    stub.add_response(
        "get_cost_and_usage",
        answered({"AWS Lambda": "0.25"}),
        asked("2026-11-01", "2026-11-29", NextPageToken="n"),
    )

    found = so_far(client, date(2026, 11, 28))

    assert found.usd["Amazon Elastic Container Service"] == 10.5
    assert found.total == pytest.approx(11.8)
    assert found.questions == 2


def test_on_the_first_of_a_month_one_day_is_asked_for(explorer: tuple[Any, Stubber]) -> None:
    """Start and end may not be the same day."""
    client, stub = explorer
    stub.add_response("get_cost_and_usage", answered({}), asked("2026-12-01", "2026-12-02"))
    assert so_far(client, date(2026, 12, 1)).total == 0

"""What an environment used, from CloudWatch as it answers; and why nobody knows."""

from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber

from cufit_ops.capacity.used import NothingKnownError, Share, used
from cufit_ops.deployed_environment import Deployed, NotDeployedError

NOW = datetime(2026, 11, 28, tzinfo=UTC)


class Known(Deployed):
    """Its stacks have every output; CloudWatch answers what was laid down."""

    cloudwatch: Any

    def output(self, stack: str, key: str) -> str:
        return f"{stack}/{key}"

    def client(self, service: str, config: Any = None) -> Any:
        assert service == "cloudwatch"
        return self.cloudwatch


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Known:
    session = boto3.session.Session(region_name="ap-northeast-2")
    deployed = Known("prod", session)
    object.__setattr__(deployed, "cloudwatch", session.client("cloudwatch"))
    return deployed


def answers(known: Known, *pages: dict[str, list[float]]) -> Stubber:
    stubber = Stubber(known.cloudwatch)
    for number, page in enumerate(pages):
        more = number + 1 < len(pages)
        wanted = {"MetricDataQueries": ANY, "StartTime": ANY, "EndTime": NOW}
        stubber.add_response(
            "get_metric_data",
            {
                "MetricDataResults": [
                    {"Id": name, "Values": values, "Timestamps": [NOW] * len(values)}
                    for name, values in page.items()
                ],
                **({"NextToken": f"{number}"} if more else {}),
            },
            {**wanted, "NextToken": f"{number - 1}"} if number else wanted,
        )
    return stubber


def test_most_and_p95_over_all_pages(known: Known) -> None:
    first = {"cpu": [*range(1, 51)], "memory": [17.0], "requests": [30.0, 600.0]}
    with answers(known, first, {"cpu": [*range(51, 101)], "memory": [17.5]}):
        found = used(known, NOW)
    assert found.processor == Share(most=100, p95=96)
    assert found.memory == Share(most=17.5, p95=17.5)
    assert found.requests_per_second == 2
    assert found.words == (
        "processor at most 100 %, p95 96 %; memory at most 18 %, p95 18 %; "
        "at most 2 requests a second"
    )


def test_what_was_never_on_has_no_metric(known: Known) -> None:
    with (
        answers(known, {"cpu": [], "memory": [], "requests": []}),
        pytest.raises(NothingKnownError, match="there is no metric of 14 days"),
    ):
        used(known, NOW)


def test_without_credentials_nothing_is_asked(
    known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known.session, "get_credentials", lambda: None)
    with pytest.raises(NothingKnownError, match="not known without credentials"):
        used(known, NOW)


def test_who_may_not_ask_reads_awss_words(known: Known) -> None:
    stubber = Stubber(known.cloudwatch)
    stubber.add_client_error("get_metric_data", "AccessDenied", "not authorized", 403)
    with stubber, pytest.raises(NothingKnownError, match=r"AccessDenied.*not authorized"):
        used(known, NOW)


def test_what_is_not_deployed_says_how(known: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(self: Known, stack: str, key: str) -> str:
        raise NotDeployedError("there is no stack; deploy it")

    monkeypatch.setattr(Known, "output", missing)
    with pytest.raises(NothingKnownError, match="deploy it"):
        used(known, NOW)

"""`cufit explain` over tables in memory: its words, its JSON, its exit codes."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from typing import Any

import boto3
import pytest

from cufit_contracts.items import CandidateItem
from cufit_contracts.results import Failure, FailureCode, MatchResult
from cufit_contracts.stored import written
from cufit_ops import cli
from cufit_ops.deployed_environment import Deployed
from cufit_ops.evaluation.bench import Bench
from cufit_ops.evaluation.stand_ins import honest
from cufit_service.adapters.dynamodb.expressions import packed
from tests.in_memory_aws.botocore_clients import botocore_asks
from tests.in_memory_aws.cloud import Cloud
from tests.in_memory_aws.settings import REGION
from tests.integration.lambdas.items import recommendation_item
from tests.unit.evaluation import small

OUTPUTS = {"CandidatesTableName": "candidates", "RecommendationsTableName": "recommendations"}


class Tables:
    """An environment in which one of the golden set's seekers was recommended five people."""

    def __init__(self, cloud: Cloud) -> None:
        self._cloud = cloud
        seeker = small.golden().seekers[0]
        bench = Bench.offline(
            small.golden(), small.index(), small.setup("retrieve_and_generate", "v2"), honest
        )
        run = bench.run(seeker)
        assert run
        assert run.result
        self.result: MatchResult = run.result
        self.seeker_id = seeker.profile.candidate_id
        for one in (self.seeker_id, *(ranked.candidate_id for ranked in run.result.candidates)):
            self.has_person(small.golden().items[one])
        self.has("rec_made", status="READY", result=self.result)

    def has_person(self, item: CandidateItem) -> None:
        self._cloud.dynamodb.tables["candidates"].write(item.candidate_id, packed(written(item)), 0)

    def has(self, recommendation_id: str, **changes: Any) -> None:
        item = recommendation_item(
            recommendation_id=recommendation_id, candidate_id=self.seeker_id, **changes
        )
        self._cloud.dynamodb.tables["recommendations"].write(recommendation_id, packed(item), 0)


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tables]:
    cloud = Cloud(count(1_800_000_000, 10).__next__)
    told = [{"OutputKey": key, "OutputValue": value} for key, value in OUTPUTS.items()]

    def answer(service: str, operation: str, request: Any) -> Any:
        if operation == "DescribeStacks":
            return {"Stacks": [{"Outputs": told}]}
        return cloud.call(service, operation, request)

    here = Deployed("local", boto3.session.Session(region_name=REGION))
    monkeypatch.setattr(Deployed, "named", lambda _: here)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    with botocore_asks(answer):
        yield Tables(cloud)


def explain(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, str, str]:
    """Exit code, stdout, stderr."""
    monkeypatch.setattr(sys, "argv", ["cufit", "explain", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


@pytest.fixture
def cufit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    return lambda *words: explain(monkeypatch, capsys, *words)


def test_a_result_is_shown_part_by_part_and_nobody_is_named(tables: Tables, cufit: Any) -> None:
    code, text, said = cufit("rec_made")
    assert (code, said) == (0, "")
    for one in tables.result.candidates:
        assert one.candidate_id in text
        assert one.reason not in text
    assert "all that can be computed again agrees" in text
    code, text, said = cufit("rec_made", "--json")
    assert code == 0
    for person in small.golden().items.values():
        assert person.name not in text
    found = json.loads(text)
    assert (found["schema"], found["agrees"], found["status"]) == (1, True, "READY")
    first = found["explanation"]["candidates"][0]
    assert sum(part["points"]["recomputed"] for part in first["parts"]) == first["score"]["kept"]


def test_what_was_tampered_with_ends_in_1(tables: Tables, cufit: Any) -> None:
    first, *others = tables.result.candidates
    wrong = replace(tables.result, candidates=(replace(first, score=99), *others))
    tables.has("rec_wrong", status="READY", result=wrong)
    code, text, _ = cufit("rec_wrong")
    assert code == 1
    assert f"✗ score: 99 kept, {first.score} recomputed" in text
    assert cufit("rec_wrong", "--json")[0] == 1


def test_a_changed_profile_and_other_code_are_said(tables: Tables, cufit: Any) -> None:
    first = small.golden().items[tables.result.candidates[0].candidate_id]
    tables.has_person(replace(first, version=first.version + 1))
    code, text, _ = cufit("rec_made")
    assert code == 0
    was = f"{first.candidate_id}  profile changed since ({first.version} → {first.version + 1})"
    assert " ".join(was.split()) in " ".join(text.split())
    other = replace(tables.result.made_by, scoring_hash="0123456789ab")
    tables.has("rec_old", status="READY", result=replace(tables.result, made_by=other))
    code, text, _ = cufit("rec_old")
    assert code == 0
    assert "made by other code (0123456789ab → " in text
    assert "cannot be recomputed, kept as stored" in text


def test_what_is_not_made_or_failed_is_readable(tables: Tables, cufit: Any) -> None:
    tables.has("rec_open")
    tables.has("rec_none", status="FAILED", failure=Failure(FailureCode.SEEKER_PAUSED, "쉬어요"))
    code, text, _ = cufit("rec_open")
    assert (code, "not made yet" in text) == (0, True)
    code, text, _ = cufit("rec_none")
    assert (code, "nobody was recommended: SEEKER_PAUSED" in text) == (0, True)
    found = json.loads(cufit("rec_none", "--json")[1])
    assert (found["failure"], found["explanation"], found["agrees"]) == (
        "SEEKER_PAUSED", None, None,
    )  # fmt: skip


@pytest.mark.usefixtures("tables")
@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("rec_nobody", "local has no recommendation rec_nobody"),
        ("m_somebody", "'m_somebody' is no id of a recommendation; those begin with rec_"),
    ],
)
def test_an_unknown_id_and_another_word_are_usage(cufit: Any, word: str, said: str) -> None:
    code, text, error = cufit(word)
    assert (code, text) == (2, "")
    assert said in error


def test_an_item_out_of_shape_is_named(tables: Tables, cufit: Any) -> None:
    item = recommendation_item(recommendation_id="rec_odd")
    del item["maker_id"]
    tables._cloud.dynamodb.tables["recommendations"].write("rec_odd", packed(item), 0)
    code, _, error = cufit("rec_odd")
    assert code == 1
    assert "rec_odd is out of shape: RecommendationItem: maker_id" in error

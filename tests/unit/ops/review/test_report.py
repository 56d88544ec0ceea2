"""What a pull request is told, and what shuts the gate."""

import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema_rs
import pytest

from cufit_ops.review import analysers
from cufit_ops.review.analysers import Analyser
from cufit_ops.review.change import Change
from cufit_ops.review.findings import Finding, Gate, Rank, Topic
from cufit_ops.review.markdown import MARKER, render
from cufit_ops.review.report import review
from cufit_ops.review.synthesis import Outcome
from tests.unit.ops.review.versions import (
    DATA,
    DETAIL,
    LOST,
    RENAMED,
    WIDER,
    failed,
    report,
    told,
    version,
)

SCHEMA = json.loads((Path(__file__).parents[4] / "docs/report.schema.json").read_text())


def test_names_with_the_environment_in_them_are_the_same_name(
    tmp_path: Path, compared: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def named(change: Change) -> Iterator[Finding]:
        name = f"cufit-{change.environment}-Data:Arn"
        yield told(Topic.DATA, Rank.DANGER, f"{name} is in use by {change.environment}s", name)
        yield told(Topic.DATA, Rank.DANGER, f"{name} is in use", f'{{"Ref": "{name}"}}')
        yield told(Topic.DATA, Rank.NOTICE, f"cdk-cufit{change.environment}-assets-1 changes")

    monkeypatch.setattr(analysers, "ANALYSERS", (Analyser(Topic.DATA, named),))
    made = report(tmp_path)
    assert [(e.finding.sentence.english, e.environments) for e in made.entries] == [
        ("cufit-dev-Data:Arn is in use by devs", ("dev",)),
        ("cufit-*-Data:Arn is in use", ("dev", "prod")),
        ("cufit-prod-Data:Arn is in use by prods", ("prod",)),
        ("cdk-cufit*-assets-1 changes", ("dev", "prod")),
    ]
    assert made.entries[1].evidence == ((("dev", "prod"), '{"Ref": "cufit-*-Data:Arn"}'),)
    assert '  {\n    "Ref": "cufit-*-Data:Arn"\n  }' in render(made, "en")


def test_a_gate_is_lifted_by_its_label_alone(tmp_path: Path, found: list[Finding]) -> None:
    found += [LOST, WIDER]
    made = report(tmp_path, "allow-data-loss", "bug")
    assert made.exit_code == 1
    assert made.shut == [Gate.WIDER_PERMISSION]
    said = render(made, "en")
    title = (
        "## ⛔ Stopped: somebody may do more; let pass by label: data would be lost or left behind"
    )
    assert title in said.splitlines()
    assert (
        "| <code>allow-data-loss</code> | data would be lost or left behind (1) | ☑ lifted |"
        in said
    )
    assert "| <code>allow-wider-permission</code> | somebody may do more (1) | ⛔ missing |" in said


def test_with_every_label_nothing_is_in_the_way(tmp_path: Path, found: list[Finding]) -> None:
    found += [LOST]
    made = report(tmp_path, "Allow-Data-Loss")  # to GitHub a label is the same in capitals
    assert made.exit_code == 0
    said = render(made, "en")
    assert "## 🔴 Read this before merging; let pass by label: data would be lost" in said


def test_an_analyser_that_fails_shuts_its_gate(
    tmp_path: Path, compared: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Change) -> Iterator[Finding]:
        raise KeyError("Properties")

    monkeypatch.setattr(analysers, "ANALYSERS", (Analyser(Topic.DATA, fails, Gate.DATA_LOSS),))
    made = report(tmp_path)
    assert made.exit_code == 1
    assert "nobody has looked" in render(made, "en")


def test_versions_that_are_equal_say_so(tmp_path: Path, found: list[Finding]) -> None:
    said = render(report(tmp_path, head=DATA), "en")
    assert said == f"{MARKER}\n## ✅ Nothing that is deployed changes\n"


def test_a_new_environment_is_told_of(tmp_path: Path, found: list[Finding]) -> None:
    base = version(tmp_path / "base", dev=DATA)
    made = review(base, version(tmp_path / "head", dev=DATA, shop=DATA))
    assert made.exit_code == 0
    said = render(made, "en")
    assert "<code>shop</code> is a new environment: 1 stack with 1 resource (1 table)" in said
    assert "othing is lost" not in said.splitlines()[1]


def test_an_environment_that_goes_shuts_the_gate(tmp_path: Path, found: list[Finding]) -> None:
    base = version(tmp_path / "base", dev=DATA, shop=DATA)
    made = review(base, version(tmp_path / "head", dev=DATA))
    assert made.shut == [Gate.DATA_LOSS]
    assert "cufit teardown" in render(made, "en")


@pytest.mark.parametrize(
    ("outcome", "words", "title", "gates"),
    [
        (Outcome.NO_APP, "has no app, so everything is new", "Nothing to compare with", []),
        (
            Outcome.PACKAGES,
            "packages cannot be installed: no such wheel",
            "Stopped: nothing was compared",
            [Gate.NOT_COMPARED],
        ),
        (
            Outcome.APP,
            "does not synthesize: no such wheel",
            "Stopped: nothing was compared",
            [Gate.NOT_COMPARED],
        ),
    ],
)
def test_a_base_that_is_missing_leaves_what_the_head_is(
    outcome: Outcome,
    words: str,
    title: str,
    gates: list[Gate],
    tmp_path: Path,
    found: list[Finding],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dear = told(Topic.MONEY, Rank.DANGER, "above the limit", gate=Gate.MONTHLY_LIMIT)
    monkeypatch.setattr(analysers, "of_all", lambda _: iter([dear]))
    found.append(LOST)
    base = failed(tmp_path / "base", outcome, "no such wheel")
    made = review(base, version(tmp_path / "head", prod=DATA))
    assert made.shut == gates
    said = render(made, "en")
    assert title in said
    assert words in said
    assert "<code>prod</code> is 1 stack with 1 resource (1 table)" in said
    assert "Above the limit" in said
    assert "othing is lost" not in said


def test_a_head_that_does_not_synthesize_says_why(tmp_path: Path, found: list[Finding]) -> None:
    why = "config/dev.toml: fargate.cpu = 250: legal are 256, 512"
    head = failed(tmp_path / "head", Outcome.CONFIGURATION, why)
    made = review(version(tmp_path / "base", dev=DATA), head)
    assert made.exit_code == 3
    said = render(made, "en")
    assert said.startswith(f"{MARKER}\n## ❌ This version cannot be deployed\n")
    assert "config/dev.toml: fargate.cpu = 250" in said
    assert "othing is lost" not in said


def test_what_a_check_refuses_stands_beside_what_would_change(
    tmp_path: Path, found: list[Finding]
) -> None:
    found.append(LOST)
    head = version(tmp_path / "head", dev=RENAMED)
    failed(head, Outcome.VALIDATION, "AwsSolutions-S10: cufit-dev/Data/PhotoBucket: no SSL")
    made = review(version(tmp_path / "base", dev=DATA), head)
    assert made.exit_code == 3
    said = render(made, "ko")
    assert "AwsSolutions-S10" in said
    assert "한국어 people would see" in said


def test_unknown_environments_and_folders_are_refused(tmp_path: Path) -> None:
    base, head = version(tmp_path / "base", dev=DATA), version(tmp_path / "head", prod=DATA)
    with pytest.raises(ValueError, match=r"--env prd: .*; legal are dev, prod"):
        review(base, head, only="prd")
    with pytest.raises(ValueError, match="holds no synthesized version"):
        review(base, tmp_path)


@pytest.mark.parametrize(
    ("file", "text", "why"),
    [
        ("assembly-cufit-dev/manifest.json", "[]", "cannot be read as a synthesized version"),
        ("assembly-cufit-dev/Data.template.json", '{"Res', "cannot be read as a synthesized"),
        ("assembly-cufit-dev/Data.template.json", '{"Resources": []}', "cannot be read"),
        (
            "assembly-cufit-dev/Data.template.json",
            '{"Resources": {"T": {"Type": "AWS::S3::Bucket", "Properties": null}}}',
            "Data/T has no properties that can be read",
        ),
        (
            "assembly-cufit-dev/Data.template.json",
            '{"Resources": {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {}}}}',
            "Data/Fn::Transform has no type",
        ),
        ("synthesis.json", '{"outcome": "whole"}', "synthesis.json is damaged"),
        ("synthesis.json", "", "synthesis.json is damaged"),
    ],
)
def test_a_folder_that_is_damaged_is_refused_by_name(
    file: str, text: str, why: str, tmp_path: Path
) -> None:
    base = version(tmp_path / "base", dev=DATA)
    (base / file).write_text(text)
    with pytest.raises(ValueError, match=rf"{tmp_path}/base.*{why}"):
        review(base, base)


def test_the_folder_of_one_environment_is_refused(tmp_path: Path) -> None:
    stage = version(tmp_path / "base", dev=DATA) / "assembly-cufit-dev"
    with pytest.raises(ValueError, match="name the folder above"):
        review(stage, stage)


def test_json_is_as_its_schema_says(tmp_path: Path, found: list[Finding]) -> None:
    found += [LOST, WIDER, DETAIL]
    document = report(tmp_path, "allow-data-loss").document()
    jsonschema_rs.validate(SCHEMA, json.loads(json.dumps(document)))
    assert document["version"] == 1
    assert [gate["lifted"] for gate in document["gates"]] == [True, False]
    assert document["findings"][0]["environments"] == ["dev", "prod"]

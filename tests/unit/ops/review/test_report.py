"""What a pull request is told: what stands first, what is folded, and what shuts the gate."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import jsonschema_rs
import pytest

from cufit_ops.review import analysers
from cufit_ops.review.analysers import Analyser
from cufit_ops.review.change import Change, StackText
from cufit_ops.review.comparison import Pair
from cufit_ops.review.findings import Finding, Gate, Rank, Sentence, Topic
from cufit_ops.review.markdown import LONGEST, MARKER, render
from cufit_ops.review.report import Report, review
from cufit_ops.review.synthesis import Outcome
from tests.unit.ops.review.versions import TABLE, Stacks, failed, version

DATA: Stacks = {"Data": {"Candidates": TABLE}}
RENAMED: Stacks = {"Data": {"People": TABLE}}
SCHEMA = json.loads((Path(__file__).parents[4] / "docs/report.schema.json").read_text())


def told(
    topic: Topic, rank: Rank, english: str, evidence: str = "", gate: Gate | None = None
) -> Finding:
    return Finding(topic, rank, "a subject", Sentence(english, f"한국어 {english}"), evidence, gate)


LOST = told(
    Topic.DATA, Rank.DANGER, "people would see an empty table", "Candidates", Gate.DATA_LOSS
)
WIDER = told(
    Topic.PERMISSIONS, Rank.DANGER, "`worker` may delete", '{"Action": "*"}', Gate.WIDER_PERMISSION
)
DETAIL = told(Topic.CONFIGURATION, Rank.DETAIL, "log_retention_days: 7 → 14")


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    """What the analysers find of each environment; to be filled."""
    findings: list[Finding] = []

    def of(topic: Topic) -> Analyser:
        return Analyser(topic, lambda _: iter([f for f in findings if f.topic is topic]))

    monkeypatch.setattr(analysers, "ANALYSERS", tuple(of(topic) for topic in Topic))
    return findings


@pytest.fixture(autouse=True)
def compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without Node, which takes most of a second each time; test_comparison.py asks it. These
    templates have no price."""

    def compare(pairs: Sequence[Pair]) -> list[Change]:
        return [
            Change(
                pair.environment, pair.base, pair.head, [],
                [StackText(stack, f"[-] of {stack}", False) for stack, *_ in pair.templates()],
            )
            for pair in pairs
        ]  # fmt: skip

    monkeypatch.setattr("cufit_ops.review.report.compare", compare)
    monkeypatch.setattr(analysers, "of_all", lambda _: iter(()))


def report(tmp_path: Path, *labels: str, head: Stacks = RENAMED) -> Report:
    base = version(tmp_path / "base", dev=DATA, prod=DATA, local=DATA)
    after = version(tmp_path / "head", dev=head, prod=head, local=head)
    return review(base, after, labels=set(labels))


def test_nothing_dangerous_is_one_sentence(tmp_path: Path, found: list[Finding]) -> None:
    found.append(DETAIL)
    made = report(tmp_path)
    assert made.exit_code == 0
    said = render(made, "en")
    assert said.partition("<details>")[0].splitlines() == [
        MARKER,
        "## ✅ Nothing is lost, nobody may do more, it costs the same, it carries as much.",
        "",
    ]
    assert "잃는 데이터가 없습니다" in render(made, "ko")


def test_the_same_of_two_environments_is_one_line(tmp_path: Path, found: list[Finding]) -> None:
    found.append(LOST)
    said = render(report(tmp_path), "en")
    first = said.partition("<details>")[0]
    line = "- 🔴 People would see an empty table (dev, prod) → <code>allow-data-loss</code>"
    assert first.count(line) == 1
    assert "local" not in said


def test_names_with_the_environment_in_them_are_the_same_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def named(change: Change) -> Iterator[Finding]:
        name = f"cufit-{change.environment}-Data:Arn"
        yield told(Topic.DATA, Rank.DANGER, f"{name} is in use by {change.environment}s", name)
        yield told(Topic.DATA, Rank.DANGER, f"{name} is in use", f'{{"Ref": "{name}"}}')

    monkeypatch.setattr(analysers, "ANALYSERS", (Analyser(Topic.DATA, named),))
    made = report(tmp_path)
    assert [(e.finding.sentence.english, e.environments) for e in made.entries] == [
        ("cufit-dev-Data:Arn is in use by devs", ("dev",)),
        ("cufit-*-Data:Arn is in use", ("dev", "prod")),
        ("cufit-prod-Data:Arn is in use by prods", ("prod",)),
    ]
    assert made.entries[1].evidence == ((("dev", "prod"), '{"Ref": "cufit-*-Data:Arn"}'),)
    assert '  {\n    "Ref": "cufit-*-Data:Arn"\n  }' in render(made, "en")


def test_topics_come_in_their_order_and_dangers_first(tmp_path: Path, found: list[Finding]) -> None:
    notice = told(Topic.DATA, Rank.NOTICE, "another index")
    refused = told(Topic.REFUSED, Rank.DANGER, "an export is in use")
    found += [notice, WIDER, LOST, DETAIL, refused]
    first = render(report(tmp_path), "en").partition("<details>")[0]
    order = ["An export", "People would", "Another index", "<code>worker</code> may"]
    assert sorted(order, key=first.index) == order
    assert "log" not in first
    assert "It costs the same, it carries as much." in first
    assert "othing is lost" not in first


def test_a_gate_is_lifted_by_its_label_alone(tmp_path: Path, found: list[Finding]) -> None:
    found += [LOST, WIDER]
    made = report(tmp_path, "allow-data-loss", "bug")
    assert made.exit_code == 1
    assert made.shut == [Gate.WIDER_PERMISSION]
    said = render(made, "en")
    assert "## ⛔ Stopped: somebody may do more\n" in said
    assert (
        "| <code>allow-data-loss</code> | data would be lost or left behind (1) | ☑ set |" in said
    )
    assert "| <code>allow-wider-permission</code> | somebody may do more (1) | ⛔ missing |" in said


def test_with_every_label_nothing_is_in_the_way(tmp_path: Path, found: list[Finding]) -> None:
    found += [LOST]
    made = report(tmp_path, "allow-data-loss")
    assert made.exit_code == 0
    assert "Read this before merging" in render(made, "en")


def test_a_gate_is_on_the_first_screen_whatever_its_rank(
    tmp_path: Path, found: list[Finding]
) -> None:
    found.append(told(Topic.PERMISSIONS, Rank.DETAIL, "unused", gate=Gate.UNUSED_PERMISSION))
    first = render(report(tmp_path), "en").partition("<details>")[0]
    assert "Unused (dev, prod) → <code>allow-unused-permission</code>" in first


def test_an_analyser_that_fails_shuts_its_gate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: Change) -> Iterator[Finding]:
        raise KeyError("Properties")

    monkeypatch.setattr(analysers, "ANALYSERS", (Analyser(Topic.DATA, fails, Gate.DATA_LOSS),))
    made = report(tmp_path)
    assert made.exit_code == 1
    assert "nobody has looked" in render(made, "en")


def test_cdks_own_text_comes_last(tmp_path: Path, found: list[Finding]) -> None:
    found += [LOST, DETAIL]
    folds = [
        line for line in render(report(tmp_path), "en").splitlines() if line.startswith("<details>")
    ]
    assert [fold.partition("<summary>")[2].partition("<")[0] for fold in folds] == [
        "Configuration (1)",
        "What shows it (1)",
        "cdk diff: dev/Data",
        "cdk diff: prod/Data",
    ]


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
    ("outcome", "words"),
    [
        (Outcome.NO_APP, "has no app, so everything is new"),
        (Outcome.PACKAGES, "packages cannot be installed: no such wheel"),
        (Outcome.APP, "does not synthesize: no such wheel"),
    ],
)
def test_a_base_that_is_missing_leaves_what_the_head_is(
    outcome: Outcome, words: str, tmp_path: Path, found: list[Finding]
) -> None:
    found.append(LOST)
    base = failed(tmp_path / "base", outcome, "no such wheel")
    made = review(base, version(tmp_path / "head", prod=DATA))
    assert made.exit_code == 0
    said = render(made, "en")
    assert "Nothing to compare with" in said
    assert words in said
    assert "<code>prod</code> is 1 stack with 1 resource (1 table)" in said
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


def test_too_long_is_shortened_by_importance(tmp_path: Path, found: list[Finding]) -> None:
    long = "\n".join(["x" * 90] * 40)
    found += [LOST, DETAIL]
    found += [told(Topic.CODE, Rank.DETAIL, f"file {n}", long) for n in range(40)]
    made = report(tmp_path)
    said = render(made, "en")
    assert len(said) <= LONGEST
    assert "People would see an empty table" in said
    assert "What shows it (1)" in said
    assert "3 folded parts of the least importance" in said
    assert "File 39" in said  # its evidence is what is left out
    assert said.count("<details>") == said.count("</details>")
    assert "File 39" in render(made, "en", longest=None)


def test_a_first_screen_that_is_too_long_says_how_many_more(
    tmp_path: Path, found: list[Finding]
) -> None:
    found += [told(Topic.CAPACITY, Rank.NOTICE, f"{n} " + "x" * 500) for n in range(300)]
    found.append(WIDER)
    said = render(report(tmp_path), "en")
    assert len(said) <= LONGEST
    assert "may delete" in said
    assert "… and " in said


HOSTILE = (
    "<img src=x> </details> @team #12 **bold** [click](https://evil.example) \n"
    "<!-- cufit-report -->\n``` www.evil.example a`@b `<script> *x*` *y* \u202edrow"
)


def test_what_somebody_wrote_is_text_and_nothing_but(tmp_path: Path, found: list[Finding]) -> None:
    found.append(told(Topic.DATA, Rank.DANGER, HOSTILE, HOSTILE + "\n````\n</details>"))
    said = render(report(tmp_path), "en")
    first, *folds = said.split("<details>")
    assert said.count(MARKER) == 2  # the first line, and text in a fence
    line = next(line for line in first.splitlines() if "img" in line)
    for harm in (
        "<img",
        "</details",
        "@team",
        "#12 ",
        "**",
        "](",
        "https://e",
        "www.e",
        "<!--",
        "*",
    ):
        assert harm not in line
    assert "<script>" not in line
    assert "\u202e" not in said
    assert "`````" in folds[0]


def test_json_is_as_its_schema_says(tmp_path: Path, found: list[Finding]) -> None:
    found += [LOST, WIDER, DETAIL]
    document = report(tmp_path, "allow-data-loss").document()
    jsonschema_rs.validate(SCHEMA, json.loads(json.dumps(document)))
    assert document["version"] == 1
    assert [gate["lifted"] for gate in document["gates"]] == [True, False]
    assert document["findings"][0]["environments"] == ["dev", "prod"]

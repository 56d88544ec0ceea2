"""What of a report stands first, what is folded or left out, and what is but text."""

from dataclasses import replace
from pathlib import Path

from cufit_ops.review.findings import Finding, Gate, Rank, Sentence, Topic
from cufit_ops.review.markdown import LONGEST, MARKER, render
from cufit_ops.review.unused import HOW
from tests.unit.ops.review.versions import (
    DETAIL,
    LOST,
    WIDER,
    report,
    told,
)


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


def test_a_gate_is_on_the_first_screen_whatever_its_rank(
    tmp_path: Path, found: list[Finding]
) -> None:
    found.append(told(Topic.PERMISSIONS, Rank.DETAIL, "unused", gate=Gate.UNUSED_PERMISSION))
    first = render(report(tmp_path), "en").partition("<details>")[0]
    assert "Unused (dev, prod) → <code>allow-unused-permission</code>" in first


def test_a_permission_that_nobody_needs_is_one_line(tmp_path: Path, found: list[Finding]) -> None:
    needless = "nothing that `worker` does needs to delete"
    for said in (f"{needless}; {HOW}", f"{needless} more; {HOW}"):
        gate = Gate.UNUSED_PERMISSION
        found.append(told(Topic.PERMISSIONS, Rank.DANGER, said, '{"Action": "*"}', gate))
    found.append(replace(WIDER, sentence=Sentence("`worker` may now delete", "한국어")))
    made = report(tmp_path)
    assert [len(shut) for shut in made.gates.values()] == [1, 2]
    first, _, folds = render(made, "en").partition("<details>")
    assert [line for line in first.splitlines() if line.startswith("- ")] == [
        "- 🔴 <code>worker</code> may now delete; no code needs that (dev, prod) → "
        "<code>allow-wider-permission</code>, <code>allow-unused-permission</code>",
        f"- 🔴 Nothing that <code>worker</code> does needs to delete more; {HOW} (dev, prod) → "
        "<code>allow-unused-permission</code>",
    ]
    assert "<summary>What shows it (2)" in folds
    assert "한국어. 실제로 쓰는 코드는 없습니다" in render(made, "ko")


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


def test_too_long_is_shortened_by_importance(tmp_path: Path, found: list[Finding]) -> None:
    long = "\n".join(["x" * 90] * 40)
    found += [LOST, DETAIL]
    found += [told(Topic.CODE, Rank.DETAIL, f"file {n}", long) for n in range(40)]
    made = report(tmp_path)
    said = render(made, "en")
    assert len(said) <= LONGEST
    assert "People would see an empty table" in said
    assert "What shows it (1)" in said
    assert "folded parts of the least importance (1) are" in said
    assert said.count("<summary>cdk diff") == 2  # what fits beside it stays
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
    "<!-- cufit-report -->\n``` www.evil.example a`@b `<script> *x*` *y* \u202edrow "
    "\xad\u034f\u3164\ufe0f\U000e0041"
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
    assert not set("\u202e\xad\u034f\u3164\ufe0f\U000e0041") & set(said)
    assert "`````" in folds[0]

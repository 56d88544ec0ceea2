"""Pages name only what exists, and say the same in both languages."""

import re
from pathlib import Path

import pytest

from cufit_ops.cli import app
from cufit_ops.costs.prices import price_list
from cufit_ops.costs.tasks import HOURS
from stacks.fargate_sizes import FARGATE_MEMORY_MIB

ROOT = Path(__file__).parents[3]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TWINS = [
    ("README.md", "README.ko.md"),
    ("docs/guide.en.md", "docs/guide.ko.md"),
    ("docs/deploy.md", "docs/deploy.ko.md"),
]

PRICES = {meter: price.each for meter, price in price_list("ap-northeast-2").prices.items()}


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def slug(heading: str) -> str:
    """The anchor GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    return {slug(found) for found in re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)}


def code(text: str) -> str:
    """What stands in backticks or in fences."""
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text()):
        if link.startswith("https://"):
            continue
        target, _, anchor = link.partition("#")
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), link
        if anchor:
            assert anchor in anchors(file), link


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_make_targets_and_commands_exist(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    commands = {command.name or command.callback.__name__ for command in app.registered_commands}  # type: ignore[union-attr]
    commands |= {group.name for group in app.registered_groups}
    text = code(page.read_text())
    assert set(re.findall(r"\bmake ([a-z-]+)", text)) <= targets
    used = re.findall(r"(?:^|[`(/])cufit ([a-z]+)", text, re.MULTILINE)
    assert set(used) <= commands


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_files_and_folders_that_are_named_exist(page: Path) -> None:
    roots = "app.py|cdk.json|config|contracts|docs|lambdas|ops|prompts|service|stacks|tests"
    for name in re.findall(rf"`((?:{roots})(?:/[\w./-]+)?)`", page.read_text()):
        if "NAME" in name or "ENV" in name or name in ("tests/drills", "tests/benchmarks"):
            continue
        assert (ROOT / name).exists(), name


@pytest.mark.parametrize("page", ["README.md", "README.ko.md"])
def test_fargate_sizes_are_the_ones_that_are_accepted(page: str) -> None:
    rows = re.findall(r"^\| (\d+) \| (\d.*) \|$", (ROOT / page).read_text(), re.MULTILINE)
    assert [int(cpu) for cpu, _ in rows] == list(FARGATE_MEMORY_MIB)
    for cpu, sizes in rows:
        legal = FARGATE_MEMORY_MIB[int(cpu)]
        expected = [legal[0], legal[-1], legal.step] if isinstance(legal, range) else [*legal]
        assert [int(number) for number in re.findall(r"\d+", sizes)] == expected


@pytest.mark.parametrize("page", ["README.md", "README.ko.md"])
def test_prices_are_what_the_rates_make(page: str) -> None:
    text = (ROOT / page).read_text()
    rows = re.findall(r"^\| (\d+) / (\d+) \| (.+) \| (.+) \| (.+) \|$", text, re.MULTILINE)
    assert len(rows) >= 6
    for row in rows:
        cpu, memory = int(row[0]), int(row[1])
        assert memory in FARGATE_MEMORY_MIB[cpu]
        vcpu, gb = PRICES["fargate_vcpu_hour"], PRICES["fargate_gb_hour"]
        task = (cpu / 1024 * vcpu + memory / 1024 * gb) * HOURS
        by_cloud_map = task + PRICES["ipv4_hour"] * HOURS + PRICES["dns_zone"]
        by_load_balancer = task + (PRICES["ipv4_hour"] + PRICES["load_balancer_hour"]) * HOURS
        shown = [float(price) for price in row[2:]]
        assert shown == pytest.approx([task, by_cloud_map, by_load_balancer], abs=0.011)


@pytest.mark.parametrize(("english", "korean"), TWINS)
def test_both_languages_have_the_same_sections_tables_and_commands(
    english: str, korean: str
) -> None:
    pages = [(ROOT / name).read_text() for name in (english, korean)]
    for shape in (r"^#+ ", r"^\|", r"^\d+\. ", r"^- "):
        first, second = (len(re.findall(shape, page, re.MULTILINE)) for page in pages)
        assert first == second, shape
    commands = [
        [
            re.split(r"  #| // ", line)[0].strip()
            for block in fences(page)
            for line in block.splitlines()
        ]
        for page in pages
    ]
    assert commands[0] == commands[1]


def fences(page: str) -> list[str]:
    return re.findall(r"```.*?```", page, re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_page_speaks_of_no_machine(page: Path) -> None:
    assert not re.search(r"/work/|/root\b|/home/|/tmp/", page.read_text())

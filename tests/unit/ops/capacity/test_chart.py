"""The chart as a person sees it: everything named, nothing on top of something else."""

from itertools import combinations
from pathlib import Path

import pytest
from matplotlib.figure import Figure
from matplotlib.text import Annotation

from cufit_ops.capacity.chart import draw
from cufit_ops.capacity.choices import Choice
from stacks.fargate_sizes import FARGATE_MEMORY_MIB
from tests.unit.ops.capacity.test_choices import choice


def sizes(gib_usd: float, now: str) -> list[Choice]:
    """Every legal size, at a price like prod's (3.29) or dev's in office hours (1.18); a vCPU
    costs 9.1 times a GB."""
    return [
        choice(
            f"{cpu}/{memory}",
            20 + gib_usd * (9.1 * cpu + memory) / 1024,
            430 * min(cpu, 1024) / 1024,
            now=f"{cpu}/{memory}" == now,
        )
        for cpu, memories in FARGATE_MEMORY_MIB.items()
        for memory in memories
    ]


@pytest.mark.parametrize("gib_usd", [3.29, 1.18])
@pytest.mark.parametrize("now", ["512/1024", "256/512"])
def test_every_size_is_named_and_no_two_names_overlap(
    gib_usd: float, now: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[Figure] = []
    save = Figure.savefig

    def seen(self: Figure, *args: object, **named: object) -> None:
        drawn.append(self)
        save(self, *args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Figure, "savefig", seen)
    choices = sizes(gib_usd, now)
    picture = tmp_path / "tune.png"
    draw(choices, choices[0], title="prod", note="where", limit=37.5, files=[picture])

    axes = drawn[0].axes[0]
    texts = [one for one in axes.texts if isinstance(one, Annotation)]
    boxes = [(one.get_text(), one.get_window_extent()) for one in texts]
    assert {"256/512", "512/1024", "1024/2048", "2048/4096", "limit $37.50"} <= {
        name for name, _ in boxes
    }
    legend = axes.get_legend()
    assert legend
    boxes.append(("legend", legend.get_window_extent()))
    touching = [
        (one, other)
        for (one, box), (other, second) in combinations(boxes, 2)
        if box.overlaps(second)
    ]
    assert not touching
    edge = drawn[0].bbox
    assert not [name for name, box in boxes if box.x0 < edge.x0 or box.x1 > edge.x1]


def test_the_same_figures_make_the_same_picture_with_words_in_it(tmp_path: Path) -> None:
    choices = sizes(3.29, "512/1024")
    files = [tmp_path / name for name in ("one.svg", "two.svg", "one.png")]
    draw(choices, choices[0], title="prod: cost", note="where", limit=37.5, files=files)
    first = files[0].read_text()
    assert first == files[1].read_text()
    assert files[2].read_bytes().startswith(b"\x89PNG")
    for words in ("prod: cost", "now: 512/1024", "recommended: 256/512", "frontier", "$37.50"):
        assert words in first

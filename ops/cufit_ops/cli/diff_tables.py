"""What differs between two prompt versions, as tables for a terminal."""

from rich.table import Table

from cufit_ops.evaluation.prompt_diff import Difference


def weights(changed: Difference) -> Table:
    old, new = changed.sizes
    table = Table("criterion", "decided by", show_edge=False, title="points at most")
    for heading in (old.version, new.version, "change"):
        table.add_column(heading, justify="right")
    for weight in changed.weights:
        cells = ("none" if points is None else str(points) for points in (weight.old, weight.new))
        change = f"{weight.change:+d}" if weight.change else ""
        colour = "green" if weight.change > 0 else "red"
        table.add_row(weight.criterion, weight.decided_by, *cells, f"[{colour}]{change}[/{colour}]")
    return table


def sizes(changed: Difference) -> Table:
    table = Table("", *(size.version for size in changed.sizes), show_edge=False)
    for label, value in (
        ("hash", lambda size: size.content_hash),
        ("template, characters", lambda size: str(size.characters)),
        ("an answer's entry", lambda size: ", ".join(size.entry)),
        ("reason, characters", lambda size: str(size.longest_reason)),
    ):
        table.add_row(label, *map(value, changed.sizes))
    return table

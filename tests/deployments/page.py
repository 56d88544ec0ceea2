"""The table of docs/edits.md, from edits.py; `python -m tests.deployments.page` writes it."""

from cufit_ops.workspace import ROOT
from tests.deployments.edits import EDITS

PAGE = ROOT / "docs/edits.md"

BEGIN, END = "<!-- edits: begin -->", "<!-- edits: end -->"


def table() -> str:
    rows = [
        "| edit | keys | resources | what it does |",
        "|---|---|---|---|",
        *(
            f"| {e.name} | {', '.join(f'`{key}`' for key in e.changes)} | {e.outcome} | {e.note}"
            f"{'' if e.in_production else ' Not in production.'} |"
            for e in EDITS
        ),
    ]
    return "\n".join(rows)


def written(page: str) -> str:
    """`page` with the table of today between its marks."""
    head, _, rest = page.partition(BEGIN)
    return f"{head}{BEGIN}\n{table()}\n{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")

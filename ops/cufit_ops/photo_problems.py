"""Writes the tables of docs/photo-problems.md: `python -m cufit_ops.photo_problems`."""

import sys
from collections.abc import Iterable, Iterator

from cufit_contracts.photo_problems import Sentences
from cufit_contracts.photo_sentences import OF_ISSUING, OF_REJECTION, OF_STORAGE, OF_TYPE
from cufit_ops.workspace import ROOT

PAGE = ROOT / "docs/photo-problems.md"
BEGIN, END = "<!-- begin: generated -->", "<!-- end: generated -->"


def written(page: str) -> str:
    """`page` with the tables of today between the markers."""
    before, _, rest = page.partition(BEGIN)
    tables = "\n".join(_tables())
    return f"{before}{BEGIN}\n{tables}\n\n{END}{rest.partition(END)[2]}"


def _tables() -> Iterator[str]:
    yield "\n## `reason` of a photo that is REJECTED\n"
    yield from _table(("`reason`",), (((f"`{one}`",), said) for one, said in OF_REJECTION.items()))
    yield "\n## `<Code>` of S3, when it refuses the upload\n"
    yield from _table(
        ("`<Code>`", "status"),
        (((f"`{one}`", str(one.status.value)), said) for one, said in OF_STORAGE.items()),
    )
    yield "\n## `code` of `POST /v1/photos`\n"
    yield from _table(
        ("`code`", "status"),
        (
            ((f"`{one}`", str(one.status.value)), said.filled("…"))
            for one, said in OF_ISSUING.items()
        ),
    )
    yield "\n## `content_type_unsupported`, for types people try\n"
    yield from _table(("`contentType`",), (((f"`{one}`",), said) for one, said in OF_TYPE.items()))


def _table(
    heads: tuple[str, ...], rows: Iterable[tuple[tuple[str, ...], Sentences]]
) -> Iterator[str]:
    yield _row(*heads, "한국어", "English")
    yield "|---" * (len(heads) + 2) + "|"
    for cells, said in rows:
        yield _row(*cells, said.korean, said.english)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> int:
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

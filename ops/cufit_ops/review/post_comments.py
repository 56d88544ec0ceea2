"""Keep the one comment of a pull request that says what it does.

    python3 -I ops/cufit_ops/review/post_comments.py FILE

Runs in GitHub Actions from the base branch's checkout, with the standard library alone; `gh` brings
the API. The report is data that the pull request's code made: it is posted, never run.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MARKER = "<!-- cufit-report -->"
"""A report's first line, by which its comment is found again (MARKER of markdown.py)."""
EARLIER = re.compile(r"<!-- cufit-diff:[a-z][a-z0-9]{1,11} -->")
"""First line of the comments that each environment had before."""
LONGEST_BODY = 65_536
"""Characters that GitHub takes."""
PAGE = 100
AUTHOR = "github-actions[bot]"


class ReportError(Exception):
    """The file is no report of ours."""


def body_of(file: Path) -> str:
    """Raises ReportError when the file does not begin with the marker, or is too long."""
    body = file.read_text(encoding="utf-8")
    if _first_line(body) != MARKER:
        raise ReportError(f"{file} begins with {_first_line(body)[:80]!r}, not with {MARKER}")
    if len(body) > LONGEST_BODY:
        raise ReportError(f"{file} has {len(body)} characters; GitHub takes {LONGEST_BODY}")
    return body


def publish(body: str, repository: str, number: str) -> None:
    """Edit our comment, or write it; take away what else we wrote about this pull request."""
    issue = f"repos/{repository}/issues/{number}/comments"
    ours = list(_ours(issue))
    current = [id_ for id_, line in ours if line == MARKER]
    if current:
        _gh(f"repos/{repository}/issues/comments/{current[0]}", "PATCH", {"body": body})
    else:
        _gh(issue, "POST", {"body": body})
    for id_ in [id_ for id_, line in ours if EARLIER.fullmatch(line)] + current[1:]:
        _gh(f"repos/{repository}/issues/comments/{id_}", "DELETE")


def _ours(issue: str) -> Iterator[tuple[int, str]]:
    """Id and first line of each comment that this workflow wrote; anyone may copy a marker."""
    page = 1
    while True:
        comments = _gh(f"{issue}?per_page={PAGE}&page={page}")
        for comment in comments:
            if (comment["user"] or {}).get("login") == AUTHOR:
                yield comment["id"], _first_line(comment["body"])
        if len(comments) < PAGE:
            return
        page += 1


def _first_line(body: str) -> str:
    return body.partition("\n")[0].rstrip("\r")


def _gh(path: str, method: str = "GET", send: dict[str, str] | None = None) -> Any:
    command = ["gh", "api", "--method", method, path]
    if send is not None:
        command += ["--input", "-"]
    done = subprocess.run(
        command, input=json.dumps(send) if send else None, check=True, stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    return json.loads(done.stdout) if done.stdout.strip() else None


def main() -> int:
    try:
        body = body_of(Path(sys.argv[1]))
    except ReportError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    publish(body, os.environ["GITHUB_REPOSITORY"], os.environ["PULL_REQUEST"])
    return 0


if __name__ == "__main__":
    sys.exit(main())

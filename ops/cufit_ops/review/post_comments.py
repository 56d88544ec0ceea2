"""Keep one comment per environment on a pull request, from the reports of `cufit diff`.

    python3 -I ops/cufit_ops/review/post_comments.py FOLDER

Runs in GitHub Actions from the base branch's checkout, with the standard library alone; `gh` brings
the API. The reports are data that the pull request's code made: they are posted, never run.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

MARKER = re.compile(r"<!-- cufit-diff:[a-z][a-z0-9]{1,11} -->")
"""A report's first line, by which its comment is found again (MARKER of diff_report)."""
LONGEST_BODY = 65_000
"""Characters; GitHub refuses a comment of more than 65,536."""
CUT = "\n\nCut here: the whole report is in the job summary.\n"
PAGE = 100
AUTHOR = "github-actions[bot]"


class ReportError(Exception):
    """A file in the folder is not a report of ours."""


def reports(folder: Path) -> dict[str, str]:
    """Marker to comment body, for every Markdown file of `folder`.

    Raises:
        ReportError: a file does not begin with a marker.
    """
    found = {}
    for path in sorted(folder.glob("*.md")):
        body = path.read_text(encoding="utf-8")
        marker = body.partition("\n")[0]
        if not MARKER.fullmatch(marker):
            raise ReportError(f"{path.name} begins with {marker[:80]!r}, not with a marker")
        found[marker] = shortened(body)
    return found


def shortened(body: str) -> str:
    """`body`, or as much of it as GitHub takes, with what was open closed again."""
    if len(body) <= LONGEST_BODY:
        return body
    kept = body[: LONGEST_BODY - 100]
    if kept.count("\n```") % 2:
        kept += "\n```"
    if kept.count("<details>") > kept.count("</details>"):
        kept += "\n\n</details>"
    return kept + CUT


def publish(wanted: dict[str, str], repository: str, number: str) -> None:
    """Edit the comment that each marker has, or write a new one."""
    issue = f"repos/{repository}/issues/{number}/comments"
    present = _present(issue)
    for marker, body in wanted.items():
        if marker in present:
            comment = f"repos/{repository}/issues/comments/{present[marker]}"
            _gh(comment, method="PATCH", send={"body": body})
        else:
            _gh(issue, method="POST", send={"body": body})


def _present(issue: str) -> dict[str, int]:
    """Marker to id of our own comments; anyone may write a marker, only ours are edited."""
    found = {}
    page = 1
    while True:
        comments = _gh(f"{issue}?per_page={PAGE}&page={page}")
        for comment in comments:
            marker = comment["body"].partition("\n")[0].rstrip("\r")
            if comment["user"]["login"] == AUTHOR and MARKER.fullmatch(marker):
                found[marker] = comment["id"]
        if len(comments) < PAGE:
            return found
        page += 1


def _gh(path: str, method: str = "GET", send: dict[str, str] | None = None) -> Any:
    command = ["gh", "api", "--method", method, path]
    if send is not None:
        command += ["--input", "-"]
    done = subprocess.run(
        command, input=json.dumps(send) if send else None, check=True, stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def main() -> int:
    try:
        wanted = reports(Path(sys.argv[1]))
    except ReportError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    publish(wanted, os.environ["GITHUB_REPOSITORY"], os.environ["PULL_REQUEST"])
    return 0


if __name__ == "__main__":
    sys.exit(main())

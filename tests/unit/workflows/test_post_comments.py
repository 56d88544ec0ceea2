"""One comment: made once, edited afterwards, and only ever ours."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cufit_ops.review import markdown
from cufit_ops.review import post_comments as comments

FAKE_GH = """#!{python}
import json, pathlib, sys
store = pathlib.Path({store!r})
assert sys.argv[1:3] == ["api", "--method"]
method, path = sys.argv[3:5]
present = json.loads(store.read_text())
if method == "GET":
    page = int(path.rpartition("page=")[2])
    print(json.dumps(present[(page - 1) * 100 : page * 100]))
    sys.exit()
id_ = path.rpartition("/")[2]
if method == "DELETE":  # answers 204 without a body
    present = [c for c in present if c["id"] != int(id_)]
else:
    body = json.load(sys.stdin)["body"]
    if method == "POST":
        present.append({{"id": len(present) + 1, "user": {{"login": "github-actions[bot]"}},
                        "body": body}})
    else:
        next(c for c in present if c["id"] == int(id_))["body"] = body
    print("{{}}")
store.write_text(json.dumps(present))
"""
FIRST = "<!-- cufit-report -->\nfirst\n"
SECOND = "<!-- cufit-report -->\nsecond\n"


class PullRequest:
    """A pull request whose comments are a file, behind a `gh` of our own."""

    def __init__(self, folder: Path) -> None:
        self._store = folder / "comments.json"
        self.report = folder / "report.md"
        gh = folder / "bin" / "gh"
        gh.parent.mkdir()
        gh.write_text(FAKE_GH.format(python=sys.executable, store=str(self._store)))
        gh.chmod(gh.stat().st_mode | stat.S_IXUSR)
        self._path = f"{gh.parent}:{os.environ['PATH']}"
        self.comments = []

    @property
    def comments(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self._store.read_text())
        return found

    @comments.setter
    def comments(self, found: list[dict[str, Any]]) -> None:
        self._store.write_text(json.dumps(found))

    @property
    def bodies(self) -> list[str]:
        return [comment["body"] for comment in self.comments]

    def post(self, text: str) -> subprocess.CompletedProcess[str]:
        self.report.write_text(text)
        return subprocess.run(
            [sys.executable, "-I", comments.__file__, str(self.report)],
            env={"PATH": self._path, "GITHUB_REPOSITORY": "cufit/cufit", "PULL_REQUEST": "7"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip


@pytest.fixture
def pull_request(tmp_path: Path) -> PullRequest:
    return PullRequest(tmp_path)


def by(login: str, body: str, number: int = 1) -> dict[str, Any]:
    return {"id": number, "user": {"login": login}, "body": body}


def test_the_comment_is_written_once_and_edited_afterwards(pull_request: PullRequest) -> None:
    for text in (FIRST, SECOND):
        assert pull_request.post(text).returncode == 0
    assert pull_request.bodies == [SECOND]


def test_comment_is_found_on_a_later_page(pull_request: PullRequest) -> None:
    talk = [by("someone", "hello", number) for number in range(1, 131)]
    ours = by(comments.AUTHOR, "<!-- cufit-report -->\r\nold", 131)
    pull_request.comments = [*talk, ours]
    assert pull_request.post(SECOND).returncode == 0
    assert pull_request.bodies[130:] == [SECOND]


def test_someone_elses_comment_with_our_marker_stays(pull_request: PullRequest) -> None:
    gone = {**by("", FIRST), "user": None}  # nullable-simple-user in GitHub's API
    pull_request.comments = [by("someone", FIRST), gone]
    assert pull_request.post(SECOND).returncode == 0
    assert pull_request.bodies == [FIRST, FIRST, SECOND]


def test_the_comments_that_each_environment_had_are_taken_away(pull_request: PullRequest) -> None:
    pull_request.comments = [
        by(comments.AUTHOR, "<!-- cufit-diff:dev -->\nold", 1),
        by("someone", "<!-- cufit-diff:dev -->\nmine", 2),
        by(comments.AUTHOR, FIRST, 3),
        by(comments.AUTHOR, FIRST, 4),
        by(comments.AUTHOR, "hello", 5),
    ]
    assert pull_request.post(SECOND).returncode == 0
    assert pull_request.bodies == ["<!-- cufit-diff:dev -->\nmine", SECOND, "hello"]


@pytest.mark.parametrize(
    "text",
    ["hello\n", "<!-- cufit-report --> and more\n", "", FIRST + "x" * comments.LONGEST_BODY],
    ids=["talk", "more", "nothing", "too long"],
)
def test_file_that_is_no_report_is_refused_and_nothing_posted(
    pull_request: PullRequest, text: str
) -> None:
    done = pull_request.post(text)
    assert done.returncode == 1
    assert "report.md" in done.stderr
    assert pull_request.comments == []


def test_marker_is_the_one_that_reports_begin_with() -> None:
    assert comments.MARKER == markdown.MARKER
    assert comments.LONGEST_BODY > markdown.LONGEST

"""One comment per environment: made once, edited afterwards, and only ever ours."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cufit_ops.review import post_comments as comments
from cufit_ops.review.diff_report import MARKER, EnvironmentDiff

FAKE_GH = """#!{python}
import json, pathlib, sys
store = pathlib.Path({store!r})
assert sys.argv[1:3] == ["api", "--method"]
method, path = sys.argv[3:5]
present = json.loads(store.read_text())
if method == "GET":
    page = int(path.rpartition("page=")[2])
    print(json.dumps(present[(page - 1) * 100 : page * 100]))
else:
    body = json.load(sys.stdin)["body"]
    if method == "POST":
        present.append({{"id": len(present) + 1, "user": {{"login": "github-actions[bot]"}},
                        "body": body}})
    else:
        next(c for c in present if c["id"] == int(path.rpartition("/")[2]))["body"] = body
    store.write_text(json.dumps(present))
    print("{{}}")
"""


class PullRequest:
    """A pull request whose comments are a file, behind a `gh` of our own."""

    def __init__(self, folder: Path) -> None:
        self._store = folder / "comments.json"
        self.diffs = folder / "diffs"
        self.diffs.mkdir()
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

    def report(self, environment: str, text: str) -> None:
        marker = MARKER.format(environment=environment)
        (self.diffs / f"{environment}.md").write_text(f"{marker}\n{text}\n")

    def run(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-I", comments.__file__, str(self.diffs)],
            env={"PATH": self._path, "GITHUB_REPOSITORY": "cufit/cufit", "PULL_REQUEST": "7"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip


@pytest.fixture
def pull_request(tmp_path: Path) -> PullRequest:
    return PullRequest(tmp_path)


def by(login: str, body: str, number: int = 1) -> dict[str, Any]:
    return {"id": number, "user": {"login": login}, "body": body}


def test_each_environment_gets_a_comment_that_later_runs_edit(pull_request: PullRequest) -> None:
    pull_request.report("dev", "first")
    pull_request.report("prod", "first")
    assert pull_request.run().returncode == 0
    pull_request.report("dev", "second")
    assert pull_request.run().returncode == 0
    assert pull_request.bodies == [
        "<!-- cufit-diff:dev -->\nsecond\n",
        "<!-- cufit-diff:prod -->\nfirst\n",
    ]


def test_comment_is_found_on_a_later_page(pull_request: PullRequest) -> None:
    talk = [by("someone", "hello", number) for number in range(1, 131)]
    ours = by(comments.AUTHOR, "<!-- cufit-diff:dev -->\r\nold", 131)
    pull_request.comments = [*talk, ours]
    pull_request.report("dev", "new")
    assert pull_request.run().returncode == 0
    assert pull_request.bodies[130:] == ["<!-- cufit-diff:dev -->\nnew\n"]


def test_someone_elses_comment_with_our_marker_stays(pull_request: PullRequest) -> None:
    pull_request.comments = [by("someone", "<!-- cufit-diff:dev -->\nmine")]
    pull_request.report("dev", "ours")
    assert pull_request.run().returncode == 0
    assert pull_request.bodies == [
        "<!-- cufit-diff:dev -->\nmine",
        "<!-- cufit-diff:dev -->\nours\n",
    ]


@pytest.mark.parametrize(
    "text", ["hello\n", "<!-- cufit-diff:dev --> and more\n", "<!-- cufit-diff:../x -->\n", ""]
)
def test_file_that_is_no_report_is_refused_and_nothing_posted(
    pull_request: PullRequest, text: str
) -> None:
    pull_request.report("dev", "fine")
    (pull_request.diffs / "other.md").write_text(text)
    done = pull_request.run()
    assert done.returncode == 1
    assert "other.md" in done.stderr
    assert pull_request.comments == []


def test_long_report_fits_and_closes_what_was_open() -> None:
    long = (
        "<!-- cufit-diff:dev -->\n<details>\n\n```\n" + "가나다\n" * 40_000 + "```\n\n</details>\n"
    )
    body = comments.shortened(long)
    assert len(body) <= 65_536
    assert body.endswith("\n```\n\n</details>" + comments.CUT)


def test_marker_is_the_one_that_reports_begin_with() -> None:
    report = EnvironmentDiff("dev", []).markdown()
    assert comments.MARKER.fullmatch(report.partition("\n")[0])

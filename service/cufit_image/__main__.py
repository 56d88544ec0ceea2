"""`python -m cufit_image build|check`: the image of service/Dockerfile.

    build [--tag TAG] [--platform linux/arm64] [--base IMAGE | --stand-in]
    check [--tag TAG] [--json]

Without a builder on the machine both say so and succeed: an image is built by whoever deploys. One
that CUFIT_CONTAINER_BUILDER names has to answer.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from cufit_image.build import STAND_IN, build, host_platform
from cufit_image.builder import PROGRAM_VARIABLE, Builder, BuilderError, find_builder
from cufit_image.checks import Check, check

TAG = "localhost/cufit-service:local"
STAND_IN_TAG = "localhost/cufit-python:3.13"

console = Console(stderr=True, highlight=False)


def main(arguments: Sequence[str] | None = None) -> int:
    given = _parser().parse_args(arguments)
    builder = find_builder()
    if builder is None:
        if named := os.environ.get(PROGRAM_VARIABLE):
            console.print(f"{PROGRAM_VARIABLE} = {named!r} does not answer", style="red")
            return 1
        return _skip("no container builder answers here: docker (with its engine), podman, buildah")
    try:
        if given.command == "build":
            base = _stand_in(builder) if given.stand_in else given.base
            build(builder, given.tag, given.platform, base)
            return 0
        if not builder.runs_containers:
            return _skip(f"{builder.name} builds images and does not run them")
        return _check(builder, given.tag, as_json=given.json)
    except (BuilderError, subprocess.CalledProcessError) as error:
        console.print(str(error), style="red", markup=False)
        return 1


def _skip(why: str) -> int:
    console.print(f"SKIPPED: {why}", style="bold yellow", markup=False)
    return 0


def _stand_in(builder: Builder) -> str:
    """A base of Debian's packages; made once."""
    if not builder.call("images", "--quiet", STAND_IN_TAG).strip():
        environ = {**os.environ, "BUILDER": builder.program}
        subprocess.run([STAND_IN, STAND_IN_TAG], env=environ, check=True)
    return STAND_IN_TAG


def _check(builder: Builder, image: str, *, as_json: bool) -> int:
    checks = []
    for done in check(builder, image):
        checks.append(done)
        console.print(f"{'✓' if done.passed else '✗'} {done.name}")
    load = os.getloadavg()[0]
    if as_json:
        found = [asdict(one) | {"passed": one.passed} for one in checks]
        sys.stdout.write(json.dumps({"checks": found, "load_average": load}, indent=2) + "\n")
    else:
        Console().print(_table(checks, f"{image} by {builder.name}; load average {load:.1f}"))
    return 0 if all(one.passed for one in checks) else 1


def _table(checks: Sequence[Check], title: str) -> Table:
    table = Table("", "check", "measured", "must be", title=title)
    for one in checks:
        word = "≥" if one.at_least else "≤"
        mark = "[green]✓[/green]" if one.passed else "[red]✗[/red]"
        limit = f"{word} {one.limit:g} {one.unit}".rstrip()
        measured = f"{one.measured:.2f} {one.unit}" if one.unit else f"{one.measured:.0f}"
        table.add_row(mark, one.name, measured, limit)
    return table


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m cufit_image", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    building = commands.add_parser("build")
    building.add_argument("--tag", default=TAG)
    building.add_argument("--platform", default=host_platform())
    bases = building.add_mutually_exclusive_group()
    bases.add_argument("--base", help="instead of the base service/Dockerfile names")
    bases.add_argument("--stand-in", action="store_true", help="a base of Debian's packages")
    checking = commands.add_parser("check")
    checking.add_argument("--tag", default=TAG)
    checking.add_argument("--json", action="store_true")
    return parser


if __name__ == "__main__":
    sys.exit(main())

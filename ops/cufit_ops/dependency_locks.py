"""Compile the locks from pyproject.toml's dependency groups, and tell when they disagree.

`python -m cufit_ops.dependency_locks` writes them; `--check` compares without touching the
network: every lock carries the digest of the groups it was compiled from.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cufit_ops.workspace import ROOT

DIGEST = re.compile(r"^# compiled by `make lock` from pyproject\.toml, groups (\S+), digest (\S+)$")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)

MAIN = Path("requirements.txt")
# Resolved apart: MiniStack pins botocore exactly, Lambda's runtime brings its own boto3, and the
# generator of Python clients wants an older typer.
APART = {
    "embedded-aws": Path("ops/embedded_aws/requirements.txt"),
    "lambda-runtime": Path("ops/embedded_aws/runtime-requirements.txt"),
    "client-generator": Path("tests/contract/requirements.txt"),
}


@dataclass(frozen=True)
class Lock:
    path: Path
    groups: tuple[str, ...]
    constrained: bool
    """Whether its pins must be those of the main lock."""

    def digest(self, declared: dict[str, list[str]]) -> str:
        wanted = {group: declared[group] for group in self.groups}
        return hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()[:16]

    def header(self, declared: dict[str, list[str]]) -> str:
        groups = ",".join(self.groups)
        return (
            f"# compiled by `make lock` from pyproject.toml, groups {groups}, "
            f"digest {self.digest(declared)}\n"
        )


def declared_groups() -> dict[str, list[str]]:
    with (ROOT / "pyproject.toml").open("rb") as file:
        groups: dict[str, list[str]] = tomllib.load(file)["dependency-groups"]
    return groups


def locks(declared: dict[str, list[str]]) -> list[Lock]:
    main = tuple(sorted(group for group in declared if group not in APART))
    deployables = [Path("service"), *sorted(Path("lambdas") / group for group in declared)]
    return [
        Lock(MAIN, main, constrained=False),
        *(
            Lock(folder / "requirements.txt", (folder.name,), constrained=True)
            for folder in deployables
            if (ROOT / folder).is_dir()
        ),
        *(Lock(path, (group,), constrained=False) for group, path in APART.items()),
    ]


def compile_lock(lock: Lock, declared: dict[str, list[str]]) -> None:
    """Raises: CalledProcessError when uv finds no solution; its message is on stderr."""
    # uv keeps the versions of the file it writes to, where they still fit.
    command = [
        sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--generate-hashes",
        "--universal", "--python-version", "3.11", "--no-header", "--no-annotate",
        "--no-emit-index-url", "--output-file", str(lock.path),
        *(argument for group in lock.groups for argument in ("--group", group)),
        *(("--constraints", str(MAIN)) if lock.constrained else ()),
    ]  # fmt: skip
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    compiled = (ROOT / lock.path).read_text()
    (ROOT / lock.path).write_text(lock.header(declared) + compiled)


def disagreements(declared: dict[str, list[str]]) -> Iterator[str]:
    main_pins = set(PIN.findall((ROOT / MAIN).read_text()))
    for handler in sorted((ROOT / "lambdas").glob("*/handler.py")):
        if (name := handler.parent.name) not in declared:
            yield f"lambdas/{name}: pyproject.toml has no dependency group {name}; add it"
    for lock in locks(declared):
        try:
            text = (ROOT / lock.path).read_text()
        except FileNotFoundError:
            yield f"{lock.path}: missing"
            continue
        first = text.partition("\n")[0]
        if first + "\n" != lock.header(declared):
            yield f"{lock.path}: not compiled from pyproject.toml's groups {', '.join(lock.groups)}"
        if "://" in text:
            yield f"{lock.path}: names a registry host"
        if lock.constrained:
            for name, version in sorted(set(PIN.findall(text)) - main_pins):
                yield f"{lock.path}: {name}=={version} is not what {MAIN} pins"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 if they differ")
    declared = declared_groups()
    if parser.parse_args().check:
        found = list(disagreements(declared))
        for line in found:
            sys.stderr.write(f"locks: {line}; run `make lock`\n")
        return 1 if found else 0
    for lock in locks(declared):
        compile_lock(lock, declared)
        sys.stderr.write(f"locks: {lock.path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""`make deployments`: each environment of config/ as it is, then each edit on top and back again.

Deployed by the CDK CLI onto an embedded AWS, exactly as synthesized. Images are played by a
stand-in builder; functions for arm64 are bundled and published, not run. Prints a table, and ends
with 1 when something was refused, lost, or made anew that docs/edits.md does not say.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cufit_ops.failed_creations import unprotect
from cufit_ops.template_graph import Account
from cufit_ops.workspace import ROOT
from stacks.components.bundle import Bundle, Target
from stacks.config_files import CONFIG_FOLDER, ConfigurationFault, load_environment
from stacks.settings import LOCAL, Environment
from tests.deployments.account import EmbeddedAccount, embedded_account, replaced
from tests.deployments.edits import EDITS, ROLLED, Edit, edited


def main() -> int:
    arguments = _parser().parse_args()
    faults = 0
    for file in sorted(CONFIG_FOLDER.glob("*.toml")):
        if file.stem != LOCAL and arguments.env in (None, file.stem):
            faults += _environment(file, [e for e in EDITS if arguments.edit in e.name])
    return 1 if faults else 0


def _environment(file: Path, edits: list[Edit]) -> int:
    environment = load_environment(file)
    with tempfile.TemporaryDirectory(prefix="cufit-deployments-") as name:
        folder = Path(name)
        _build_bundles(environment)
        base = _synthesized(environment, folder / "base")
        with embedded_account(folder / "state", environment) as account:
            account.bootstrap()
            faults = _first_creation_that_fails(account, base)
            faults += _row(environment, "empty account", account.deploy(base), account, None)
            if faults:
                return faults
            kept = _Kept(account)
            for number, edit in enumerate(edits):
                faults += _edit(environment, edit, file, folder / str(number), base, account)
                faults += kept.faults(edit)
            return faults


def _first_creation_that_fails(account: EmbeddedAccount, base: Path) -> int:
    """Somebody's role has the name that Knowledge gives its own; the next deployment goes on."""
    name = account.environment.name
    knowledge = Account.read(base / f"assembly-cufit-{name}")
    (role,) = (
        properties["RoleName"]
        for (stack, _), properties in knowledge.of("AWS::IAM::Role")
        if stack == "Knowledge"
    )
    with account.taken_role(role):
        failed = account.deploy(base) or "nothing"
    expected = "already exists" in failed
    _say(f"{name:8} {'a first creation that fails':32} {'as expected' if expected else failed}")
    unprotect(account.client("cloudformation"), name)  # as `cufit deploy` does
    return int(not expected)


def _edit(
    environment: Environment, edit: Edit, file: Path, folder: Path, base: Path,
    account: EmbeddedAccount,
) -> int:  # fmt: skip
    if environment.name == "prod" and not edit.in_production:
        _say(f"{environment.name:8} {edit.name:32} not in production")
        return 0
    folder.mkdir()
    try:
        changed = edited(file, edit, folder)
    except ConfigurationFault as fault:
        _say(f"{environment.name:8} {edit.name:32} not legal here: {fault}")
        return 1
    if changed == environment:
        _say(f"{environment.name:8} {edit.name:32} as it is")
        return 0
    faults = 0
    for direction, assembly in (("", _synthesized(changed, folder / "out")), (" back", base)):
        before = account.resources()
        started = time.monotonic()
        failed = account.deploy(assembly)
        seconds = time.monotonic() - started
        anew = replaced(before, account.resources(), (ROLLED,))
        stale = account.stale()
        faults += _row(
            environment, edit.name + direction, failed, account, seconds, anew, edit.replaced
        )
        for what in stale:
            _say(f"  {what}")
        faults += len(stale)
    return faults


def _row(
    environment: Environment,
    name: str,
    failed: str | None,
    account: EmbeddedAccount,
    seconds: float | None,
    anew: frozenset[str] = frozenset(),
    said: frozenset[str] = frozenset(),
) -> int:
    outcome = "refused" if failed else "in place"
    if anew:
        outcome = "replaced: " + ", ".join(sorted(kind.split("::")[-1] for kind in anew))
    took = "" if seconds is None else f"{seconds:5.1f} s"
    _say(f"{environment.name:8} {name:32} {outcome} {took}")
    if failed:
        _say(failed)
    statuses = {stack: each["StackStatus"] for stack, each in account.stacks().items()}
    broken = {s: status for s, status in statuses.items() if not status.endswith("TE_COMPLETE")}
    if broken:
        _say(f"  stacks: {broken}")
    if anew != said:
        _say(f"  docs/edits.md says otherwise: {sorted(said)}")
    return int(bool(failed) or bool(broken) or anew != said)


class _Kept:
    """A row and an object that were there before the edits, and have to be there after each."""

    def __init__(self, account: EmbeddedAccount) -> None:
        self._dynamodb, self._s3 = account.client("dynamodb"), account.client("s3")
        physical = account.resources()
        self._tables = {
            physical_id: self._key(physical_id)
            for kind, physical_id in physical.values()
            if kind == "AWS::DynamoDB::GlobalTable"
        }
        (self._bucket,) = (id_ for kind, id_ in physical.values() if kind == "AWS::S3::Bucket")
        for table, key in self._tables.items():
            self._dynamodb.put_item(TableName=table, Item=key)
        self._s3.put_object(Bucket=self._bucket, Key="photos/kept", Body=b"kept")

    def faults(self, edit: Edit) -> int:
        lost = [
            table
            for table, key in self._tables.items()
            if "Item" not in self._dynamodb.get_item(TableName=table, Key=key)
        ]
        if self._s3.list_objects_v2(Bucket=self._bucket)["KeyCount"] != 1:
            lost.append(self._bucket)
        if lost:
            _say(f"  {edit.name}: lost what was in {', '.join(lost)}")
        return len(lost)

    def _key(self, table: str) -> dict[str, Any]:
        described = self._dynamodb.describe_table(TableName=table)["Table"]
        return {key["AttributeName"]: {"S": "kept"} for key in described["KeySchema"]}


def _synthesized(environment: Environment, out: Path) -> Path:
    import app  # noqa: PLC0415 - starts Node

    app.build([environment], outdir=str(out)).synth()
    return out


def _build_bundles(environment: Environment) -> None:
    """Here, where the shell's proxy and certificates are known; the CLI finds them built."""
    target = Target.of(environment.functions.architecture, environment.functions.python)
    for bundle in _bundles(target):
        bundle.zip_file()


def _bundles(target: Target) -> Iterator[Bundle]:
    for handler in sorted((ROOT / "lambdas").glob("*/handler.py")):
        yield Bundle(handler.parent.name, target, ROOT)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="make deployments", description=__doc__)
    parser.add_argument("--env", help="one environment: a file name of config/")
    parser.add_argument("--edit", default="", help="edits whose name has this in it")
    return parser


if __name__ == "__main__":
    sys.exit(main())

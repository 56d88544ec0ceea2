"""Deploy the real CDK app onto the embedded AWS with the real CDK CLI; skip what is unchanged."""

import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any
from uuid import uuid4

from botocore.exceptions import ClientError

from cufit_ops.cdk import OnLine, cdk
from cufit_ops.laptop import embedded_aws
from cufit_ops.laptop.environment import ACCOUNT, REGION, client, root_environment
from cufit_ops.workspace import ROOT, Workspace
from stacks.components.bundle import Bundle, Target

ENVIRONMENT = "local"
STAGE = f"cufit-{ENVIRONMENT}"

_DEPLOYED = "/cufit-laptop/deployed-inputs"
"""SSM parameter with the digest of what was deployed. It lives in the embedded AWS, so that it is
lost exactly when the deployment is."""

_NOT_DEPLOYED = ("--", ":!docs", ":!tests")
"""Nothing deployed is made of these (git's pathspecs)."""

_CHANGED = re.compile(rf"^\s*✅ +{STAGE}/(\w+) (?!.*\(no changes\))", re.MULTILINE)
"""What the CLI says of a stack when it was deployed, and was not as it had been."""


class BrokenFunctionsError(Exception):
    """Functions were deployed that cannot be imported; the message has their tracebacks."""


def inputs_digest(workspace: Workspace) -> str:
    """Digest of every file that git keeps or would, of all that the functions' bundles are made of,
    of the Python that runs them, and of where the front door listens.

    Whether an edit changes the deployment, the CDK says: any file but tests and documents may.

    Raises:
        BundleError: a function has no lock.
    """
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *_NOT_DEPLOYED],
            cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        names = sorted({name for name in listed.stdout.split("\0") if name})
    except (OSError, subprocess.CalledProcessError):
        names = []
    if not names:
        # A copy without git, or one that git is told to ignore: nothing is known to be as it was.
        return uuid4().hex
    digest = hashlib.sha256(f"{sys.version}\0{workspace.url}".encode())
    for name in names:
        # Deleted, or gone since it was listed.
        with suppress(FileNotFoundError, IsADirectoryError):
            content = (ROOT / name).read_bytes()
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
    for bundle in _bundles():
        digest.update(bundle.digest().encode())
    return digest.hexdigest()


def is_current(workspace: Workspace, digest: str) -> bool:
    try:
        found = client("ssm", workspace).get_parameter(Name=_DEPLOYED)
    except ClientError:
        return False
    return bool(found["Parameter"]["Value"] == digest)


def deploy(workspace: Workspace, on_line: OnLine) -> set[str]:
    """Bootstrap, synthesize, bundle and deploy every stack of the local environment.

    Returns those that were not as they had been: Service, Matching, …

    Raises:
        BundleError: a function's dependencies could not be installed.
        CdkError: with the end of what the CLI said.
    """
    env = root_environment(workspace)
    assembly = workspace.state / "cdk.out"
    with ThreadPoolExecutor() as pool:
        # None of these needs another. The bootstrap runs outside the checkout: with an app at hand
        # the CLI would synthesize it first. Bundles come from the package registry, so they are
        # built here, where the shell's proxy and certificates are known; the CLI finds them built.
        jobs: list[Future[Any]] = [
            pool.submit(
                cdk, "bootstrap", f"aws://{ACCOUNT}/{REGION}",
                env=env, on_line=on_line, cwd=workspace.state,
            ),
            pool.submit(
                cdk, "synth", "--quiet", "-c", f"env={ENVIRONMENT}",
                "-c", f"public_url={workspace.url}", "-c", f"page_origin={workspace.page_origin}",
                "--output", str(assembly),
                env=env, on_line=on_line,
            ),
            pool.submit(build_bundles, on_line),
        ]  # fmt: skip
        for job in jobs:
            job.result()
    said = cdk(
        "deploy", f"{STAGE}/*", "--app", str(assembly), "--require-approval", "never",
        "--method", "direct", "--asset-parallelism", "--progress", "events",
        env=env, on_line=on_line,
    )  # fmt: skip
    return changed_stacks(said)


def unpark(workspace: Workspace) -> bool:
    """Have the service run a task, whoever parked it; whether it was parked."""
    outputs, ecs = stack_outputs(workspace), client("ecs", workspace)
    where = {"cluster": outputs["ClusterName"], "service": outputs["ServiceName"]}
    (found,) = ecs.describe_services(cluster=where["cluster"], services=[where["service"]])[
        "services"
    ]
    if found["desiredCount"]:
        return False
    ecs.update_service(**where, desiredCount=1)
    return True


def changed_stacks(said: str) -> set[str]:
    """Those that `cdk deploy` says it changed."""
    return set(_CHANGED.findall(said))


def import_functions(workspace: Workspace) -> None:
    """Import every deployed function; its process stays for the first events.

    Raises:
        BrokenFunctionsError: some cannot be imported.
    """
    if failed := embedded_aws.import_functions(workspace):
        said = "\n\n".join(f"{name} cannot be imported:\n{why}" for name, why in failed.items())
        raise BrokenFunctionsError(said)


def record(workspace: Workspace, digest: str) -> None:
    """Remember that what `digest` is of was deployed, and runs."""
    client("ssm", workspace).put_parameter(
        Name=_DEPLOYED, Value=digest, Type="String", Overwrite=True
    )
    embedded_aws.save(workspace)


def build_bundles(on_line: OnLine) -> None:
    """Build every function's zip for this machine, unless the cache has it.

    Raises:
        BundleError: a function's dependencies could not be installed.
    """
    for bundle in _bundles():
        on_line(f"bundle {bundle.name}")
        bundle.zip_file()


def _bundles() -> Iterator[Bundle]:
    target = Target.of("host", "host")
    for handler in sorted((ROOT / "lambdas").glob("*/handler.py")):
        yield Bundle(handler.parent.name, target, ROOT)


def stack_outputs(workspace: Workspace) -> dict[str, str]:
    """Outputs of the local environment's stacks by their key (HttpApiId, PhotoBucketName, …)."""
    stacks = client("cloudformation", workspace).describe_stacks()["Stacks"]
    return {
        output["OutputKey"]: output["OutputValue"]
        for stack in stacks
        if stack["StackName"].startswith(f"{STAGE}-")
        for output in stack.get("Outputs", [])
    }

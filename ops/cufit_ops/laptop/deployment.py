"""Deploy the real CDK app onto the embedded AWS with the real CDK CLI; skip what is unchanged."""

import hashlib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from cufit_ops.cdk import OnLine, cdk
from cufit_ops.laptop.environment import ACCOUNT, REGION, client, root_environment
from cufit_ops.workspace import ROOT, Workspace
from stacks.components.bundle import Bundle, Target

ENVIRONMENT = "local"
STAGE = f"cufit-{ENVIRONMENT}"

_DEPLOYED = "/cufit-laptop/deployed-inputs"
"""SSM parameter with the digest of what was deployed. It lives in the embedded AWS, so that it is
lost exactly when the deployment is."""

_INPUTS = (
    "app.py",
    "cdk.json",
    "requirements.txt",
    "package-lock.json",
    f"config/{ENVIRONMENT}.toml",
)
_INPUT_FOLDERS = ("stacks", "lambdas", "contracts", "prompts")


def inputs_digest() -> str:
    """Digest of every file that the deployment is made from."""
    digest = hashlib.sha256()
    for path in sorted(_input_files()):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(ROOT)}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def is_current(workspace: Workspace, digest: str) -> bool:
    try:
        found = client("ssm", workspace).get_parameter(Name=_DEPLOYED)
    except ClientError:
        return False
    return bool(found["Parameter"]["Value"] == digest)


def deploy(workspace: Workspace, digest: str, on_line: OnLine) -> None:
    """Bootstrap, synthesize, bundle and deploy every stack of the local environment.

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
                cdk, "synth", "--quiet", "-c", f"env={ENVIRONMENT}", "--output", str(assembly),
                env=env, on_line=on_line,
            ),
            pool.submit(build_bundles, on_line),
        ]  # fmt: skip
        for job in jobs:
            job.result()
    cdk(
        "deploy", f"{STAGE}/*", "--app", str(assembly), "--require-approval", "never",
        "--method", "direct", "--asset-parallelism", "--progress", "events",
        env=env, on_line=on_line,
    )  # fmt: skip
    client("ssm", workspace).put_parameter(
        Name=_DEPLOYED, Value=digest, Type="String", Overwrite=True
    )


def build_bundles(on_line: OnLine) -> None:
    """Build every function's zip for this machine, unless the cache has it.

    Raises:
        BundleError: a function's dependencies could not be installed.
    """
    target = Target.of("host", "host")
    for handler in sorted((ROOT / "lambdas").glob("*/handler.py")):
        on_line(f"bundle {handler.parent.name}")
        Bundle(handler.parent.name, target).zip_file()


def stack_outputs(workspace: Workspace) -> dict[str, str]:
    """Outputs of the local environment's stacks by their key (HttpApiId, PhotoBucketName, …)."""
    stacks = client("cloudformation", workspace).describe_stacks()["Stacks"]
    return {
        output["OutputKey"]: output["OutputValue"]
        for stack in stacks
        if stack["StackName"].startswith(f"{STAGE}-")
        for output in stack.get("Outputs", [])
    }


def _input_files() -> Iterator[Path]:
    for name in _INPUTS:
        yield ROOT / name
    for folder in _INPUT_FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path

"""Preparing and carrying out a deployment of an environment on AWS, with the pinned CDK CLI."""

import json
from contextlib import suppress
from pathlib import Path

import boto3

from cufit_ops.cdk import CdkError, cdk, shell_environment
from cufit_ops.delivering.assembly import SynthesizedStack, stacks_in_order
from cufit_ops.delivering.change_sets import ChangeSets
from cufit_ops.delivering.execution import carry_out
from cufit_ops.delivering.plan import Plan, PlanError
from cufit_ops.delivering.stack_execution import execute_change_set
from cufit_ops.deployed_environment import Deployed
from cufit_ops.git_worktree import git
from cufit_ops.step_progress import Progress
from cufit_ops.workspace import ROOT

_SECONDS = 3300
"""For building and staging: less than the hour that a session of GitHub's roles lasts."""
ASSEMBLY = ROOT / "cdk.out"
_NO_LOOKUP = ("could not be used to assume", "was not assumed. Proceeding")
"""What the CLI says once a stack when it may not become the lookup role, as nobody may here."""


def prepare(deployed: Deployed, output: Path, progress: Progress) -> Plan:
    """Stage what will run, make every change set that can be made, and write plan.json and plan.md.

    Raises:
        CdkError: it does not synthesize, or something cannot be staged.
        PlanError: CloudFormation refuses a change.
    """
    environment = deployed.environment
    identity, stacks = _synthesized(deployed, progress)
    with progress.step("stage code and images") as say:
        cdk(
            "publish-assets", f"cufit-{environment}/*", "--unstable", "publish-assets",
            "--app", str(ASSEMBLY), env=shell_environment(), on_line=say, seconds=_SECONDS,
        )  # fmt: skip
    # With the shell's own rights: who prepares need not be who may deploy.
    change_sets = ChangeSets(deployed.client("cloudformation"))
    exported = change_sets.exported([stack.name for stack in stacks])
    planned = []
    changing: set[str] = set()
    for stack in stacks:
        with progress.step(f"change set of {stack.name}"):
            planned.append(change_sets.prepare(stack, exported, changing))
        changing |= stack.published(change.logical_id for change in planned[-1].changes)
    region = str(deployed.session.region_name)
    commit = git("rev-parse", "HEAD")
    plan = Plan(environment, identity["Account"], region, commit, tuple(planned))
    output.mkdir(parents=True, exist_ok=True)
    (output / "plan.json").write_text(json.dumps(plan.json(), indent=2) + "\n")
    (output / "plan.md").write_text(plan.markdown())
    return plan


def execute(deployed: Deployed, file: Path, progress: Progress) -> list[str]:
    """Execute exactly what the plan in `file` says; names of the stacks that changed.

    Raises:
        PlanError: something is not as it was approved, or a stack could not be brought there.
        CdkError: this checkout does not synthesize.
    """
    plan = Plan.read(file)
    if plan.environment != deployed.environment:
        raise PlanError(f"{file} is a plan for {plan.environment}, not {deployed.environment}")
    identity, stacks = _synthesized(deployed, progress)
    if plan.account != identity["Account"]:
        raise PlanError(f"{file} is for account {plan.account}; these credentials are of "
                        f"{identity['Account']}")  # fmt: skip
    deployer, _ = _as_deployer(deployed, stacks[0].deploy_role)

    cloudformation = deployer.client("cloudformation")

    def on_aws(stack: SynthesizedStack, change_set: str) -> None:
        with progress.step(f"deploy {stack.name}") as say:
            execute_change_set(cloudformation, stack, change_set, say)

    return carry_out(plan, stacks, ChangeSets(cloudformation), on_aws)


def diagnosis(deployed: Deployed, progress: Progress) -> str:
    """What `cdk diagnose` finds of the stacks of an environment, failed or not."""
    _, stacks = _synthesized(deployed, progress)
    _, shell = _as_deployer(deployed, stacks[0].deploy_role)
    lines: list[str] = []
    # Its exit code says whether there was something to find.
    with suppress(CdkError):
        cdk(
            "diagnose", f"cufit-{deployed.environment}/*", "--unstable", "diagnose",
            "--app", str(ASSEMBLY), env=shell, on_line=lines.append,
        )  # fmt: skip
    return "\n".join(line for line in lines if not any(said in line for said in _NO_LOOKUP))


def _synthesized(
    deployed: Deployed, progress: Progress
) -> tuple[dict[str, str], list[SynthesizedStack]]:
    environment = deployed.environment
    identity = deployed.client("sts").get_caller_identity()
    with progress.step("cdk synth") as say:
        cdk(
            "synth", "--quiet", "-c", f"env={environment}", "--output", str(ASSEMBLY),
            env=shell_environment(), on_line=say,
        )  # fmt: skip
    partition = identity["Arn"].split(":")[1]
    stacks = stacks_in_order(
        ASSEMBLY, environment, account=identity["Account"], partition=partition
    )
    return identity, stacks


def _as_deployer(deployed: Deployed, role: str) -> tuple[Deployed, dict[str, str]]:
    """As the CDK's deploy role, and the shell for its CLI: GitHub's role may do nothing itself."""
    given = deployed.client("sts").assume_role(RoleArn=role, RoleSessionName="cufit-deploy")
    keys = given["Credentials"]
    session = boto3.session.Session(
        keys["AccessKeyId"],
        keys["SecretAccessKey"],
        keys["SessionToken"],
        deployed.session.region_name,
    )
    shell = shell_environment() | {
        "AWS_ACCESS_KEY_ID": keys["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": keys["SecretAccessKey"],
        "AWS_SESSION_TOKEN": keys["SessionToken"],
    }
    shell.pop("AWS_PROFILE", None)
    return Deployed(deployed.environment, session, deployed.endpoint_url), shell

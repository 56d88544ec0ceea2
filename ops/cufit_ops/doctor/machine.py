"""Questions about this machine and its checkout; no account is asked."""

import os
import shutil

from cufit_image.builder import PROGRAM_VARIABLE, find_builder
from cufit_ops.doctor.answers import Answer, fails, holds
from cufit_ops.doctor.check import ON_LAPTOP, Check
from cufit_ops.doctor.subject import Subject
from cufit_ops.laptop import embedded_aws, processes
from cufit_ops.laptop.platform.tasks_left import PLATFORM
from cufit_ops.workspace import AWS_PORT_VARIABLE, PORT_VARIABLE
from stacks.placeholders import placeholders_of

FREE_GB = 1.0
"""The functions' bundles and the state of a laptop take about 300 MB, a deployment's assets as much
again."""


def _placeholders(subject: Subject) -> Answer:
    found = placeholders_of(subject.settings)
    if found:
        return fails("; ".join(found), f"edit config/{subject.name}.toml")
    return holds("every value is somebody's own")


def _no_image(subject: Subject) -> str | None:
    return None if subject.settings.image.mode == "build" else "no image is built"


def _builder(_: Subject) -> Answer:
    """The one that the CDK takes: CDK_DOCKER, or docker."""
    wanted = os.environ.get("CDK_DOCKER", "docker")
    if find_builder({**os.environ, PROGRAM_VARIABLE: wanted}):
        return holds(f"{wanted} answers")
    other = find_builder()
    if other is not None and other.runs_containers:
        return fails(
            f"the CDK builds with {wanted}, which does not answer; {other.name} does",
            f"export CDK_DOCKER={other.name}",
        )
    return fails(
        f"{wanted} does not answer, and nothing else here builds images",
        "start docker, or deploy by the workflow: GitHub's machines have it",
    )


def _laptop(subject: Subject) -> Answer:
    workspace = subject.workspace
    for port, variable, name, what in (
        (workspace.port, PORT_VARIABLE, PLATFORM, "front door"),
        (workspace.aws_port, AWS_PORT_VARIABLE, embedded_aws.NAME, "embedded AWS"),
    ):
        if processes.running(workspace, name) is None:
            try:
                processes.check_port(port, variable, what)
            except processes.ProcessError as error:
                return fails(str(error), f"{variable}={port + 10} make up")
    if processes.running(workspace, embedded_aws.NAME) and not embedded_aws.is_healthy(workspace):
        return fails(
            f"the embedded AWS runs and does not answer at {workspace.aws_url}",
            "make down && make up",
        )
    folder = next(one for one in (workspace.state, *workspace.state.parents) if one.exists())
    free = shutil.disk_usage(folder).free / 1e9
    if free < FREE_GB:
        return fails(
            f"{free:.1f} GB are free for {workspace.state}, {FREE_GB:g} are needed",
            "make reset, or free some space",
        )
    return holds(
        f"ports {workspace.port} and {workspace.aws_port} are free or our own, {free:,.0f} GB too"
    )


CHECKS = (
    Check(
        "placeholders",
        "no made-up value is left in config/",
        _placeholders,
        needs_aws=False,
    ),
    Check(
        "builder",
        "this machine can build the image",
        _builder,
        needs_aws=False,
        unless=_no_image,
    ),
    Check("laptop", "ports and disk are there", _laptop, ON_LAPTOP, needs_aws=False),
)

"""How the local system is: what runs, what does not, and what waits."""

from collections.abc import Iterator
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from cufit_ops.laptop import embedded_aws, processes, system
from cufit_ops.laptop.environment import client
from cufit_ops.laptop.platform.tasks_left import PLATFORM, left_tasks
from cufit_ops.workspace import Workspace


def status(workspace: Workspace) -> dict[str, Any]:
    """As plain data: whether it is ready and what is not, processes, task, stacks, queue depths."""
    daemons = {name: processes.running(workspace, name) for name in (embedded_aws.NAME, PLATFORM)}
    said = system.platform(workspace)
    aws_answers = embedded_aws.is_healthy(workspace)
    faults = list(_faults(workspace, daemons, said, aws_answers))
    report: dict[str, Any] = {
        "url": workspace.url,
        "aws_url": workspace.aws_url,
        "state": str(workspace.state),
        "processes": {name: daemon and daemon.pid for name, daemon in daemons.items()},
        "ready": not faults,
        "faults": faults,
        "task": said.get("task"),
        "stacks": {},
        "queues": {},
    }
    if daemons[embedded_aws.NAME] and aws_answers:
        try:
            report["stacks"] = _stacks(workspace)
            report["queues"] = queues(workspace)
        except (BotoCoreError, ClientError) as error:
            faults.append(f"the embedded AWS answers with an error: {error}")
            report["ready"] = False
    return report


def _faults(
    workspace: Workspace,
    daemons: dict[str, processes.Daemon | None],
    said: dict[str, Any],
    aws_answers: bool,
) -> Iterator[str]:
    """A sentence for each part that is dead or does not answer."""
    aws, platform = daemons[embedded_aws.NAME], daemons[PLATFORM]
    if aws is None:
        yield "the embedded AWS does not run; `make up` starts it"
    elif not aws_answers:
        yield f"the embedded AWS (process {aws.pid}) does not answer at {workspace.aws_url}"
    elif why := embedded_aws.not_saved(workspace):
        yield f"the embedded AWS cannot save: {why}"
    if platform is None:
        yield "the front door does not run; `make up` starts it"
        for task in left_tasks(workspace):
            yield f"a service task (process {task.pid}) has outlived it; `make down` ends it"
    elif not said:
        yield f"the front door (process {platform.pid}) does not answer at {workspace.url}"
    elif said.get("parked"):
        yield "the service is parked; `cufit unpark` has it run again"
    elif said.get("task") is None:
        yield f"the service does not run; see {processes.log_file(workspace, PLATFORM)}"
    elif not system.is_ready(workspace):
        yield (
            f"the service (process {said['task']['pid']}) is not ready: {workspace.url}/ready; "
            f"see {workspace.logs / 'service.log'}"
        )


def _stacks(workspace: Workspace) -> dict[str, str]:
    found = client("cloudformation", workspace).describe_stacks()["Stacks"]
    return {stack["StackName"]: stack["StackStatus"] for stack in found}


def queues(workspace: Workspace) -> dict[str, dict[str, int]]:
    sqs = client("sqs", workspace)
    depths = {}
    for url in sqs.list_queues().get("QueueUrls", []):
        attributes = sqs.get_queue_attributes(
            QueueUrl=url,
            AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
        )["Attributes"]
        waiting = int(attributes["ApproximateNumberOfMessages"])
        in_flight = int(attributes["ApproximateNumberOfMessagesNotVisible"])
        depths[url.rpartition("/")[2]] = {"waiting": waiting, "in_flight": in_flight}
    return depths
